# What the installer needs to know of a PE file, read from its bytes.

# pe_u16 FILE OFFSET, pe_u32 FILE OFFSET
pe_u16() { od -An -tu2 -j"$2" -N2 --endian=little "$1" | tr -d ' '; }
pe_u32() { od -An -tu4 -j"$2" -N4 --endian=little "$1" | tr -d ' '; }

# pe_machine FILE: x64, x86, or other
pe_machine() {
    local header
    [ "$(head -c 2 "$1" | tr -d '\0')" = MZ ] || { echo other; return; }
    header=$(pe_u32 "$1" 60)
    case $(pe_u16 "$1" $((header + 4))) in
        34404) echo x64 ;;
        332) echo x86 ;;
        *) echo other ;;
    esac
}

# pe_version FILE: the file version of the version resource (VS_FIXEDFILEINFO, found by its signature), or nothing.
pe_version() {
    local at high low
    at=$(LC_ALL=C grep -obUaP '\xbd\x04\xef\xfe\x00\x00\x01\x00' "$1" | head -n 1 | cut -d: -f1)
    [ -n "$at" ] || return 0
    high=$(pe_u32 "$1" $((at + 8)))
    low=$(pe_u32 "$1" $((at + 12)))
    echo "$((high >> 16)).$((high & 65535)).$((low >> 16)).$((low & 65535))"
}

# Checks for tests/installer/lifecycle, which sets prefix, drive, programs, data, system64, system32, wine. The first
# check that fails ends the test and says what was found.
notifyees='HKLM\SYSTEM\CurrentControlSet\Control\NetworkProvider\Notifyees'
product_key='HKLM\SOFTWARE\MapTrail'
event_source='HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\MapTrail'
checks=0
current="start"

step() { current=$1; echo "== $1"; }
fail() { echo "FAIL ($current): $*" >&2; exit 1; }

is() { checks=$((checks + 1)); [ "$2" = "$3" ] || fail "$1 is '$2', not '$3'"; }
has() { checks=$((checks + 1)); grep -qE -- "$3" <<<"$2" || fail "$1 has nothing like '$3':"$'\n'"$2"; }
gone() { checks=$((checks + 1)); [ ! -e "$2" ] || fail "$1 is still there:"$'\n'"$(find "$2" | head -20)"; }
same() { checks=$((checks + 1)); diff -q "$2" "$3" >/dev/null || fail "$1 is not what it should be:"$'\n'"$(cat "$2")"; }

# eventually WHAT COMMAND...: within 10 s
eventually() {
    local what=$1 try
    shift
    checks=$((checks + 1))
    for try in $(seq 40); do
        "$@" && return
        sleep 0.25
    done
    fail "no $what after 10 s"
}

# A time limit, so that a hung installer is a failure with a name.
wine_run() { timeout 120 "$wine/run" "$@" | tr -d '\r'; return "${PIPESTATUS[0]}"; }

# msiexec_gives CODE ARGUMENT...: msiexec without a window ends with this code (Wine gives it modulo 256)
msiexec_gives() {
    local wanted=$1 code=0
    shift
    wine_run msiexec "$@" /qn || code=$?
    is "the exit code of msiexec $*" "$code" "$wanted"
}

# property MSI NAME
property() { msiinfo export "$1" Property | tr -d '\r' | awk -F'\t' -v name="$2" '$1 == name { print $2 }'; }

service_state() { wine_run sc query MapTrail | awk '/STATE/ { print $4 }'; }
service_runs() { [ "$(service_state)" = RUNNING ]; }

# What the 64-bit registry says of the product; in one go, for each start of a program costs seconds on a busy machine.
registry() {
    local found try
    # Now and then Wine does not start a program at all on a busy machine; to ask once more harms nothing.
    for try in 1 2 3; do
        found=$(wine_run cmd /c "reg query $notifyees /reg:64 & reg query $product_key /reg:64 \
& reg query HKLM\\SYSTEM\\CurrentControlSet\\Services\\MapTrail /v ImagePath & reg query $event_source \
& reg query HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall /s /reg:64 & echo all asked" 2>/dev/null)
        if grep -qx 'all asked' <<<"$found"; then
            echo "$found"
            return
        fi
        sleep 1
    done
    fail "reg did not run to its end: $found"
}

# The entries of the product in the list of installed apps, from what registry printed
uninstall_entry() { awk -v RS= '/Publisher +REG_SZ +MapTrail/' <<<"$1"; }

# installed_as VERSION: everything is in its place, and the service runs
installed_as() {
    eventually "running service" service_runs
    local found
    found=$(registry)
    # Windows puts quotes around the path; Wine does not.
    has "the service's image path" "$found" \
        'ImagePath +REG_[A-Z_]+ +"?C:\\Program Files\\MapTrail\\maptrail\.exe"? service run$'
    has "the Notifyees value" "$found" \
        '^ +MapTrail +REG_EXPAND_SZ +%SystemRoot%\\System32\\maptrail-notifyee\.dll$'
    has "the product's key" "$found" "^ +Version +REG_SZ +${1//./\\.}\$"
    has "the product's key" "$found" 'DataFolder +REG_SZ +C:\\ProgramData\\MapTrail$'
    has "the event source" "$found" 'EventMessageFile +REG_EXPAND_SZ +C:\\Program Files\\MapTrail\\maptrail\.exe$'
    has "the event source" "$found" 'TypesSupported +REG_DWORD +0x7$'
    is "the version of maptrail.exe" "$(pe_version "$programs/maptrail.exe")" "$1.0"
    is "the version of the x64 DLL" "$(pe_version "$system64/maptrail-notifyee.dll")" "$1.0"
    is "the version of the x86 DLL" "$(pe_version "$system32/maptrail-notifyee.dll")" "$1.0"
    is "the schema beside the program" "$(wine_run 'C:\Program Files\MapTrail\maptrail.exe' config schema | tr -d '\r')" \
        "$(tr -d '\r' <"$programs/config.schema.json")"
    has "LICENSE.txt" "$(cat "$programs/LICENSE.txt")" '^MIT License'
}

# What an administrator changed and what was recorded is still there.
kept() {
    is "the edited config.json" "$(cat "$data/config.json")" '{ "version": 1, "budgetMs": 77 }'
    is "a file beside the history" "$(cat "$data/data/kept.txt")" "kept by every step"
    eventually "history.db" test -s "$data/data/history.db"
}

# What the host of the DLL did before the first upgrade is what the history has, no more and no less.
history_is_whole() { [ "$(wine_run 'C:\Program Files\MapTrail\maptrail.exe' history -o jsonl 2>/dev/null | grep -c two_identities)" = 10 ]; }

# Nothing of the product is left but, perhaps, its data.
uninstalled() {
    is "the service's state" "$(service_state)" ""
    local found
    found=$(registry)
    is "what the registry still says" "$(grep -i -A 5 maptrail <<<"$found")" ""
    gone "the program folder" "$programs"
    gone "the x64 DLL" "$system64/maptrail-notifyee.dll"
    gone "the x86 DLL" "$system32/maptrail-notifyee.dll"
}

# set_version FILE PATCH: writes another third number into the version resource
set_version() {
    local at
    at=$(LC_ALL=C grep -obUaP '\xbd\x04\xef\xfe\x00\x00\x01\x00' "$1" | head -n 1 | cut -d: -f1)
    printf "\\x$(printf %02x $(($2 & 255)))\\x$(printf %02x $(($2 >> 8)))" |
        dd of="$1" bs=1 seek=$((at + 14)) conv=notrunc status=none
}

# build_next VERSION: packages/next.msi from the installed programs, as if they had been built with that version; also
# that the same input gives the same package code, and that a program of the wrong bitness is refused.
build_next() {
    local built=$drive/packages/built file
    mkdir -p "$built/x64/ship" "$built/x86/ship"
    cp "$programs/maptrail.exe" "$system64/maptrail-notifyee.dll" "$built/x64/ship"
    cp "$system32/maptrail-notifyee.dll" "$built/x86/ship"
    for file in "$built"/*/ship/*; do
        set_version "$file" "${1##*.}"
        is "the version set in $(basename "$file")" "$(pe_version "$file")" "$1.0"
    done
    local try
    for try in first second; do
        "$top/installer/build" --x64 "$built/x64" --x86 "$built/x86" --version "$1" --out "$built/$try" >/dev/null ||
            fail "installer/build failed"
    done
    is "the package code of a second build" "$(package_code "$built/second/MapTrail-$1-x64.msi")" \
        "$(package_code "$built/first/MapTrail-$1-x64.msi")"
    checks=$((checks + 1))
    ! "$top/installer/build" --x64 "$built/x64" --x86 "$built/x64" --out "$built/wrong" >/dev/null 2>&1 ||
        fail "installer/build took an x64 DLL for an x86 one"
    mv "$built/first/MapTrail-$1-x64.msi" "$drive/packages/next.msi"
}
package_code() { msiinfo suminfo "$1" | sed -n 's/^Revision number (UUID): //p'; }

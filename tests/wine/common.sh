# Where the Wine root and the prefixes are. Sourced by the scripts beside it.
#
# Wine lives in a small Debian root of its own, for it wants 32-bit packages that the machine shall not get. Programs
# enter it in a private mount namespace: every mount ends with its last process, none ever shows outside.

project=$(cd "$here/../.." && pwd)
wine_root=${MAPTRAIL_WINE_ROOT:-$project/build/deps/wine-root}
wine_template=$wine_root/prefix-template
unset WINEARCH WINESERVER WINELOADER

die() {
    printf 'wine: %s\n' "$*" >&2
    exit 1
}

# in_root COMMAND...: in the root, with the folders named in ${visible[@]} at the paths they have outside.
in_root() {
    [ -f "$wine_root/.ready" ] || die "there is no Wine root yet: tests/wine/root makes it"
    local namespace=(unshare --mount --propagation private)
    if [ "$(id -u)" != 0 ]; then
        namespace+=(--map-root-user)
    fi
    exec "${namespace[@]}" "$here/enter" "$wine_root" "$PWD" "${visible[@]}" -- "$@"
}

# The prefix's folder, from its name or path.
prefix_folder() {
    case $1 in
        */*) realpath -m -- "$1" ;;
        *) printf '%s' "$project/build/wine/$1" ;;
    esac
}

# runs_i386 ROOT [EMULATOR]: does the kernel, or the emulator, run a 32-bit program of the root?
runs_i386() {
    local root=$1
    shift
    "$@" "$root/usr/lib/i386-linux-gnu/ld-linux.so.2" --version >/dev/null 2>&1
}

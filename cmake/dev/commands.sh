# The commands of ./dev but for set-up. Sourced by ./dev.

trees=(common notifyee service tests installer)

configure_preset() {
    local preset=$1 key
    key=$(hash_of CMakePresets.json VERSION cmake/Dependencies.cmake cmake/toolchains/*.cmake)
    if ! fresh "configure-$preset" "$key" || [ ! -f "$build/$preset/build.ninja" ]; then
        # Afresh: with another compiler CMake drops what else the preset said, and goes on without it.
        step "configure-$preset" "configuring $preset" cmake --fresh --preset "$preset"
        stamp "configure-$preset" "$key"
    fi
}

build_preset() {
    configure_preset "$1"
    step "build-$1" "building $1" cmake --build --preset "$1" --parallel "$jobs"
}

build_all() {
    local preset
    ensure_packages
    ensure_libraries
    for preset in "${@:-native}"; do
        build_preset "$preset"
    done
}

ensure_wine() {
    [ -f "$build/deps/wine-root/.ready" ] && [ -f "$build/deps/wine-root/.runs-32-bit" ] ||
        step wine-root "Wine in a Debian root of its own (some minutes, once)" tests/wine/root
}

# test_preset PRESET KEY CTEST-ARGUMENT...: runs ctest, unless it has passed for exactly these files before.
test_preset() {
    local preset=$1 name=$2 key=$3
    shift 3
    if [ -z "${again:-}" ] && fresh "test-$name" "$key"; then
        say "==> tests $name: nothing has changed since they passed at $(sed -n 2p "$stamps/test-$name") (--again)"
        sed -n '/tests passed/,$p' "$logs/test-$name.log"
        return 0
    fi
    show "test-$name" "tests $name" ctest --preset "$preset" --parallel "$jobs" "$@"
    stamp "test-$name" "$key"
}

# A prefix of its own for one run of the tests, ended whatever happens.
wine_tests() {
    local name=$1
    shift
    tests/wine/prefix "test-$name" >/dev/null
    set +e
    (set -e; WINEPREFIX="$build/wine/test-$name" test_preset "$@")
    local status=$?
    set -e
    tests/wine/stop "test-$name"
    [ $status -eq 0 ] || exit $status
}

test_all() {
    local key wine_root x64_tests status=0
    ensure_packages
    ensure_libraries
    key=$(tree_hash)
    # It waits for the archive more than for the processor: made beside the first build.
    (ensure_wine) >"$logs/wine-root-step.log" 2>&1 &
    wine_root=$!
    build_preset native-asan
    test_preset native-asan native-asan "$key"
    build_preset windows-x64
    wait $wine_root || { cat "$logs/wine-root-step.log"; exit 1; }
    cat "$logs/wine-root-step.log"
    # Tests under Wine leave half of a small machine idle: the 32-bit build is made beside them.
    say "==> tests windows-x64: beside the next build, shown when they are over"
    (wine_tests windows-x64 windows-x64 windows-x64 "$key") >"$logs/windows-x64-step.log" 2>&1 &
    x64_tests=$!
    build_preset windows-x86
    make_package
    wait $x64_tests || status=$?
    cat "$logs/windows-x64-step.log"
    [ $status -eq 0 ] || exit $status
    wine_tests windows-x86 windows-x86 windows-x86 "$key"
    # The system tests make prefixes of their own, so several may run at once.
    test_preset windows-system system "$key"
    name_long_tests
}

# What was not run must be known, and why: the comment above each hidden test says it.
name_long_tests() {
    say "==> Not run, each for the reason it gives:"
    grep -rlF '"[.][long]"' tests --include='*.cpp' | sort | xargs awk '
        /^\/\/ / { reason = reason " " substr($0, 4); next }
        /^TEST_CASE\(.*"\[\.\]\[long\]"/ { split($0, part, "\""); print "    " part[2] ":" reason }
        { reason = "" }'
    awk '/^# / { reason = reason " " substr($0, 3); next }
        /^add_test\(NAME [a-z_]*_long / { print "    " $2 ":" reason }
        { reason = "" }' tests/faults/CMakeLists.txt
}

package_all() {
    ensure_packages
    ensure_libraries
    build_preset windows-x64
    build_preset windows-x86
    make_package
}

make_package() {
    [ -x installer/build ] || die "installer/build is not there"
    local key
    key=$(hash_of "$build"/windows-x{64,86}/ship/* VERSION $(find installer -type f | sort))
    if fresh package "$key" && compgen -G "dist/MapTrail-*-x64.msi" >/dev/null; then
        return 0
    fi
    step package "packaging" installer/build --x64 "$build/windows-x64" --x86 "$build/windows-x86" --out dist
    stamp package "$key"
    say "    $(compgen -G 'dist/MapTrail-*-x64.msi')"
}

demo() {
    package_all
    ensure_wine
    [ -x tests/system/demo ] || die "tests/system/demo is not there"
    exec tests/system/demo "$@"
}

# bench call [--json] [--quick] [--rules N]: tests/bench/call does it, in a prefix of its own.
# bench judge [--json], bench replay [--json] [--operations N], bench history [--operations N] --out FILE, bench retention
# --db FILE --keep N: natively.
bench() {
    local name=${1:-}
    [ $# -eq 0 ] || shift
    case $name in
        call)
            package_all >&2
            ensure_wine >&2
            tests/bench/call "$@"
            ;;
        judge | replay | history | retention)
            ensure_packages >&2
            ensure_libraries >&2
            configure_preset native >&2
            step "bench-$name" "building maptrail-bench-$name" cmake --build --preset native --parallel "$jobs" \
                --target "maptrail-bench-$name" >&2
            "$build/native/tests/bench/maptrail-bench-$name" "$@"
            ;;
        report)
            ensure_packages >&2
            ensure_libraries >&2
            configure_preset native >&2
            step bench-report "building maptrail and maptrail-bench-history" cmake --build --preset native \
                --parallel "$jobs" --target maptrail maptrail-bench-history >&2
            tests/report/browser "$build/native/service/maptrail" "$build/native/tests/bench/maptrail-bench-history" \
                "$deps/npm/node_modules" "$build/report" 3 "$@"
            ;;
        *) die "usage: ./dev bench call [--json] [--quick] [--rules N], ./dev bench judge [--json], ./dev bench replay [--json] [--operations N], ./dev bench report [OPERATIONS], ./dev bench history [--operations N] --out FILE, or ./dev bench retention --db FILE --keep N" ;;
    esac
}

# The pages of the commands; a test of the native builds says when they are old.
write_manual() {
    ensure_packages
    ensure_libraries
    configure_preset native
    show manual "writing docs/commands" cmake --build --preset native --target maptrail-manual
    "$build/native/tests/manual/maptrail-manual" docs/commands
}

sources() { find "${trees[@]}" -name '*.cpp' -o -name '*.hpp' | sort; }

format() {
    ensure_packages
    local files
    mapfile -t files < <(sources)
    if [ "${1:-}" = --check ]; then
        show fmt "clang-format, checking ${#files[@]} files" clang-format --dry-run --Werror "${files[@]}"
    else
        show fmt "clang-format, ${#files[@]} files" clang-format -i "${files[@]}"
    fi
}

# The portable sources of the product: clang-tidy reads the native build's commands. One that passed is not read again
# until it, a header or the settings change.
tidy() {
    ensure_packages
    ensure_libraries
    configure_preset native
    local headers file key pending=()
    headers=$(hash_of .clang-tidy $(find "${trees[@]}" -name '*.hpp' | sort))
    mkdir -p "$stamps/tidy"
    while read -r file; do
        key=$(printf '%s' "$headers $(hash_of "$file")" | sha256sum | cut -d' ' -f1)
        fresh "tidy/${file//\//@}" "$key" || pending+=("$file $key")
    done < <(sed -n "s|^ *\"file\": \"$project/\(.*\)\",*$|\1|p" "$build/native/compile_commands.json" |
        grep -vE '^(build|tests)/' | sort -u)
    if [ ${#pending[@]} -eq 0 ]; then
        say "==> clang-tidy: nothing has changed since it was clean"
        return 0
    fi
    show tidy "clang-tidy, ${#pending[@]} files" tidy_files "${pending[@]}"
}

tidy_files() {
    export build stamps
    printf '%s\n' "$@" | xargs -P "$jobs" -L 1 bash -c '
        clang-tidy --quiet -p "$build/native" --warnings-as-errors="*" "$0" 2> >(grep -v "warnings generated" >&2) &&
            echo "$1" >"$stamps/tidy/${0//\//@}"'
}

clean() {
    local prefix
    for prefix in "$build"/wine/*/; do
        [ ! -f "$prefix/system.reg" ] || tests/wine/stop "$prefix"
    done
    if grep -qF " $build/" /proc/self/mountinfo; then
        die "something is mounted below $build: not touched"
    fi
    if [ "${1:-}" = --all ]; then
        as_root rm -rf --one-file-system "$build" dist
    else
        find "$build" -mindepth 1 -maxdepth 1 ! -name deps -exec rm -rf --one-file-system {} +
        rm -rf --one-file-system dist
        mkdir -p "$stamps"
        ! compgen -G "$deps/*" >/dev/null || say "build/deps is kept (--all removes it too)"
    fi
}

# ./dev fuzz: runs the fuzz targets, each beginning with its committed corpus. Sourced by ./dev.

fuzz() {
    local seconds=60 minimise= chosen=() target
    while [ $# -gt 0 ]; do
        case $1 in
            --seconds)
                [[ ${2:-} =~ ^[0-9]+$ ]] || die "--seconds wants a number"
                seconds=$2
                shift
                ;;
            --minimise) minimise=1 ;;
            -*) die "fuzz knows --seconds N and --minimise, not $1" ;;
            *) chosen+=("$1") ;;
        esac
        shift
    done
    local all
    mapfile -t all < <(cd tests/fuzz/corpus && printf '%s\n' *)
    for target in "${chosen[@]}"; do
        [ -d "tests/fuzz/corpus/$target" ] || die "no target $target; there are: ${all[*]}"
    done
    [ ${#chosen[@]} -gt 0 ] || chosen=("${all[@]}")
    build_all fuzz
    for target in "${chosen[@]}"; do
        if [ -n "$minimise" ]; then
            show "fuzz-$target" "minimising the corpus of $target" minimise_corpus "$target"
        else
            show "fuzz-$target" "fuzzing $target for $seconds s" run_target "$target" "$seconds"
        fi
    done
}

# What is found new goes into build/fuzzing/found; an input that breaks something into build/fuzzing/broken.
run_target() {
    local target=$1 seconds=$2
    mkdir -p "$build/fuzzing/found/$target" "$build/fuzzing/broken"
    fuzzer "$target" -max_total_time="$seconds" -print_final_stats=1 -verbosity=1 \
        -artifact_prefix="$build/fuzzing/broken/$target-" "$build/fuzzing/found/$target" "tests/fuzz/corpus/$target"
}

# The seeds stay; of what was found, the smallest set that reaches the same code.
minimise_corpus() {
    local target=$1 corpus="tests/fuzz/corpus/$1" new="$build/fuzzing/minimised/$1"
    rm -rf "$new"
    mkdir -p "$new" "$build/fuzzing/found/$target"
    cp "$corpus"/seed-* "$new"
    fuzzer "$target" -merge=1 "$new" "$corpus" "$build/fuzzing/found/$target"
    rm -r "$corpus"
    cp -r "$new" "$corpus"
    say "    $(ls "$corpus" | wc -l) files, $(du -sh --apparent-size "$corpus" | cut -f1)"
}

# The longest input: twice what the reader takes for a frame, and for files what a few pages hold.
fuzzer() {
    local target=$1
    shift
    ASAN_OPTIONS=detect_leaks=1 UBSAN_OPTIONS=print_stacktrace=1 \
        "$build/fuzz/tests/fuzz/fuzz_$target" -rss_limit_mb=1024 -timeout=120 -max_len=16384 "$@"
}

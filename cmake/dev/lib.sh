# What every part of ./dev uses: where things are, steps with logs, stamps. Sourced, never run.

build="$project/build"
deps="$build/deps"
logs="$build/logs"
stamps="$build/stamps"
jobs=$(nproc)
mkdir -p "$deps" "$logs" "$stamps"

say() { printf '%s\n' "$*"; }
die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "'$*' needs root and there is no sudo: run ./dev as root, or do this step yourself"
    fi
}

# A function that is called in a condition goes on after its errors; so the steps below run their command in a
# subshell of its own, outside any condition, where the first error ends it.

# step NAME TEXT COMMAND...: runs it with its output in build/logs/NAME.log; shows the log's end if it fails.
step() {
    local name=$1 text=$2 log="$logs/$1.log" start=$SECONDS status
    shift 2
    printf '==> %s ... ' "$text"
    set +e
    (set -e; "$@") >"$log" 2>&1 </dev/null
    status=$?
    set -e
    if [ $status -ne 0 ]; then
        printf 'FAILED after %d s\n' $((SECONDS - start))
        tail -n 40 "$log" | sed 's/^/    /'
        die "$text failed; the whole log is in ${log#"$project"/}"
    fi
    printf '%d s\n' $((SECONDS - start))
}

# show NAME TEXT COMMAND...: the same, but what it prints is shown too.
show() {
    local name=$1 text=$2 log="$logs/$1.log" start=$SECONDS status
    shift 2
    say "==> $text"
    set +e
    (set -e; "$@") </dev/null 2>&1 | tee "$log"
    status=${PIPESTATUS[0]}
    set -e
    if [ "$status" -ne 0 ]; then
        die "$text failed after $((SECONDS - start)) s; the log is in ${log#"$project"/}"
    fi
    say "    $text: $((SECONDS - start)) s"
}

# hash_of FILE...: one key for the contents of files.
hash_of() { cat -- "$@" | sha256sum | cut -d' ' -f1; }

# The key of everything that can change a build or a test: all files but the documents.
tree_hash() {
    (
        cd "$project"
        if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
            git ls-files -co --exclude-standard -z
        else
            find . \( -path ./build -o -path ./dist -o -path ./.git \) -prune -o -type f -print0
        fi | grep -zvE '(^|/)docs/|\.md$' | sort -z | while IFS= read -r -d '' file; do
            [ -f "$file" ] && printf '%s\0' "$file"
        done | xargs -0 sha256sum
    ) | sha256sum | cut -d' ' -f1
}

fresh() { [ -f "$stamps/$1" ] && [ "$(head -n 1 "$stamps/$1")" = "$2" ]; }
stamp() { printf '%s\n%s\n' "$2" "$(date -u +%FT%TZ)" >"$stamps/$1"; }

# pinned NAME: the value of MAPTRAIL_NAME in cmake/Dependencies.cmake.
pinned() {
    local value
    value=$(sed -n "s/^set(MAPTRAIL_$1 \(.*\))$/\1/p" "$project/cmake/Dependencies.cmake")
    [ -n "$value" ] || die "cmake/Dependencies.cmake does not set MAPTRAIL_$1"
    printf '%s' "$value"
}

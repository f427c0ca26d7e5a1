# The dependencies as vcpkg installs them from vcpkg.json. They must be at least as new as those named.
include(DependencyCheck)
find_package(Boost ${MAPTRAIL_BOOST_VERSION} REQUIRED)
add_library(maptrail_boost INTERFACE)
add_library(maptrail::boost ALIAS maptrail_boost)
target_link_libraries(maptrail_boost INTERFACE Boost::headers)

find_package(nlohmann_json ${MAPTRAIL_NLOHMANN_JSON_VERSION} CONFIG REQUIRED)
find_package(spdlog ${MAPTRAIL_SPDLOG_VERSION} CONFIG REQUIRED)
find_package(CLI11 ${MAPTRAIL_CLI11_VERSION} CONFIG REQUIRED)
find_package(date ${MAPTRAIL_DATE_VERSION} CONFIG REQUIRED)

find_package(unofficial-sqlite3 CONFIG REQUIRED)
add_library(maptrail_sqlite INTERFACE)
add_library(maptrail::sqlite ALIAS maptrail_sqlite)
target_link_libraries(maptrail_sqlite INTERFACE unofficial::sqlite3::sqlite3)
# The header shows the hook only to who asks for it; the feature "session" has it in the library.
target_compile_definitions(maptrail_sqlite INTERFACE SQLITE_ENABLE_PREUPDATE_HOOK)
find_path(sqlite_include sqlite3.h REQUIRED)
maptrail_check_version(SQLite "${sqlite_include}/sqlite3.h" ${MAPTRAIL_SQLITE_VERSION} SQLITE_VERSION)

find_path(utf8proc_include utf8proc.h REQUIRED)
find_library(utf8proc_library NAMES utf8proc utf8proc_static REQUIRED)
add_library(maptrail_utf8proc INTERFACE)
add_library(maptrail::utf8proc ALIAS maptrail_utf8proc)
target_include_directories(maptrail_utf8proc SYSTEM INTERFACE "${utf8proc_include}")
target_compile_definitions(maptrail_utf8proc INTERFACE UTF8PROC_STATIC)
target_link_libraries(maptrail_utf8proc INTERFACE "${utf8proc_library}")

if(BUILD_TESTING)
  find_package(Catch2 ${MAPTRAIL_CATCH2_VERSION} CONFIG REQUIRED)
  set(MAPTRAIL_CATCH_MODULE Catch)
endif()

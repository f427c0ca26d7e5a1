# maptrail::options: what every target of ours is compiled with. Third-party code does not link to it.
add_library(maptrail_options INTERFACE)
add_library(maptrail::options ALIAS maptrail_options)
target_include_directories(maptrail_options INTERFACE "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}/generated")

if(MSVC)
  target_compile_options(maptrail_options INTERFACE /W4 /WX /permissive- /utf-8 /Zc:__cplusplus /Zc:preprocessor)
else()
  target_compile_options(
    maptrail_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Werror)
endif()

if(WIN32)
  target_compile_definitions(
    maptrail_options INTERFACE UNICODE _UNICODE NOMINMAX WIN32_LEAN_AND_MEAN WINVER=0x0A00 _WIN32_WINNT=0x0A00)
endif()

# What a Windows program or DLL is linked with: nothing to install beside it, and the loader's protections on.
if(MSVC)
  add_link_options(/DYNAMICBASE /NXCOMPAT)
  if(NOT MAPTRAIL_X86)
    add_link_options(/HIGHENTROPYVA)
  endif()
elseif(MINGW)
  add_link_options(-static -static-libgcc -static-libstdc++ -Wl,--dynamicbase,--nxcompat)
  if(NOT MAPTRAIL_X86)
    add_link_options(-Wl,--high-entropy-va)
  endif()
endif()

# MAPTRAIL_SANITIZE=address,undefined: third-party code is instrumented too, so these are global.
set(MAPTRAIL_SANITIZE "" CACHE STRING "Sanitizers for the whole build, as -fsanitize= takes them")
if(MAPTRAIL_SANITIZE)
  add_compile_options(-fsanitize=${MAPTRAIL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MAPTRAIL_SANITIZE})
endif()

# The fuzzer learns from the product's code which of its inputs are new.
option(MAPTRAIL_FUZZ "Build the fuzz targets, and nothing else of the tests (Clang)" OFF)
if(MAPTRAIL_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# A program whose entry point is wmain.
function(maptrail_wide_main target)
  if(MINGW)
    target_link_options(${target} PRIVATE -municode)
  endif()
endfunction()

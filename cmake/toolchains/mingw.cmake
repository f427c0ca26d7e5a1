# What both mingw-w64 toolchains share; the including file has set the triple.
set(CMAKE_C_COMPILER ${triple}-gcc-posix)
set(CMAKE_CXX_COMPILER ${triple}-g++-posix)
set(CMAKE_RC_COMPILER ${triple}-windres)
set(CMAKE_FIND_ROOT_PATH /usr/${triple})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

# Tests run under Wine, through a wrapper that any shell can use too.
get_filename_component(emulator "${CMAKE_CURRENT_LIST_DIR}/../../tests/wine/run" ABSOLUTE)
set(CMAKE_CROSSCOMPILING_EMULATOR "${emulator}")

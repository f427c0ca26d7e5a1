# Leaves a stripped copy of a program or DLL in BUILD/ship/ for the installer; the build keeps its debug information.
# The name is the file's name on the target machine.
function(maptrail_ship target)
  set(ship "${PROJECT_BINARY_DIR}/ship")
  file(MAKE_DIRECTORY "${ship}")
  set(copy "${ship}/$<TARGET_FILE_NAME:${target}>")
  if(MSVC)
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND "${CMAKE_COMMAND}" -E copy "$<TARGET_FILE:${target}>" "${copy}")
  else()
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      COMMAND "${CMAKE_STRIP}" --strip-all -o "${copy}" "$<TARGET_FILE:${target}>")
  endif()
endfunction()

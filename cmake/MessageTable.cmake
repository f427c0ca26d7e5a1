# maptrail_add_message_table(TARGET FILE): the messages of a .mc file as a resource of a Windows program.
function(maptrail_add_message_table target file)
  get_filename_component(name "${file}" NAME_WE)
  get_filename_component(source "${file}" ABSOLUTE)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/messages")
  if(MSVC)
    find_program(MAPTRAIL_MC mc REQUIRED) # in the path of a developer's prompt
  else()
    find_program(MAPTRAIL_MC ${triple}-windmc REQUIRED) # comes with the compiler's binutils
  endif()
  file(MAKE_DIRECTORY "${folder}")
  set(resource "${folder}/${name}.rc")
  add_custom_command(
    OUTPUT "${resource}" "${folder}/MSG00409.bin"
    COMMAND "${MAPTRAIL_MC}" -U -h "${folder}" -r "${folder}" "${source}"
    DEPENDS "${source}"
    VERBATIM)
  set_source_files_properties("${resource}" PROPERTIES OBJECT_DEPENDS "${folder}/MSG00409.bin" INCLUDE_DIRECTORIES
                                                                                              "${folder}")
  target_sources(${target} PRIVATE "${resource}")
endfunction()

# generated/maptrail_version.h, and maptrail_add_version_resource() for Windows files: both from the file VERSION.
set(MAPTRAIL_VERSION_TEXT "${PROJECT_VERSION}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/maptrail_version.h.in"
               "${PROJECT_BINARY_DIR}/generated/maptrail_version.h" @ONLY)

# Gives TARGET a version resource: FILE_NAME is its name on disk, TYPE is VFT_APP or VFT_DLL.
function(maptrail_add_version_resource target file_name type description)
  if(NOT WIN32)
    return()
  endif()
  set(RC_FILE_NAME "${file_name}")
  set(RC_FILE_TYPE "${type}")
  set(RC_DESCRIPTION "${description}")
  set(resource "${CMAKE_CURRENT_BINARY_DIR}/${target}_version.rc")
  configure_file("${PROJECT_SOURCE_DIR}/cmake/maptrail_version.rc.in" "${resource}" @ONLY)
  target_sources(${target} PRIVATE "${resource}")
endfunction()

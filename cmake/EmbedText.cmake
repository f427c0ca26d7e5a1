# maptrail_embed_text(OUT FILE HEADER FUNCTION): a generated source with the function that HEADER declares in namespace
# maptrail, std::string_view FUNCTION(), which returns the ASCII text of FILE.
function(maptrail_embed_text out file header function)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" rest)
  string(LENGTH "${rest}" size)
  if(size GREATER 60000)
    message(FATAL_ERROR "${file} has ${size} bytes; MSVC takes 65535 in one literal.")
  endif()
  # MSVC takes 16380 bytes between one pair of quotes, and puts literals that follow each other together.
  set(literals)
  while(NOT rest STREQUAL "")
    string(SUBSTRING "${rest}" 0 8000 part)
    string(LENGTH "${part}" length)
    string(SUBSTRING "${rest}" ${length} -1 rest)
    string(APPEND literals "R\"maptrail(${part})maptrail\"\n")
  endwhile()
  set(source "${PROJECT_BINARY_DIR}/generated/${function}.cpp")
  get_filename_component(name "${file}" NAME)
  file(
    WRITE "${source}.new"
    "// ${name}, made into a function by cmake/EmbedText.cmake.
#include \"${header}\"

namespace maptrail {

std::string_view ${function}() {
    static constexpr std::string_view text =
${literals};
    return text;
}

} // namespace maptrail
")
  file(COPY_FILE "${source}.new" "${source}" ONLY_IF_DIFFERENT)
  set(${out} "${source}" PARENT_SCOPE)
endfunction()

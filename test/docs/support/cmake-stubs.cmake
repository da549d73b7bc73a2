# Runs a block of CMake of the documentation as a script: cmake -Dblock=FILE -Dsource=FOLDER -P cmake-stubs.cmake
# The commands that need a project print what they are given.
cmake_minimum_required(VERSION 3.22)
set(CMAKE_CURRENT_SOURCE_DIR ${source})
foreach(
  name
  find_package
  target_link_libraries
  target_include_directories
  FetchContent_Declare
  FetchContent_MakeAvailable
)
  cmake_language(EVAL CODE "
    function(${name})
      message(STATUS \"${name}(\${ARGN})\")
    endfunction()
  ")
endforeach()
# Its commands are those above.
macro(include module)
  if(NOT "${module}" STREQUAL "FetchContent" AND NOT "${module}" STREQUAL "${block}")
    message(FATAL_ERROR "include(${module})")
  endif()
endmacro()
file(READ ${block} text)
cmake_language(EVAL CODE "${text}")

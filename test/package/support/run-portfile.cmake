# Runs the portfile of vcpkg with a stand-in for vcpkg, and prints what it asked for:
#   cmake -DPORTFILE=… -DFEATURES=… -DCURRENT_PACKAGES_DIR=… -P run-portfile.cmake
cmake_minimum_required(VERSION 3.22)
set(PORT beastio)

function(vcpkg_check_features)
  cmake_parse_arguments(arg "" "OUT_FEATURE_OPTIONS" "FEATURES" ${ARGN})
  list(LENGTH arg_FEATURES length)
  set(result)
  while(arg_FEATURES)
    list(POP_FRONT arg_FEATURES feature variable)
    set(value OFF)
    if(feature IN_LIST FEATURES)
      set(value ON)
    endif()
    list(APPEND result -D${variable}=${value})
  endwhile()
  set(${arg_OUT_FEATURE_OPTIONS} ${result} PARENT_SCOPE)
endfunction()

foreach(name vcpkg_cmake_install vcpkg_fixup_pkgconfig)
  cmake_language(EVAL CODE "function(${name})\nmessage(\"${name}\")\nendfunction()")
endforeach()
foreach(name vcpkg_cmake_configure vcpkg_cmake_config_fixup vcpkg_install_copyright)
  cmake_language(EVAL CODE "function(${name})\nmessage(\"${name};\${ARGN}\")\nendfunction()")
endforeach()

include(${PORTFILE})

# What `cmake --install` writes: libraries, headers, and how CMake and pkg-config find them. Every path is told from
# the place of its own file, so an installed tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/beastio)
set(generated ${CMAKE_CURRENT_BINARY_DIR}/package)

# One file of targets for each component, so that who wants the core alone needs no OpenSSL.
foreach(component core tls)
  if(NOT TARGET beastio_${component})
    continue()
  endif()
  install(
    TARGETS beastio_${component}
    EXPORT beastio-${component}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    INCLUDES
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  )
  install(
    EXPORT beastio-${component}
    FILE beastio-${component}.cmake
    NAMESPACE beastio::
    DESTINATION ${package_dir}
  )
endforeach()
# Those for addons of Node's come with the npm package: they must fit its addon.
install(
  DIRECTORY native/include/
  DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
  PATTERN beastio/native EXCLUDE
  PATTERN beastio/native.hpp EXCLUDE
  PATTERN beastio/abi.h EXCLUDE)

get_target_property(library_type beastio_core TYPE)
string(COMPARE EQUAL ${library_type} STATIC_LIBRARY beastio_is_static)
configure_package_config_file(
  cmake/beastio-config.cmake.in ${generated}/beastio-config.cmake
  INSTALL_DESTINATION ${package_dir}
  NO_SET_AND_CHECK_MACRO
)
write_basic_package_version_file(
  ${generated}/beastio-config-version.cmake COMPATIBILITY SameMajorVersion
)
install(FILES ${generated}/beastio-config.cmake ${generated}/beastio-config-version.cmake
        DESTINATION ${package_dir}
)

set(pkgconfig_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH to_include ${pkgconfig_dir} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
set(shared_flag "")
if(NOT beastio_is_static)
  set(shared_flag " -DBEASTIO_SHARED")
endif()
foreach(component core tls)
  if(NOT TARGET beastio_${component})
    continue()
  endif()
  get_target_property(name beastio_${component} OUTPUT_NAME)
  configure_file(cmake/${name}.pc.in ${generated}/${name}.pc @ONLY)
  install(FILES ${generated}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

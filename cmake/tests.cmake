# The Catch2 tests, and the example in C++ as part of this project and as a project that finds what was installed.
if(BUILD_SHARED_LIBS)
  message(FATAL_ERROR "The tests use what a shared beastio hides: set BUILD_SHARED_LIBS or BEASTIO_TESTS to OFF.")
endif()
if(NOT TARGET beastio_tls)
  message(FATAL_ERROR "The tests need OpenSSL 3, and BEASTIO_TLS that is not OFF.")
endif()
enable_testing()
find_package(Catch2 2.13 REQUIRED)
include(Catch)

# Catch's own main takes longer to compile than any test: an object of its own, built once.
add_library(beastio_test_main OBJECT test/native/main.cpp)
target_compile_features(beastio_test_main PRIVATE cxx_std_20)
target_link_libraries(beastio_test_main PRIVATE Catch2::Catch2)

file(GLOB_RECURSE test_sources CONFIGURE_DEPENDS test/native/*-test.cpp)
add_executable(beastio_tests ${test_sources} ${fuzz_targets})
set_target_properties(beastio_tests PROPERTIES CXX_EXTENSIONS OFF)
target_include_directories(beastio_tests PRIVATE test test/native examples)
# With a sanitizer it takes long to optimise, and what the tests do themselves takes no time.
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  target_compile_options(beastio_tests PRIVATE -O0)
endif()
set_source_files_properties(
  test/native/fuzz/replay-test.cpp
  PROPERTIES COMPILE_DEFINITIONS BEASTIO_FUZZ_CORPORA="${PROJECT_SOURCE_DIR}/test/fuzz/corpus"
)
target_link_libraries(
  beastio_tests PRIVATE beastio_tls beastio_core beastio_build beastio_test_main Catch2::Catch2
                        Threads::Threads ZLIB::ZLIB OpenSSL::SSL
)
catch_discover_tests(beastio_tests)

# What the JavaScript tests start, and have built: a server, and what a client can ask of it.
file(GLOB test_server_sources CONFIGURE_DEPENDS test/cpp-server/program/*.cpp)
add_executable(beastio_test_server EXCLUDE_FROM_ALL ${test_server_sources})
set_target_properties(beastio_test_server PROPERTIES CXX_EXTENSIONS OFF)
target_link_libraries(beastio_test_server PRIVATE beastio_core beastio_build Threads::Threads)

# What users do: each example as a part of this project, and as a project that finds what was installed. It begins, and
# says what is wrong with what it is given.
set(example_relay no-port "a port is from 0 to 65535")
set(example_echo 65536 "a port is from 0 to 65535")
set(example_chat no-folder "no-folder: No such file or directory")
if(BEASTIO_INSTALL)
  set(installed ${PROJECT_BINARY_DIR}/installed)
  add_test(NAME install COMMAND ${CMAKE_COMMAND} --install ${PROJECT_BINARY_DIR} --prefix
                                ${installed}
  )
  set_tests_properties(install PROPERTIES FIXTURES_SETUP installed)
endif()
foreach(example relay echo chat)
  add_subdirectory(examples/cpp-${example})
  if(BEASTIO_INSTALL)
    list(GET example_${example} 0 argument)
    list(GET example_${example} 1 complaint)
    add_test(
      NAME find_package-${example}
      COMMAND
        ${CMAKE_CTEST_COMMAND} --build-and-test ${PROJECT_SOURCE_DIR}/examples/cpp-${example}
        ${PROJECT_BINARY_DIR}/installed-${example} --build-generator ${CMAKE_GENERATOR}
        --build-options -DCMAKE_PREFIX_PATH=${installed}
        -DCMAKE_CXX_COMPILER=${CMAKE_CXX_COMPILER} -DCMAKE_CXX_FLAGS=${CMAKE_CXX_FLAGS}
        --test-command ${example} ${argument}
    )
    set_tests_properties(
      find_package-${example} PROPERTIES FIXTURES_REQUIRED installed PASS_REGULAR_EXPRESSION
                                         ${complaint}
    )
  endif()
endforeach()

# One static library per folder of src/, one unit test program per folder of tests/unit/.

# baton_library(vrrp USES core): library baton_vrrp of every source in the current folder.
function(baton_library name)
  cmake_parse_arguments(ARG "PURE" "" "USES;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.hpp)
  if(NOT sources)
    return()
  endif()
  add_library(baton_${name} STATIC ${sources})
  set_target_properties(baton_${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(baton_${name} PUBLIC baton_flags ${ARG_LINKS})
  target_include_directories(baton_${name} SYSTEM PUBLIC ${TL_EXPECTED_INCLUDE})
  foreach(used IN LISTS ARG_USES)
    target_link_libraries(baton_${name} PUBLIC baton_${used})
  endforeach()
  if(ARG_PURE)
    target_precompile_headers(baton_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_pure.hpp)
  else()
    target_precompile_headers(baton_${name} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_io.hpp)
  endif()
  if(BATON_UNITY)
    set_target_properties(baton_${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
    # A class whose members are of an anonymous namespace (a Pimpl) is only used in its own source; g++ takes that source
    # for a header where another one includes it.
    target_compile_options(baton_${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
  endif()
endfunction()

# baton_test_headers(unit_vrrp test): the headers of cmake/pch_test.hpp, precompiled for all of the program but doctest's own main().
function(baton_test_headers program headers)
  target_precompile_headers(${program} PRIVATE ${CMAKE_SOURCE_DIR}/cmake/pch_${headers}.hpp)
  set_source_files_properties(${CMAKE_SOURCE_DIR}/tests/unit/main.cpp TARGET_DIRECTORY ${program}
                              PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# baton_unit_test(vrrp): program unit_vrrp of tests/unit/vrrp/*_test.cpp, registered as ctest `unit.vrrp`.  HEADERS: what
# is precompiled for it.
function(baton_unit_test folder)
  cmake_parse_arguments(ARG "" "HEADERS" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/unit/${folder}/*.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(unit_${folder} ${CMAKE_SOURCE_DIR}/tests/unit/main.cpp ${sources})
  target_include_directories(unit_${folder} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(unit_${folder} PRIVATE BATON_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(unit_${folder} PRIVATE baton_${folder} ${ARG_LINKS})
  if(NOT ARG_HEADERS)
    set(ARG_HEADERS test)
  endif()
  baton_test_headers(unit_${folder} ${ARG_HEADERS})
  add_test(NAME unit.${folder} COMMAND unit_${folder})
  set_tests_properties(unit.${folder} PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

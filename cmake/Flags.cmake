# Warnings (errors wherever the tests are run), hardening, sanitizers.
add_library(baton_flags INTERFACE)
target_compile_options(baton_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-qual -Wundef
  $<$<BOOL:${BATON_WERROR}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
  # g++ 12 reports these falsely about std::string, std::vector and std::optional from -O1 up; the sanitizers, and
  # clang-tidy's analyzer, see the true ones.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-array-bounds -Wno-restrict
    -Wno-stringop-overflow -Wno-stringop-overread -Wno-maybe-uninitialized>
  # libstdc++'s std::stable_sort calls what libstdc++ has deprecated.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(baton_flags INTERFACE _GLIBCXX_ASSERTIONS SPDLOG_COMPILED_LIB SPDLOG_FMT_EXTERNAL)
target_include_directories(baton_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)

# Position independent executables.  Not -fPIC, which keeps the compiler from inlining our own functions.
add_compile_options(-fPIE)
add_link_options(-pie)

if(CMAKE_BUILD_TYPE MATCHES "Rel")
  target_compile_options(baton_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-clash-protection
    -ftrivial-auto-var-init=zero $<$<STREQUAL:${CMAKE_SYSTEM_PROCESSOR},x86_64>:-fcf-protection>)
  add_link_options(-Wl,-z,relro,-z,now)
  # A tenth of the program: templates that nothing calls any more.
  target_compile_options(baton_flags INTERFACE -ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections)
endif()

set(BATON_SANITIZE "" CACHE STRING "address+undefined, thread, or empty")
if(BATON_SANITIZE STREQUAL "address+undefined")
  # Without the checks of every pointer that is followed, which double the time of compilation: what they find, address
  # sanitizer finds too, or (alignment) the fuzzers.
  add_compile_options(-fsanitize=address,undefined -fno-sanitize-recover=all
    -fno-sanitize=null,alignment,vptr,object-size,nonnull-attribute,returns-nonnull-attribute)
  add_link_options(-fsanitize=address,undefined)
elseif(BATON_SANITIZE STREQUAL "thread")
  add_compile_options(-fsanitize=thread)
  add_link_options(-fsanitize=thread)
endif()
if(BATON_SANITIZE)
  # Clang and later g++ too report these falsely inside coroutines under sanitizers.
  target_compile_options(baton_flags INTERFACE -Wno-maybe-uninitialized)
endif()

# Everything that Baton links.  docs/architecture.md has one line for each.
find_package(Threads REQUIRED)
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(CLI11 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(CURL REQUIRED libcurl)
pkg_check_modules(NETLINK REQUIRED IMPORTED_TARGET libnl-3.0 libnl-genl-3.0 libnl-route-3.0)
pkg_check_modules(CARES REQUIRED IMPORTED_TARGET libcares)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
find_path(TL_EXPECTED_INCLUDE tl/expected.hpp REQUIRED)

# Of libcurl (and of OpenSSL, whose headers lie in the system's folder) the headers alone: the process that sends a mail opens it.
add_library(baton_curl_headers INTERFACE)
target_include_directories(baton_curl_headers SYSTEM INTERFACE ${CURL_INCLUDE_DIRS})

# Boost.Asio and Boost.Beast as system headers, so that our warnings stay ours.
add_library(baton_asio INTERFACE)
target_include_directories(baton_asio SYSTEM INTERFACE ${Boost_INCLUDE_DIRS})
target_compile_definitions(baton_asio INTERFACE BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_THREADS)
target_link_libraries(baton_asio INTERFACE Threads::Threads)

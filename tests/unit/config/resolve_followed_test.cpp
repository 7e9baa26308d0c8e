// FILE_CHECK and BFD_CHECK: what they follow is looked up when all has been read.
#include <doctest/doctest.h>

#include "config/resolve_check.hpp"
#include "unit/config/checks.hpp"

namespace baton::config {
namespace {

/// A real server with these checks, in a configuration with track_file "file" (line 10) and bfd_instance "peer" (20).
struct Fixture {
  Diagnostics out;
  Builder builder{out};

  explicit Fixture(const std::vector<Check>& checks) {
    out.add_file("f", "");
    TrackFile file;
    file.name = "file";
    file.position = {0, 10, 1};
    builder.config.track_files.push_back(file);
    BfdInstance peer;
    peer.name = "peer";
    peer.position = {0, 20, 1};
    builder.config.bfd_instances.push_back(peer);
    VirtualServer server;
    server.real_servers.resize(1);
    server.real_servers[0].checks = checks;
    builder.config.virtual_servers.push_back(server);
    resolve_followed(builder);
  }
  [[nodiscard]] std::size_t left() const { return builder.config.virtual_servers[0].real_servers[0].checks.size(); }
};

FileCheck file(const std::string& name, std::uint32_t line) {
  FileCheck check;
  check.track_file = name;
  check.position = {0, line, 12};
  return check;
}

BfdCheck bfd(const std::string& name, std::uint32_t line) {
  BfdCheck check;
  check.name = name;
  check.position = {0, line, 6};
  return check;
}

TEST_CASE("what is defined is followed, by any number of checks of files and one of a session") {
  const Fixture fixture({file("file", 30), file("file", 31), bfd("peer", 32), TcpCheck{}});
  CHECK(said(fixture.out).empty());
  CHECK(fixture.left() == 4);
  const Fixture twice({bfd("peer", 32), bfd("peer", 33)});
  CHECK(said(twice.out) == "33:6 error 5: this real server follows 'peer' already: the BFD_CHECK is left out\n");
  CHECK(twice.left() == 1);
}

TEST_CASE("what is not defined is named, with what is near") {
  const Fixture fixture({file("fiel", 30), bfd("nosuch", 31), TcpCheck{}});
  CHECK(said(fixture.out) ==
        "30:12 error 5: there is no track_file 'fiel': the FILE_CHECK is left out (did you mean 'file'?)\n"
        "31:6 error 5: there is no bfd_instance 'nosuch': the BFD_CHECK is left out (define it at the top level: "
        "bfd_instance nosuch { })\n");
  CHECK(fixture.left() == 1);
}

TEST_CASE("what is defined further down is followed, and keepalived's way told") {
  const Fixture fixture({file("file", 5)});
  CHECK(said(fixture.out) ==
        "5:12 warning 5: track_file 'file' is defined further down (keepalived would leave this FILE_CHECK out; it is "
        "in line 10)\n");
  CHECK(fixture.left() == 1);
}

TEST_CASE("the weight of a file, its own or the file's") {
  const auto with = [](const std::string& line) {
    const Parsed parsed = read(check("FILE_CHECK", "track_file f\n" + line));
    return said(parsed);
  };
  CHECK(with("weight -2147483647 reverse").find("weight") == std::string::npos);
  CHECK(with("weight 2147483647 noreverse").find("weight") == std::string::npos);
  for (const char* wrong : {"abc", "reverse", "2147483648", "-2147483648"})
    CHECK(with("weight " + std::string(wrong)).find("8:8 error 5: weight must be a whole number") != std::string::npos);
  CHECK(with("weight 2 foo").find("8:10 error 5: 'foo' is neither reverse nor noreverse") != std::string::npos);
  CHECK(with("weight").find("8:1 error 5: 'weight' lacks its value") != std::string::npos);
}

TEST_CASE("checks that follow nothing are left out") {
  CHECK(said(read(check("FILE_CHECK", "weight 1"))).find("6:1 error 5: the FILE_CHECK has no track_file") == 0);
  CHECK(said(read(check("BFD_CHECK", ""))).find("6:1 error 5: the BFD_CHECK has no name") == 0);
  CHECK(said(read(check("BFD_CHECK", "name a b"))).find("7:8 error 5: a BFD_CHECK follows one bfd_instance") !=
        std::string::npos);
}

}  // namespace
}  // namespace baton::config

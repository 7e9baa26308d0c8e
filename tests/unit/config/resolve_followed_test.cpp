// FILE_CHECK and BFD_CHECK: what they follow is looked up when all has been read.
#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/checks.hpp"

namespace baton::config {
namespace {

const std::string kFile = "track_file file {\nfile /run/number\n}\n";
const std::string kPeer = "bfd_instance peer {\nneighbor_ip 192.0.2.9\n}\n";

/// What was said, but for what is not active yet.
std::string remarks(const Parsed& parsed) {
  std::string text;
  for (const Diagnostic& d : parsed.diagnostics.all())
    if (d.status != Status::not_active)
      text += std::to_string(d.position.line) + ":" + std::to_string(d.position.column) + " " +
              std::to_string(static_cast<int>(d.status)) + ": " + d.text + " (" + d.hint + ")\n";
  return text;
}

TEST_CASE("what is defined is followed, by any number of checks of files") {
  const Parsed parsed =
      read(kFile + kPeer +
           real("FILE_CHECK {\ntrack_file file\nweight 3 reverse\n}\nFILE_CHECK {\ntrack_file file\n}\n"
                "BFD_CHECK {\nname peer\nalpha\n}"));
  CHECK(remarks(parsed).empty());
  const std::vector<Check> all = checks(parsed);
  REQUIRE(all.size() == 3);
  CHECK(std::get<FileCheck>(all[0]) == FileCheck{"file", 3, true, {0, 13, 12}});
  CHECK_FALSE(std::get<FileCheck>(all[1]).weight.has_value());
  CHECK(std::get<BfdCheck>(all[2]).alpha);
  const std::string once = dump(parsed.config);
  CHECK(dump(read(once).config) == once);
}

TEST_CASE("a session is followed once by each real server") {
  const Parsed parsed = read(kPeer + real("BFD_CHECK {\nname peer\n}\nBFD_CHECK {\nname peer\n}\n}\n"
                                          "real_server 10.0.0.3 80 {\nBFD_CHECK {\nname peer\n}"));
  CHECK(remarks(parsed) == "13:6 5: this real server follows 'peer' already: the BFD_CHECK is left out ()\n");
  REQUIRE(parsed.config.virtual_servers.at(0).real_servers.size() == 2);
  CHECK(parsed.config.virtual_servers[0].real_servers[0].checks.size() == 1);
  CHECK(parsed.config.virtual_servers[0].real_servers[1].checks.size() == 1);
}

TEST_CASE("a session of the instances alone is none for checks") {
  const std::string peer = "bfd_instance peer {\nneighbor_ip 192.0.2.9\nvrrp\n";
  const Parsed alone = read(peer + "}\n" + check("BFD_CHECK", "name peer"));
  CHECK(remarks(alone).find("there is no bfd_instance 'peer': the BFD_CHECK is left out") != std::string::npos);
  CHECK(checks(alone).empty());
  CHECK(checks(read(peer + "checker\n}\n" + check("BFD_CHECK", "name peer"))).size() == 1);
}

TEST_CASE("what is not defined is named, with what is near") {
  const Parsed parsed = read(kFile + kPeer +
                             real("FILE_CHECK {\ntrack_file fiel\n}\nBFD_CHECK {\nname nosuch\n}\nTCP_CHECK "
                                  "{\n}"));
  CHECK(
      remarks(parsed) ==
      "13:12 5: there is no track_file 'fiel': the FILE_CHECK is left out (did you mean 'file'?)\n"
      "16:6 5: there is no bfd_instance 'nosuch': the BFD_CHECK is left out (define it at the top level: bfd_instance "
      "nosuch { })\n");
  CHECK(checks(parsed).size() == 1);
}

TEST_CASE("what is defined later is followed, and keepalived's way told") {
  const Parsed parsed = read(check("FILE_CHECK", "track_file file") + kFile);
  CHECK(remarks(parsed) ==
        "7:12 5: track_file 'file' is defined later (keepalived leaves this FILE_CHECK out; define it before, not in "
        "line "
        "11)\n");
  CHECK(checks(parsed).size() == 1);
}

TEST_CASE("beyond what is told the mistakes still count") {
  std::string many;
  for (int i = 0; i < 2000; ++i)
    many += "FILE_CHECK {\ntrack_file nosuch" + std::to_string(i) + "\n}\n";
  const Parsed parsed = read(kFile + real(many));
  CHECK(parsed.diagnostics.exit_status() == 5);
  CHECK(checks(parsed).empty());
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

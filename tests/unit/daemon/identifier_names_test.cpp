#include "daemon/identifier_names.hpp"

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "unit/daemon/temporary.hpp"

using namespace baton::daemon;
using baton::config::Identifier;

namespace {

/// Two folders as iproute2 has them.
struct Folders {
  Folders() {
    std::filesystem::create_directories(base.file("local/rt_tables.d"));
    std::filesystem::create_directories(base.file("distribution"));
  }
  void write(const char* file, const char* text) const { base.write(file, text); }
  [[nodiscard]] IdentifierNames names() const { return IdentifierNames(base.file("local"), base.file("distribution")); }

  TemporaryFolder base;
};

Identifier word(const char* text) {
  return Identifier{std::string(text)};
}

}  // namespace

TEST_CASE("lines of names: numbers decimal and hex, comments, aliases, and what is none") {
  const auto names = parse_identifiers("# all\n254 main # the usual one\n0x10 lowdelay\nipv6 41 IPv6\nnonsense\n7\n");
  CHECK(names.size() == 4);
  CHECK(names.at("main") == 254);
  CHECK(names.at("lowdelay") == 16);
  CHECK(names.at("IPv6") == 41);
}

TEST_CASE("what is local counts before what the distribution says, and what the kernel means before both") {
  const Folders folders;
  folders.write("local/rt_tables", "300 lab\n1 main\n");
  folders.write("local/rt_tables.d/more.conf", "303 third\n301 lab\n");
  folders.write("local/rt_tables.d/other.txt", "304 fourth\n");
  folders.write("distribution/rt_tables", "302 lab\n305 fifth\n");
  auto names = folders.names();
  CHECK(names.number(IdentifierKind::table, word("lab")) == 300);
  CHECK(names.number(IdentifierKind::table, word("third")) == 303);
  CHECK(names.number(IdentifierKind::table, word("fourth")) == std::nullopt);
  CHECK(names.number(IdentifierKind::table, word("fifth")) == 305);
  CHECK(names.number(IdentifierKind::table, word("main")) == 254);
  CHECK(names.number(IdentifierKind::table, Identifier{77U}) == 77);
  CHECK(names.number(IdentifierKind::table, word("78")) == 78);
  CHECK(names.number(IdentifierKind::table, word("78x")) == std::nullopt);
}

TEST_CASE("each kind of name has a file of its own; that of the protocols of IP is not iproute2's") {
  const Folders folders;
  folders.write("local/rt_protos", "77 mine\n");
  folders.write("local/group", "5 lan\n");
  auto names = folders.names();
  CHECK(names.number(IdentifierKind::protocol, word("mine")) == 77);
  CHECK(names.number(IdentifierKind::interface_group, word("lan")) == 5);
  CHECK(names.number(IdentifierKind::table, word("mine")) == std::nullopt);
  CHECK(names.number(IdentifierKind::ip_protocol, word("tcp")) == 6);
}

TEST_CASE("folders that are not there have no names") {
  IdentifierNames names("/nonexistent/etc", "/nonexistent/usr");
  CHECK(names.number(IdentifierKind::table, word("lab")) == std::nullopt);
  CHECK(names.number(IdentifierKind::table, word("local")) == 255);
}

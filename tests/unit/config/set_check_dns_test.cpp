#include <doctest/doctest.h>

#include "unit/config/checks.hpp"

namespace baton::config {
namespace {

DnsCheck dns(const std::string& lines, const std::string& expected = "") {
  const Parsed parsed = read(check("DNS_CHECK", lines));
  CHECK(said(parsed).find(expected) != std::string::npos);
  if (expected.empty()) CHECK(parsed.diagnostics.all().empty());
  return only<DnsCheck>(parsed);
}

TEST_CASE("an empty DNS_CHECK asks for the SOA record of the root, three times more, a delay_loop apart") {
  const DnsCheck check = dns("delay_loop 7");
  CHECK(check.type == DnsType::soa);
  CHECK(check.name == ".");
  CHECK(check.timing.retry == 3);
  CHECK(check.timing.delay_before_retry == std::chrono::seconds(7));
}

TEST_CASE("types by name, letters of either case alike") {
  CHECK(dns("type A").type == DnsType::a);
  CHECK(dns("type aaaa").type == DnsType::aaaa);
  CHECK(dns("type DnsKey").type == DnsType::dnskey);
  CHECK(dns("type srv").type == static_cast<DnsType>(33));
  CHECK(dns("type HTTPS").type == static_cast<DnsType>(65));
  CHECK(dns("type TYPE65535").type == static_cast<DnsType>(65535));
  CHECK(dns("type type6").type == DnsType::soa);
  for (const char* wrong : {"TYPE", "TYPE0", "TYPE65536", "foo", "257", "\"\""})
    CHECK(dns("type NS\ntype " + std::string(wrong),
              "error 5: type is A, NS, CNAME, SOA, MX, TXT, AAAA, RRSIG or DNSKEY, another record type or TYPE "
              "and its number, not ")
              .type == DnsType::ns);
}

TEST_CASE("the first name counts, which keepalived reports") {
  CHECK(dns("name www.example\nname b.example", "8:1 warning 5: 'name' is written twice: the first one counts").name ==
        "www.example");
}

TEST_CASE("names that no message can hold are ignored") {
  const std::string label(63, 'a');
  CHECK(dns("name " + label + "." + label).name.size() == 127);
  CHECK(dns("name \"\"").name == ".");
  CHECK(dns("name .").name == ".");
  CHECK(dns("name " + label + "a.b", "7:6 warning 0").name == ".");
  for (const char* wrong : {"a..b", ".a", "a.b..", ".."})
    CHECK(dns("name " + std::string(wrong),
              "7:6 error 5: '" + std::string(wrong) + "': a label of a domain name is empty: the line is ignored")
              .name == ".");
  const std::string three = label + "." + label + "." + label + ".";
  CHECK(dns("name " + three + std::string(61, 'b')).name.size() == 253);
  CHECK(dns("name " + three + std::string(62, 'b'), "7:6 warning 0").name == ".");
}

TEST_CASE("the dot at the end of a name is left out, and keepalived's way told") {
  CHECK(dns("name a.b.", "7:6 warning 5: 'a.b.' is taken without the dot at its end (keepalived ignores").name ==
        "a.b");
}

}  // namespace
}  // namespace baton::config

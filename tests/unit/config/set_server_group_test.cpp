#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// A group of these lines (from line 2), and a service of it with `lines` in it.
Parsed grouped(const std::string& entries, const std::string& lines = "lb_kind NAT\nprotocol TCP") {
  return read("virtual_server_group G {\n" + entries + "\n}\nvirtual_server group G {\nlb_algo rr\n" + lines +
              "\nreal_server 10.0.0.2 80 {\n}\n}\n");
}

std::string only_entry(const std::string& entry) {
  const Parsed parsed = grouped(entry);
  REQUIRE_MESSAGE(parsed.config.virtual_server_groups.size() == 1, said(parsed));
  const VirtualServerGroup& group = parsed.config.virtual_server_groups[0];
  REQUIRE(group.addresses.size() == 1);
  const GroupAddresses& found = group.addresses[0];
  return found.first.to_string() + " " + found.last.to_string() + " " + std::to_string(found.port);
}

TEST_CASE("entries of addresses: one, a prefix, a range by its end or by the end's last part") {
  CHECK(only_entry("192.0.2.1 80") == "192.0.2.1 192.0.2.1 80");
  CHECK(only_entry("192.0.2.0/24 80") == "192.0.2.0 192.0.2.255 80");
  CHECK(only_entry("192.0.2.5/32 80") == "192.0.2.5 192.0.2.5 80");
  CHECK(only_entry("192.0.2.1-10 80") == "192.0.2.1 192.0.2.10 80");
  CHECK(only_entry("192.0.2.1-192.0.3.10 80") == "192.0.2.1 192.0.3.10 80");
  CHECK(only_entry("2001:db8::1-1f0 80") == "2001:db8::1 2001:db8::1f0 80");
  CHECK(only_entry("2001:db8::/127 80") == "2001:db8:: 2001:db8::1 80");
  CHECK(only_entry("2001:db8::/32 80 x").starts_with("2001:db8:: 2001:db8:ffff:"));
}

TEST_CASE("entries that are none cost themselves, as in keepalived") {
  for (const char* entry : {"192.0.2.9-1 80", "192.0.2.9-9 80", "192.0.2.9-300 80", "192.0.2.9- 80",
                            "192.0.2.9-192.0.2.8 80", "192.0.2.1/24 80", "192.0.2.0/33 80", "0.0.0.0/0 80",
                            "2001:db8::ff-fe 80", "2001:db8::1-1ffff 80", "192.0.2.1-2001:db8::1 80", "web 80",
                            "192.0.2.1 80-90", "192.0.2.1 http", "192.0.2.1 70000", "fwmark x", "fwmark 5 inet4"}) {
    const Parsed parsed = grouped(std::string(entry) + "\n192.0.2.77 80");
    CHECK_MESSAGE(said(parsed).find("the entry is skipped") != std::string::npos, entry << said(parsed));
    CHECK_MESSAGE(parsed.diagnostics.exit_status() == 5, entry);
    REQUIRE(parsed.config.virtual_server_groups.size() == 1);
    CHECK(parsed.config.virtual_server_groups[0].addresses.size() == 1);
    CHECK(parsed.config.virtual_server_groups[0].marks.empty());
  }
  CHECK(grouped("fwmark\n192.0.2.1 80").diagnostics.exit_status() == 2);
  CHECK(grouped("fwmark 0\n192.0.2.1 80").diagnostics.exit_status() == 0);
}

TEST_CASE("marks and their families") {
  const Parsed parsed = grouped("fwmark 5\nfwmark 6 inet6\nfwmark 7 inet", "lb_kind TUN");
  REQUIRE(parsed.config.virtual_server_groups.size() == 1);
  const auto& marks = parsed.config.virtual_server_groups[0].marks;
  REQUIRE(marks.size() == 3);
  CHECK_FALSE(marks[0].family.has_value());
  CHECK(marks[1].family == Family::ipv6);
  CHECK(marks[2].family == Family::ipv4);
  CHECK(said(parsed).find("forwarding by TUN keeps the port that the packet was sent to, not 80") != std::string::npos);
  CHECK(parsed.diagnostics.exit_status() == 5);  // for that alone
  CHECK_FALSE(parsed.config.virtual_servers.at(0).protocol.has_value());
  CHECK(said(grouped("fwmark 5")).find("a firewall mark has no protocol") != std::string::npos);
}

TEST_CASE("groups that are empty, mixed, or there already") {
  const Parsed empty = grouped("");
  CHECK(said(empty).find("1:22 error 5: virtual_server_group 'G' has no entries: it is left out") != std::string::npos);
  CHECK(said(empty).find("there is no virtual_server_group 'G'") != std::string::npos);
  CHECK(empty.config.virtual_servers.empty());
  CHECK(said(grouped("192.0.2.1 80\n2001:db8::1 80\nfwmark 5")).find("and a fwmark of none: it is left out") !=
        std::string::npos);
  CHECK(grouped("192.0.2.1 80\n2001:db8::1 80\nfwmark 5 inet").config.virtual_server_groups.size() == 1);
  const Parsed twice = read("virtual_server_group G {\n192.0.2.1 80\n}\nvirtual_server_group G {\n192.0.2.2 80\n}\n");
  CHECK(said(twice).find("4:22 error 0: there is a virtual_server_group 'G' already: this one is skipped") !=
        std::string::npos);
  CHECK(twice.config.virtual_server_groups.size() == 1);
}

TEST_CASE("a group may follow its service; one that nobody defines is an error that keepalived hides") {
  const std::string service =
      "virtual_server group G {\nlb_algo rr\nlb_kind NAT\nprotocol TCP\nreal_server 10.0.0.2 80 {\n}\n}\n";
  const Parsed later = read(service + "virtual_server_group G {\n192.0.2.1 80\n}\n");
  REQUIRE(later.config.virtual_servers.size() == 1);
  CHECK(later.config.virtual_servers[0].identity == ServiceIdentity{ServiceGroup{"G", std::nullopt}});
  CHECK(later.diagnostics.exit_status() == 0);
  const Parsed never = read(service);
  CHECK(said(never).find("1:16 error 0: there is no virtual_server_group 'G': this service is left out") == 0);
  CHECK(never.config.virtual_servers.empty());
}

TEST_CASE("the ports of a group: all of them need persistence, and DR keeps them") {
  CHECK(grouped("192.0.2.1").config.virtual_servers.at(0).persistence_timeout == 360);
  CHECK(grouped("192.0.2.1").diagnostics.exit_status() == 5);
  const Parsed kept = grouped("192.0.2.1 81\n192.0.2.2 82", "lb_kind DR\nprotocol TCP");
  CHECK(said(kept).find("keeps the port that the packet was sent to, not 80") != std::string::npos);
  CHECK(kept.diagnostics.exit_status() == 5);
  CHECK(kept.config.virtual_servers.at(0).real_servers.at(0).port == 80);  // its name, and what checks connect to
  CHECK(grouped("192.0.2.1 80\n192.0.2.2 80", "lb_kind DR\nprotocol TCP").diagnostics.exit_status() == 0);
}

TEST_CASE("a group of both families is served by tunnels only") {
  const auto with = [](const char* lines) { return grouped("192.0.2.1 80\n2001:db8::1 80", lines); };
  CHECK(with("lb_kind TUN\nprotocol TCP").config.virtual_servers.size() == 1);
  const Parsed masquerading = with("lb_kind NAT\nprotocol TCP");
  CHECK(masquerading.config.virtual_servers.empty());
  CHECK(said(masquerading).find("5:16 error 0: virtual_server group 'G' has addresses of two families") !=
        std::string::npos);
  CHECK(with("lb_kind TUN\nprotocol TCP\nsorry_server 10.0.0.9 80\nsorry_server_lvs_method NAT")
            .config.virtual_servers.empty());
}

TEST_CASE("the real servers of a group of one family must be of it, of marks that of the first real server") {
  const Parsed other = grouped("2001:db8::1 80\nfwmark 5");
  CHECK(said(other).find("are of two families: it is left out") != std::string::npos);
  CHECK(other.config.virtual_servers.empty());
  CHECK(grouped("fwmark 5\nfwmark 6").config.virtual_servers.size() == 1);
  CHECK(grouped("fwmark 5 inet6").config.virtual_servers.empty());
}

TEST_CASE("a group becomes a bounded number of services") {
  CHECK(grouped("10.0.0.0/16 80").config.virtual_servers.size() == 1);
  CHECK(grouped("10.0.0.0/14 80").config.virtual_servers.size() == 1);
  for (const char* entries : {"10.0.0.0/14 80\n192.0.2.1 80", "10.0.0.0/8 80"}) {
    const Parsed parsed = grouped(entries);
    CHECK(parsed.config.virtual_servers.empty());
    CHECK(said(parsed).find("the group 'G' has more than 262144 addresses") != std::string::npos);
  }
  const Parsed six = read(
      "virtual_server_group G {\n2001:db8::/64 80\n}\nvirtual_server group G {\nlb_kind NAT\n"
      "protocol TCP\nreal_server 2001:db8::2 80 {\n}\n}\n");
  CHECK(six.config.virtual_servers.empty());
}

TEST_CASE("SSL: the later block replaces the former") {
  const Parsed parsed = read("SSL {\npassword p\nca /a\n}\nSSL {\nkey /k\n}\n");
  REQUIRE(parsed.config.ssl.has_value());
  CHECK(parsed.config.ssl->key == "/k");
  CHECK(parsed.config.ssl->ca.empty());
  CHECK(said(parsed).find("5:1 warning 5: there is an SSL block already: this one replaces it") != std::string::npos);
  CHECK(dump(parsed.config).find("SSL {\n    key /k\n}\n") != std::string::npos);
}

}  // namespace
}  // namespace baton::config

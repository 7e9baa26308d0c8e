#include "config/server_pool.hpp"

#include <doctest/doctest.h>

#include "config/dump.hpp"
#include "config/model.hpp"
#include "unit/addresses.hpp"
#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

/// A virtual_server with `lines` (from line 5).
std::string service(std::string_view lines, std::string_view kind = "NAT", std::string_view at = "192.0.2.1 80") {
  return "virtual_server " + std::string(at) + " {\nlb_algo rr\nlb_kind " + std::string(kind) + "\nprotocol TCP\n" +
         std::string(lines) + "\n}\n";
}

const VirtualServer& only(const Config& config) {
  REQUIRE(config.virtual_servers.size() == 1);
  return config.virtual_servers.front();
}

const RealServerPool& pool(const Parsed& parsed) {
  CHECK(said(parsed) == "");
  REQUIRE(only(parsed.config).real_server_pools.size() == 1);
  return only(parsed.config).real_server_pools.front();
}

/// "10.0.0.1:80 w2", one line each.
std::string servers(const Config& config) {
  std::string text;
  for (const RealServer& server : only(config).real_servers)
    text +=
        server.address.to_string() + ":" + std::to_string(server.port) + " w" + std::to_string(server.weight) + "\n";
  return text;
}

Config filled(const Parsed& parsed, const std::vector<PoolServer>& answer) {
  PoolAnswers answers;
  for (const auto& [question, pools] : questions_of(parsed.config))
    answers[question] = answer;
  return with_pools(parsed.config, answers);
}

}  // namespace

TEST_CASE("a pool with all its keywords, printed as it is read") {
  const auto text = service(
      "real_server_pool web.example.org. 8080 {\nrecord A\nnameserver 192.0.2.53 5353\nmin_ttl 2\nmax_ttl 30\n"
      "resolve_timeout 1.5\nmax_servers 8\nweight 3\nslow_start 30s\ninhibit_on_failure\nTCP_CHECK {\n}\n}");
  const auto parsed = read(text);
  const auto& [source, server] = pool(parsed);
  CHECK(source.name == "web.example.org");
  CHECK(source.record == PoolRecord::a);
  CHECK(source.family == Family::ipv4);
  CHECK(source.nameserver == Nameserver{address("192.0.2.53"), 5353});
  CHECK(source.min_ttl == std::chrono::seconds{2});
  CHECK(source.max_ttl == std::chrono::seconds{30});
  CHECK(source.resolve_timeout == std::chrono::milliseconds{1500});
  CHECK(source.max_servers == 8);
  CHECK(server.port == 8080);
  CHECK(server.weight == 3);
  CHECK(server.inhibit_on_failure);
  CHECK(server.slow_start == std::chrono::seconds{30});
  CHECK(server.checks.size() == 1);
  const auto once = dump(parsed.config);
  const auto again = read(once);
  CHECK(said(again) == "");
  CHECK(dump(again.config) == once);
  CHECK(only(again.config).real_server_pools.front().source == source);
}

TEST_CASE("which records are asked for when it is not said") {
  const auto record = [](std::string_view header, std::string_view at = "192.0.2.1 80") {
    return pool(read(service("real_server_pool " + std::string(header) + " {\n}", "NAT", at))).source.record;
  };
  CHECK(record("web 80") == PoolRecord::a);
  CHECK(record("web 80", "2001:db8::1 80") == PoolRecord::aaaa);
  CHECK(record("web") == PoolRecord::srv);
  CHECK(record("_http._tcp.web") == PoolRecord::srv);
  CHECK(pool(read(service("real_server_pool web {\n}", "NAT", "2001:db8::1 80"))).source.family == Family::ipv6);
  // Without a port the servers have that of the service.
  CHECK(pool(read(service("real_server_pool web {\nrecord A\n}"))).server.port == 80);
}

TEST_CASE("what is wrong with a pool is said") {
  CHECK(said(read(service("real_server_pool web..org 80 {\n}\nreal_server 10.0.0.1 80 {\n}"))) ==
        "5:18 error 5: real_server_pool: 'web..org' is no name of DNS: the block is skipped (one address is a "
        "real_server; a pool is real_server_pool web.example.org 80)\n");
  CHECK(said(read(service("real_server_pool 10.0.0.1 80 {\n}\nreal_server 10.0.0.1 80 {\n}"))).find("no name of DNS") !=
        std::string::npos);
  CHECK(said(read(service("real_server_pool web http {\n}\nreal_server 10.0.0.1 80 {\n}"))).find("the port must be") !=
        std::string::npos);
  CHECK(said(read(service("real_server_pool web 80 {\nrecord MX\n}"))) ==
        "6:8 error 5: record is A, AAAA or SRV, not 'MX' (the line is ignored)\n");
  CHECK(said(read(service("real_server_pool web 80 {\nnameserver dns.example\n}"))) ==
        "6:12 error 5: nameserver: 'dns.example' is no address of a name server (the line is ignored; nameserver "
        "192.0.2.53 53)\n");
  CHECK(said(read(service("real_server_pool web 80 {\nmin_ttl 60\nmax_ttl 10\n}"))) ==
        "5:18 warning 0: min_ttl is above max_ttl, which becomes the same\n");
  CHECK(said(read(service("real_server_pool _a._tcp.web 80 {\n}"))) ==
        "5:18 warning 0: SRV records give the ports: 80 is ignored (write record A or record AAAA to have one port for "
        "all)\n");
  CHECK(said(read(service("real_server_pool web 80 {\n}\nreal_server_pool web 80 {\n}"))) ==
        "7:18 warning 0: the pool 'web' stands here twice: the second one is left out\n");
  const auto mixed = read(service("real_server_pool web 80 {\nrecord AAAA\n}\nreal_server 10.0.0.1 80 {\n}"));
  CHECK(said(mixed).find("of two families: the pool is left out") != std::string::npos);
  CHECK(only(mixed.config).real_server_pools.empty());
  const auto tunnelled =
      read(service("real_server_pool web 80 {\nrecord AAAA\n}\nreal_server 10.0.0.1 80 {\n}", "TUN"));
  CHECK(only(tunnelled.config).real_server_pools.size() == 1);
}

TEST_CASE("a service of pools alone is one, and its quorum stays as it is written") {
  const auto parsed = read(service("quorum 5\nreal_server_pool web 80 {\n}"));
  CHECK(said(parsed) == "");
  CHECK(only(parsed.config).quorum == 5);
  CHECK(only(parsed.config).real_servers.empty());
  CHECK(has_pools(parsed.config));
  CHECK_FALSE(has_pools(read(server("")).config));
}

TEST_CASE("a pool without an answer is empty, one with an answer is so many real servers") {
  const auto parsed = read(service("real_server_pool web 8080 {\nweight 7\nTCP_CHECK {\n}\n}"));
  CHECK(with_pools(parsed.config, {}) == parsed.config);
  const auto config = filled(parsed, {{address("10.0.0.2"), 0, 0}, {address("10.0.0.1"), 0, 0}});
  CHECK(servers(config) == "10.0.0.1:8080 w7\n10.0.0.2:8080 w7\n");
  CHECK(only(config).real_servers.at(1).checks.size() == 1);
  CHECK(only(config).real_server_pools.size() == 1);
}

TEST_CASE("SRV records give ports and weights") {
  const auto parsed = read(service("real_server_pool _http._tcp.web {\nweight 7\n}"));
  CHECK(servers(filled(parsed, {{address("10.0.0.1"), 8081, 5}, {address("10.0.0.1"), 8080, 1}})) ==
        "10.0.0.1:8080 w1\n10.0.0.1:8081 w5\n");
}

TEST_CASE("servers written by hand come first and stand once") {
  const auto parsed =
      read(service("real_server_pool web 80 {\nweight 7\n}\nreal_server_pool more 80 {\n}\n"
                   "real_server 10.0.0.2 80 {\nweight 9\n}"));
  CHECK(servers(filled(parsed, {{address("10.0.0.1"), 0, 0}, {address("10.0.0.2"), 0, 0}})) ==
        "10.0.0.2:80 w9\n10.0.0.1:80 w7\n");
}

TEST_CASE("at most max_servers are taken, always the same") {
  const auto parsed = read(service("real_server_pool web 80 {\nmax_servers 2\n}"));
  CHECK(servers(
            filled(parsed, {{address("10.0.0.9"), 0, 0}, {address("10.0.0.3"), 0, 0}, {address("10.0.0.4"), 0, 0}})) ==
        "10.0.0.3:80 w1\n10.0.0.4:80 w1\n");
}

TEST_CASE("behind DR a server keeps the port of the service; a mark has none, and checks connect to the record's") {
  const auto dr = read(service("real_server_pool web {\nTCP_CHECK {\n}\n}", "DR"));
  CHECK(pool(dr).source.keeps_port);
  CHECK(servers(filled(dr, {{address("10.0.0.1"), 8081, 5}})) == "10.0.0.1:80 w5\n");
  const auto marked =
      read("virtual_server fwmark 1 {\nlb_algo rr\nlb_kind DR\nreal_server_pool web {\nTCP_CHECK {\n}\n}\n}\n");
  CHECK(said(marked) == "");
  const auto config = filled(marked, {{address("10.0.0.1"), 8081, 5}});
  CHECK(servers(config) == "10.0.0.1:0 w5\n");
  const auto& check = std::get<TcpCheck>(only(config).real_servers.at(0).checks.at(0));
  CHECK(check.target.connect_port == 8081);
}

TEST_CASE("pools with the same question share it") {
  const auto parsed =
      read(service("real_server_pool web 80 {\n}\nreal_server_pool web 81 {\nmin_ttl 9\n}\n"
                   "real_server_pool web 80 {\nnameserver 192.0.2.53\n}"));
  CHECK(said(parsed) == "");
  const auto questions = questions_of(parsed.config);
  REQUIRE(questions.size() == 2);
  CHECK(questions.begin()->second.size() == 2);
  CHECK(described(questions.begin()->first) == "A web");
  CHECK(described(questions.rbegin()->first) == "A web at 192.0.2.53 port 53");
}

TEST_CASE("a reload keeps the answers that are asked for, also when another name server is to be asked") {
  const auto config = [](const std::string& lines) {
    return read(service("real_server_pool web 80 {\n" + lines + "}")).config;
  };
  const std::vector<PoolServer> one = {{address("10.0.0.1"), 0, 0}};
  const PoolQuestion system{"web", PoolRecord::a, Family::ipv4, std::nullopt};
  const PoolQuestion own{"web", PoolRecord::a, Family::ipv4, Nameserver{address("192.0.2.53"), 53}};
  const auto asks_own = config("nameserver 192.0.2.53\n");
  CHECK(answers_for(config(""), {{system, one}}) == PoolAnswers{{system, one}});
  CHECK(answers_for(asks_own, {{system, one}}) == PoolAnswers{{own, one}});
  CHECK(answers_for(config(""), {{own, one}}) == PoolAnswers{{system, one}});
  CHECK(answers_for(asks_own, {{system, {}}, {own, one}}) == PoolAnswers{{own, one}});
  CHECK(answers_for(config("record AAAA\n"), {{system, one}}).empty());
  CHECK(answers_for(asks_own, {{{"wea", PoolRecord::a, Family::ipv4, std::nullopt}, one},
                               {{"wec", PoolRecord::a, Family::ipv4, std::nullopt}, one}})
            .empty());
  CHECK(answers_for(read(server("")).config, {{system, one}}).empty());
}

TEST_CASE("a mark whose only servers are a pool's has the family of its records") {
  const auto parsed =
      read("virtual_server fwmark 1 {\nlb_algo rr\nlb_kind DR\nreal_server_pool web 80 {\nrecord AAAA\n}\n}\n");
  CHECK(std::get<ServiceMark>(only(parsed.config).identity).family == Family::ipv6);
}

}  // namespace baton::config

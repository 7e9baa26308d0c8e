#include "config/set_server.hpp"

#include <algorithm>

#include "config/values.hpp"

namespace baton::config {
namespace {

struct Endpoint {
  IpAddress address;
  std::optional<std::uint16_t> port;  // absent: not written
};

/// `address [port]` after the keyword; absent: reported with `consequence`.
std::optional<Endpoint> read_endpoint(Builder& builder, const Line& line, std::string_view consequence) {
  const Word& word = line.first();
  const auto address = IpAddress::parse(word.text);
  if (!address) {
    const std::size_t cut = std::min(word.text.find_last_of(":/-"), word.text.size());
    const bool has_tail = IpAddress::parse(word.text.substr(0, cut)).has_value();
    builder.error(word.place, concat(line.keyword->name, ": ", quoted(word.text), " is no IP address: ", consequence),
                  !has_tail                  ? ""
                  : word.text.at(cut) == ':' ? "write address and port as two words"
                                             : "several addresses at once belong inside virtual_server_group { }");
    return std::nullopt;
  }
  if (line.words.size() < 3) return Endpoint{*address, std::nullopt};
  const auto port = parse_port(line.words[2].text, true);
  if (!port) {
    builder.error(line.words[2].place,
                  concat(line.keyword->name, ": the port must be 1 to 65535, not ", quoted(line.words[2].text), ": ",
                         consequence),
                  "ports are numbers; names of services are not looked up");
    return std::nullopt;
  }
  if (line.words.size() > 3)
    builder.advise(line.words[3].place, concat(quoted(line.words[3].text), " after the port is ignored"));
  return Endpoint{*address, port};
}

/// `fwmark <n>`; the kernel marks no packet with 0.
std::optional<ServiceMark> read_mark(Builder& builder, const Line& line) {
  const Word& word = line.words[2];
  const auto value = parse_integer(word.text);
  if (!value || *value < 1 || *value > kUnlimited) {
    builder.error(word.place,
                  concat("a firewall mark is 1 to ", kUnlimited, ", not ", quoted(word.text), ": the block is skipped"),
                  "");
    return std::nullopt;
  }
  return ServiceMark{static_cast<std::uint32_t>(*value), Family::ipv4};
}

std::optional<ServiceIdentity> read_identity(Builder& builder, const Line& line) {
  const Word& first = line.first();
  const bool is_group = first.text == "group";
  if (!is_group && first.text != "fwmark") {
    const auto endpoint = read_endpoint(builder, line, "the block is skipped");
    if (!endpoint) return std::nullopt;
    return ServiceAddress{endpoint->address, endpoint->port.value_or(0)};
  }
  if (line.words.size() < 3) {
    builder.error(
        first.place,
        concat("virtual_server ", first.text, " lacks its ", is_group ? "name" : "mark", ": the block is skipped"),
        concat("virtual_server ", line.keyword->argument.grammar()));
    return std::nullopt;
  }
  if (line.words.size() > 3) builder.advise(line.words[3].place, concat(quoted(line.words[3].text), " is ignored"));
  if (is_group) return ServiceGroup{std::string(line.words[2].text), std::nullopt};
  return read_mark(builder, line);
}

}  // namespace

bool open_virtual_server(Builder& builder, const Line& line) {
  auto identity = read_identity(builder, line);
  if (!identity) return false;
  builder.server = {};
  builder.server.place = line.first().place;
  if (const auto* address = std::get_if<ServiceAddress>(&*identity)) builder.server.port = address->port;
  builder.server.settled.identity = std::move(*identity);
  return true;
}

void close_virtual_server(Builder& builder) {
  resolve_server(builder);
}

bool set_ip_family(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const auto found = line.keyword->argument.choice(word.text);  // inet, inet6
  if (!found) {
    builder.error(word.place,
                  concat("ip_family is ", listed(line.keyword->argument.choices()), ", not ", quoted(word.text)),
                  "the line is ignored");
    return false;
  }
  builder.server.ip_family = Placed<Family>{*found == 0 ? Family::ipv4 : Family::ipv6, word.place};
  return true;
}

/// The grammar's words are in the order of Protocol.
bool set_protocol(Builder& builder, const Line& line) {
  const Word& word = line.first();
  auto found = line.keyword->argument.choice(word.text);
  if (!found) {
    const std::vector<std::string_view> protocols = line.keyword->argument.choices();
    found = choose(protocols, word.text);
    if (found == protocols.size()) {
      builder.error(word.place, concat("protocol is ", listed(protocols), ", not ", quoted(word.text)),
                    "the line is ignored");
      return false;
    }
  }
  builder.server.protocol = Placed<Protocol>{static_cast<Protocol>(*found), line.words[0].place};
  return true;
}

/// keepalived 2.2.7 hands on any weight; the kernel's tools, and keepalived's later versions, know 65535 at most.
bool set_weight(Builder& builder, const Line& line) {
  const Argument& argument = line.keyword->argument;
  const auto value = parse_integer(line.first().text);
  int weight = 0;
  if (value && *value > argument.maximum) {
    builder.advise(line.first().place, concat("a weight is at most ", argument.maximum, ": that is used"));
    weight = static_cast<int>(argument.maximum);
  } else {
    const auto in_range = read_integer(builder, line);
    if (!in_range) return false;
    weight = static_cast<int>(*in_range);
  }
  (line.block == Block::virtual_server ? builder.server.weight : builder.real_server.weight) = weight;
  return true;
}

bool set_sorry_server(Builder& builder, const Line& line) {
  const auto endpoint = read_endpoint(builder, line, "there is no sorry server");
  if (!endpoint) return false;
  SorryDraft sorry;
  sorry.place = line.first().place;
  sorry.address = endpoint->address;
  sorry.port = endpoint->port;
  builder.server.sorry_server = sorry;
  return true;
}

bool set_sorry_server_inhibit(Builder& builder, const Line& line) {
  if (!builder.server.sorry_server) {
    builder.error(line.words[0].place, "sorry_server_inhibit stands before its sorry_server: the line is ignored",
                  "write it after the sorry_server line");
    return false;
  }
  builder.server.sorry_server->inhibit = true;
  return true;
}

bool open_real_server(Builder& builder, const Line& line) {
  const auto endpoint = read_endpoint(builder, line, "the block is skipped");
  if (!endpoint) return false;
  builder.real_server = {};
  builder.real_server.place = line.first().place;
  builder.real_server.address = endpoint->address;
  builder.real_server.port = endpoint->port;
  return true;
}

void close_real_server(Builder& builder) {
  constexpr std::size_t kUsual = 8;  // growing costs a move of each, and they are large
  if (builder.server.real_servers.empty()) builder.server.real_servers.reserve(kUsual);
  builder.server.real_servers.push_back(std::move(builder.real_server));
}

}  // namespace baton::config

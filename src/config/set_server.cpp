#include <algorithm>

#include "config/setters.hpp"

namespace baton::config {
namespace {

constexpr std::uint32_t kBarePersistence = 360;  // seconds

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

/// The index of the word among the choices, letters of either case alike; their number when it is none.
std::size_t choose(std::span<const std::string_view> choices, std::string_view word) {
  const auto found =
      std::ranges::find_if(choices, [&](std::string_view choice) { return equal_ignoring_case(choice, word); });
  return static_cast<std::size_t>(found - choices.begin());
}

}  // namespace

bool open_virtual_server(Builder& builder, const Line& line) {
  const Word& first = line.first();
  if (first.text == "fwmark" || first.text == "group") {
    builder.report(
        Severity::error, Status::not_active, first.place,
        concat("virtual_server ", first.text, " is keepalived's; Baton does not support it yet: the block is skipped"),
        "this service is not served; a virtual_server with address and port is");
    return false;
  }
  const auto endpoint = read_endpoint(builder, line, "the block is skipped");
  if (!endpoint) return false;
  builder.server = {};
  builder.server.place = first.place;
  builder.server.address = endpoint->address;
  builder.server.port = endpoint->port.value_or(0);
  return true;
}

void close_virtual_server(Builder& builder) {
  resolve_server(builder);
}

bool set_scheduler(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const std::vector<std::string_view> schedulers = line.keyword->argument.choices();
  if (const auto found = choose(schedulers, word.text); found < schedulers.size()) {
    if (schedulers[found] != word.text)
      builder.warn(word.place, concat(quoted(word.text), " is taken for ", schedulers[found]),
                   "keepalived knows small letters only");
    builder.server.scheduler = schedulers[found];
    return true;
  }
  std::string_view near = nearest(word.text, schedulers);
  // wdh, wsh: guides take the w of wrr and wlc for a prefix that every scheduler has.
  if (word.text.starts_with('w') && choose(schedulers, word.text.substr(1)) < schedulers.size())
    near = word.text.substr(1);
  std::string hint = near.empty() ? "the schedulers are " + listed(schedulers) : concat("did you mean '", near, "'?");
  if (near == "sh" || near == "dh") hint += " sh honours weights; mh is the modern consistent hash";
  builder.error(word.place, concat("the kernel has no scheduler ", quoted(word.text), ": wlc is used"),
                std::move(hint));
  builder.server.scheduler = "wlc";
  return false;
}

/// The grammar's words are in the order of Protocol.
bool set_protocol(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const std::vector<std::string_view> protocols = line.keyword->argument.choices();
  const std::size_t found = choose(protocols, word.text);
  if (found == protocols.size()) {
    builder.error(word.place, concat("protocol is ", listed(protocols), ", not ", quoted(word.text)),
                  "the line is ignored");
    return false;
  }
  builder.server.protocol = static_cast<Protocol>(found);
  return true;
}

bool set_persistence_timeout(Builder& builder, const Line& line) {
  if (!line.has_value()) {
    builder.server.persistence_timeout = kBarePersistence;
    return true;
  }
  if (parse_integer(line.first().text) == 0) {
    builder.error(line.first().place, "persistence_timeout must be 1 s or more: the line is ignored",
                  "for a service without persistence leave the line out");
    return false;
  }
  return set_integer<&VirtualServerDraft::persistence_timeout>(builder, line);
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

/// No default stands in for a method that is none: packets would go another way than the one that was meant.
bool set_method(Builder& builder, const Line& line) {
  const bool is_server = line.block == Block::virtual_server;
  const auto kind = read_lb_kind(builder, line);
  if (kind) {
    (is_server ? builder.server.lb_kind : builder.real_server.lb_kind) = *kind;
    return true;
  }
  builder.error(line.first().place,
                concat(line.keyword->name, " is NAT, DR or TUN, not ", quoted(line.first().text), ": this ",
                       name_of(line.block), " is left out"),
                "no other method stands in for it: its packets would go another way");
  (is_server ? builder.server.is_left_out : builder.real_server.is_left_out) = true;
  return false;
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

bool set_sorry_server_method(Builder& builder, const Line& line) {
  if (!builder.server.sorry_server) {
    builder.error(line.words[0].place, "sorry_server_lvs_method stands before its sorry_server: the line is ignored",
                  "write it after the sorry_server line");
    return false;
  }
  const auto kind = read_lb_kind(builder, line);
  if (kind) {
    builder.server.sorry_server->lb_kind = *kind;
    return true;
  }
  builder.error(line.first().place, concat("sorry_server_lvs_method is NAT, DR or TUN, not ", quoted(line.first().text),
                                           ": there is no sorry server"));
  builder.server.sorry_server.reset();
  return false;
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
  builder.server.real_servers.push_back(std::move(builder.real_server));
}

}  // namespace baton::config

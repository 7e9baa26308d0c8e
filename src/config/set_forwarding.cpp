#include <array>

#include "config/set_server.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

constexpr std::array<std::string_view, 4> kForwardingMethods = {"NAT", "DR", "TUN", "FULLNAT"};  // as LbKind
constexpr std::array<std::string_view, 3> kTunnelTypes = {"ipip", "gre", "gue"};                 // as Tunnel::Type
constexpr std::array<std::string_view, 3> kTunnelChecksums = {"nocsum", "csum", "remcsum"};      // as Tunnel::Checksum
constexpr std::string_view kGrammar = "TUN [type ipip|gre | type gue port <1-65535>] [nocsum|csum|remcsum]";

/// Exactly as written: keepalived knows small letters only.
template <class Choices>
std::optional<std::size_t> find(const Choices& choices, std::string_view word) {
  for (std::size_t i = 0; i < choices.size(); ++i)
    if (choices.at(i) == word) return i;
  return std::nullopt;
}

/// The words after the method.  Absent: one of them is wrong, and reported.
std::optional<Tunnel> read_tunnel_words(Builder& builder, const Line& line, std::string_view consequence) {
  Tunnel tunnel;
  const auto fail = [&](const Word& word, std::string_view what) {
    builder.error(word.place, concat(what, ": ", consequence), std::string(kGrammar));
  };
  for (std::size_t i = 2; i < line.words.size(); ++i) {
    const Word& word = line.words[i];
    const std::string_view value = i + 1 < line.words.size() ? line.words[i + 1].text : std::string_view{};
    if (const auto checksum = find(kTunnelChecksums, word.text)) {
      tunnel.checksum = static_cast<Tunnel::Checksum>(*checksum);
    } else if (word.text == "type") {
      const auto type = find(kTunnelTypes, value);
      if (!type) {
        fail(word, value.empty() ? "the type of the tunnel is missing" : "a tunnel is ipip, gre or gue");
        return std::nullopt;
      }
      tunnel.type = static_cast<Tunnel::Type>(*type);
      ++i;
    } else if (word.text == "port") {
      const auto port = parse_port(value, false);
      if (!port) {
        fail(word, value.empty() ? "the port of the tunnel is missing" : "the port of a tunnel is 1 to 65535");
        return std::nullopt;
      }
      tunnel.port = *port;
      ++i;
    } else {
      fail(word, concat(quoted(word.text), " is no option of a tunnel"));
      return std::nullopt;
    }
  }
  return tunnel;
}

/// What is wrong between the options; empty: nothing.
std::string_view contradiction(const Tunnel& tunnel) {
  if (tunnel.type == Tunnel::Type::gue && tunnel.port == 0) return "a gue tunnel needs its port";
  if (tunnel.type != Tunnel::Type::gue && tunnel.port != 0) return "only a gue tunnel has a port";
  if (tunnel.type == Tunnel::Type::ipip && tunnel.checksum != Tunnel::Checksum::none)
    return "an ipip tunnel has no checksum";
  if (tunnel.type == Tunnel::Type::gre && tunnel.checksum == Tunnel::Checksum::remote)
    return "a gre tunnel has no remote checksum";
  return {};
}

/// `NAT | DR | TUN [options]`; absent: reported with `consequence`.  No default stands in for a method that is none:
/// packets would go another way than the one that was meant.
std::optional<Forwarding> read_forwarding(Builder& builder, const Line& line, std::string_view consequence) {
  const Word& word = line.first();
  const std::size_t method = choose(kForwardingMethods, word.text);
  // The rule that FULLNAT adds knows a service, not its real servers.
  const bool is_service = line.block == Block::virtual_server && line.keyword->name != "sorry_server_lvs_method";
  if (method == kForwardingMethods.size() || (kForwardingMethods.at(method) == "FULLNAT" && !is_service)) {
    builder.error(
        word.place,
        concat(line.keyword->name, is_service ? " is NAT, DR, TUN or FULLNAT, not " : " is NAT, DR or TUN, not ",
               quoted(word.text), ": ", consequence),
        "no other method stands in for it: its packets would go another way");
    return std::nullopt;
  }
  if (kForwardingMethods.at(method) != word.text)
    builder.warn(word.place, concat(quoted(word.text), " is taken for ", kForwardingMethods.at(method)),
                 "keepalived knows capitals only and would forward by NAT");
  Forwarding forwarding{static_cast<LbKind>(method), {}};
  if (line.words.size() < 3) return forwarding;
  const auto tunnel = read_tunnel_words(builder, line, consequence);
  if (!tunnel) return std::nullopt;
  if (const std::string_view fault = contradiction(*tunnel); !fault.empty()) {
    builder.error(line.words[2].place, concat(fault, ": ", consequence), std::string(kGrammar));
    return std::nullopt;
  }
  if (forwarding.kind != LbKind::tun) {
    builder.advise(line.words[2].place, concat("only TUN has a tunnel: its options mean nothing for ", word.text));
    return forwarding;
  }
  forwarding.tunnel = *tunnel;
  return forwarding;
}

}  // namespace

bool set_forwarding_method(Builder& builder, const Line& line) {
  const bool is_server = line.block == Block::virtual_server;
  const auto forwarding = read_forwarding(builder, line, concat("this ", name_of(line.block), " is left out"));
  (is_server ? builder.server.is_left_out : builder.real_server.is_left_out) = !forwarding;
  if (forwarding) (is_server ? builder.server.forwarding : builder.real_server.forwarding) = *forwarding;
  return forwarding.has_value();
}

bool set_sorry_server_method(Builder& builder, const Line& line) {
  if (!builder.server.sorry_server) {
    builder.error(line.words[0].place, "sorry_server_lvs_method stands before its sorry_server: the line is ignored",
                  "write it after the sorry_server line");
    return false;
  }
  builder.server.sorry_server->forwarding = read_forwarding(builder, line, "there is no sorry server");
  if (!builder.server.sorry_server->forwarding) builder.server.sorry_server.reset();
  return builder.server.sorry_server.has_value();
}

}  // namespace baton::config

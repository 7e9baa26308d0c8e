// nft_protocol.hpp - the protocols of services, in the words of nft.
#pragma once

#include <array>
#include <string>

#include "ipvs/model.hpp"

namespace baton::ipvs {

inline constexpr std::array kProtocols = {Protocol::tcp, Protocol::udp, Protocol::sctp};

inline std::string nft_name(Protocol protocol) {
  return protocol == Protocol::tcp ? "tcp" : protocol == Protocol::udp ? "udp" : "sctp";
}

}  // namespace baton::ipvs

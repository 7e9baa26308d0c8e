#include "checkers/conversations.hpp"

#include "checkers/dns_conversation.hpp"
#include "checkers/http_conversation.hpp"
#include "checkers/ping_conversation.hpp"
#include "checkers/smtp_conversation.hpp"
#include "checkers/tcp_conversation.hpp"
#include "checkers/udp_conversation.hpp"
#include "core/overloaded.hpp"

namespace baton::checkers {

Conversations::Conversations(const CheckSpec& spec) : spec_(spec) {
  const auto* http = std::get_if<HttpSpec>(&spec.what);
  if (http == nullptr) return;
  for (std::size_t url = 0; url < http->urls.size(); ++url) {
    if (!http->urls[url].regex) continue;
    regexes_.resize(http->urls.size());
    regexes_[url] = std::make_unique<Regex>(*http->urls[url].regex);
  }
}

std::unique_ptr<Conversation> Conversations::begin(std::size_t url, std::uint64_t nonce) const {
  using Talk = std::unique_ptr<Conversation>;
  const auto low = static_cast<std::uint16_t>(nonce);
  const auto high = static_cast<std::uint16_t>(nonce >> 16U);
  return std::visit(
      Overloaded{
          [](const TcpSpec&) -> Talk { return std::make_unique<TcpConversation>(); },
          [&](const HttpSpec& http) -> Talk {
            const Regex* regex = regexes_.empty() ? nullptr : regexes_.at(url).get();
            return std::make_unique<HttpConversation>(http, url, spec_.target.to, regex);
          },
          [](const SmtpSpec& smtp) -> Talk { return std::make_unique<SmtpConversation>(smtp); },
          [&](const DnsSpec& dns) -> Talk { return std::make_unique<DnsConversation>(dns, low); },
          [](const UdpSpec& udp) -> Talk { return std::make_unique<UdpConversation>(udp); },
          [&](const PingSpec&) -> Talk {
            return std::make_unique<PingConversation>(spec_.target.to.address.family(), EchoKey{low, high, nonce});
          },
      },
      spec_.what);
}

Transport Conversations::transport() const {
  return std::visit(Overloaded{
                        [](const DnsSpec&) { return Transport::datagram; },
                        [](const UdpSpec&) { return Transport::datagram; },
                        [](const PingSpec&) { return Transport::echo; },
                        [](const auto&) { return Transport::stream; },
                    },
                    spec_.what);
}

}  // namespace baton::checkers

#include "config/set_check.hpp"

#include <algorithm>
#include <utility>

namespace baton::config {
namespace {

constexpr std::size_t kLongestInterface = 15;  // IFNAMSIZ, without the NUL

}  // namespace

bool open_ssl_get(Builder& builder, const Line& line) {
  open_check<HttpCheck>(builder, line);
  builder.current<HttpCheck>().tls = true;
  return true;
}

void close_check(Builder& builder) {
  builder.check.probe = std::move(builder.probe);
  builder.real_server.checks.push_back(std::move(builder.check));
}

/// An address with a mask is taken without it, as keepalived does.
bool set_connect_ip(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const std::size_t slash = std::min(word.text.find('/'), word.text.size());
  const auto address = IpAddress::parse(word.text.substr(0, slash));
  if (slash == word.text.size() || !address) {
    builder.probe.connect_ip_place = word.place;
    return set_address<&CheckTarget::connect_ip>(builder, line);
  }
  builder.advise(word.place, concat(quoted(word.text.substr(slash)), " after the address is ignored"),
                 "a check connects to one address");
  builder.probe.connect_ip_place = word.place;
  builder.probe.target.connect_ip = address;
  return true;
}

bool set_bindto(Builder& builder, const Line& line) {
  builder.probe.bindto_place = line.first().place;
  return set_address<&CheckTarget::bindto>(builder, line);
}

bool set_bind_if(Builder& builder, const Line& line) {
  if (line.first().text.size() > kLongestInterface) {
    builder.error(line.first().place, concat("the name of an interface has at most ", kLongestInterface,
                                             " characters: the line is ignored"));
    return false;
  }
  return set_text<&CheckTarget::bind_if>(builder, line);
}

/// The host's lines go where those of the check went, which are kept until its end.
bool open_smtp_host(Builder& builder, const Line& line) {
  builder.check.probe = std::exchange(builder.probe, {});
  builder.probe.place = line.words[0].place;
  if (builder.check.hosts.empty())
    builder.advise(builder.probe.place, "'host' inside SMTP_CHECK is an old form", "write one SMTP_CHECK per address");
  return true;
}

void close_smtp_host(Builder& builder) {
  builder.check.hosts.push_back(std::exchange(builder.probe, std::move(builder.check.probe)));
}

}  // namespace baton::config

// global_defs: mail, scripts, processes, instances.
#include "config/set_global.hpp"

#include <array>

namespace baton::config {

bool set_retry(Builder& builder, const Line& line) {
  const auto value = read_integer(builder, line);
  if (value) builder.timing(line.block).retry = static_cast<unsigned>(*value);
  return value.has_value();
}

std::optional<std::int64_t> read_clamped(Builder& builder, const Line& line) {
  const Argument& argument = line.keyword->argument;
  const auto value = parse_integer(line.first().text);
  if (!value) return read_integer(builder, line);  // which reports it
  const std::int64_t nearest = std::clamp(*value, argument.minimum, argument.maximum);
  if (nearest != *value)
    builder.warn(line.first().place,
                 concat(line.keyword->name, " must be ", argument.range(), ", not ", quoted(line.first().text)),
                 concat(nearest, " is taken"));
  return nearest;
}

std::string read_process_name(Builder& builder, const Line& line) {
  constexpr std::size_t kMost = 15;  // TASK_COMM_LEN
  const Word& word = line.first();
  if (word.text.size() <= kMost) return std::string(word.text);
  const std::string_view cut = word.text.substr(0, kMost);
  builder.warn(word.place, concat(line.keyword->name, " has at most ", kMost, " octets"),
               concat(quoted(cut), " remains of it"));
  return std::string(cut);
}

std::optional<std::vector<std::uint16_t>> read_processors(Builder& builder, const Line& line) {
  constexpr std::int64_t kMost = 1023;  // CPU_SETSIZE
  std::vector<std::uint16_t> processors;
  for (const Word& word : line.words.subspan(1)) {
    const auto value = parse_integer(word.text);
    if (value && *value >= 0 && *value <= kMost)
      processors.push_back(static_cast<std::uint16_t>(*value));
    else
      builder.error(word.place,
                    concat(line.keyword->name, ": a processor is a number, 0 to ", kMost, ", not ", quoted(word.text)),
                    "it is left out; nproc tells how many there are");
  }
  std::ranges::sort(processors);
  const auto twice = std::ranges::unique(processors);
  processors.erase(twice.begin(), twice.end());
  if (processors.empty()) return std::nullopt;
  return processors;
}

std::optional<NotifyFifo> read_fifo(Builder& builder, const Line& line) {
  const auto word = [&](std::size_t i) { return std::string(i < line.words.size() ? line.words[i].text : ""); };
  if (line.first().text.empty()) {
    builder.error(line.first().place, concat(line.keyword->name, ": the path is empty"), std::string(kIgnored));
    return std::nullopt;
  }
  return NotifyFifo{word(1), word(2), word(3)};
}

std::optional<IpAddress> read_multicast(Builder& builder, const Line& line, bool is_v4) {
  const auto address = read_address(builder, line);
  if (!address) return std::nullopt;
  const Place& place = line.first().place;
  if (address->is_v4() != is_v4) {
    builder.error(place,
                  concat(line.keyword->name, ": ", quoted(line.first().text), " is no IPv", is_v4 ? 4 : 6, " address"),
                  std::string(kIgnored));
    return std::nullopt;
  }
  if (!address->is_multicast()) {
    builder.error(place, concat(line.keyword->name, ": ", quoted(line.first().text), " is no multicast address"),
                  concat(kIgnored, is_v4 ? "; they are 224.0.0.0 to 239.255.255.255" : "; they begin with ff"));
    return std::nullopt;
  }
  if (!is_v4 && (address->octets()[1] & 0xfU) != 2)
    builder.warn(place, concat(line.keyword->name, ": ", quoted(line.first().text), " is not of link-local scope"),
                 "routers pass such adverts on; an address of one link begins with ff02");
  return address;
}

bool set_mcast_group4(Builder& builder, const Line& line) {
  const auto address = read_multicast(builder, line, true);
  return address && store<&VrrpDefs::vrrp_mcast_group4>(builder, line, *address);
}

bool set_mcast_group6(Builder& builder, const Line& line) {
  const auto address = read_multicast(builder, line, false);
  return address && store<&VrrpDefs::vrrp_mcast_group6>(builder, line, *address);
}

bool open_notification_email(Builder& builder, const Line& line) {
  builder.emails_before = builder.config.global.mail.notification_email.size();
  builder.emails_place = line.words[0].place;
  return true;
}

/// Every word is an address; what it looks like is the mail server's business.
bool add_notification_email(Builder& builder, const Line& line) {
  for (const Word& word : line.words)
    builder.config.global.mail.notification_email.emplace_back(word.text);
  return true;
}

void close_notification_email(Builder& builder) {
  if (builder.config.global.mail.notification_email.size() == builder.emails_before)
    builder.warn(builder.emails_place, "notification_email holds no address", "write one per line between the braces");
}

/// The name of a mail server is looked up when a mail is sent, not here.
bool set_smtp_server(Builder& builder, const Line& line) {
  MailDefs& mail = builder.config.global.mail;
  std::uint16_t number = 25;
  if (line.words.size() > 2) {
    const auto port = parse_port(line.words[2].text, false);
    if (!port) {
      builder.error(line.words[2].place,
                    concat("smtp_server: the port must be 1 to 65535, not ", quoted(line.words[2].text)),
                    std::string(kIgnored));
      return false;
    }
    number = *port;
  }
  mail.smtp_server = line.first().text;
  mail.smtp_port = number;
  return true;
}

bool set_smtp_connect_timeout(Builder& builder, const Line& line) {
  auto value = read_integer(builder, line);
  if (!value) return false;
  if (*value == 0) {
    builder.warn(line.first().place, "smtp_connect_timeout 0 is taken for 1 s", "a connection takes time");
    value = 1;
  }
  builder.config.global.mail.smtp_connect_timeout = std::chrono::seconds(*value);
  return true;
}

bool set_script_user(Builder& builder, const Line& line) {
  GlobalDefs& global = builder.config.global;
  global.script_user = line.first().text;
  global.script_group = line.words.size() > 2 ? line.words[2].text : std::string_view{};
  global.script_user_position = line.first().place.position;
  return true;
}

bool set_max_auto_priority(Builder& builder, const Line& line) {
  if (line.has_value()) return set_integer<&ProcessesDefs::max_auto_priority>(builder, line);
  return store<&ProcessesDefs::max_auto_priority>(builder, line, line.keyword->argument.maximum);
}

bool set_dynamic_interfaces(Builder& builder, const Line& line) {
  DynamicInterfaces value = DynamicInterfaces::on;
  if (line.has_value() && line.first().text == "allow_if_changes")
    value = DynamicInterfaces::allow_if_changes;
  else if (line.has_value())
    builder.error(line.first().place,
                  concat("dynamic_interfaces stands alone or with allow_if_changes, not ", quoted(line.first().text)),
                  "it counts as if it stood alone");
  return store<&VrrpDefs::dynamic_interfaces>(builder, line, value);
}

bool set_global_garp_extra_if(Builder& builder, const Line& line) {
  constexpr std::int64_t kMost = 86400;
  const bool all = line.first().text == "all";
  const Word& word = line.words[all && line.words.size() > 2 ? 2 : 1];
  const auto value = parse_integer(word.text);
  if (!value || *value < 1 || *value > kMost) {
    builder.error(word.place,
                  concat(line.keyword->name, " is [all] and a time, 1 to ", kMost, " s, not ", quoted(word.text)),
                  std::string(kIgnored));
    return false;
  }
  store<&GarpDefs::vrrp_garp_extra_if>(builder, line, *value);
  return store<&GarpDefs::vrrp_garp_extra_all>(builder, line, all);
}

}  // namespace baton::config

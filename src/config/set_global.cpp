#include "config/setters.hpp"

namespace baton::config {

bool set_retry(Builder& builder, const Line& line) {
  const auto value = read_integer(builder, line);
  if (value) builder.timing(line.block).retry = static_cast<unsigned>(*value);
  return value.has_value();
}

bool open_notification_email(Builder& builder, const Line& line) {
  builder.emails_before = builder.config.global.notification_email.size();
  builder.emails_place = line.words[0].place;
  return true;
}

/// Every word is an address; what it looks like is the mail server's business.
bool add_notification_email(Builder& builder, const Line& line) {
  for (const Word& word : line.words)
    builder.config.global.notification_email.emplace_back(word.text);
  return true;
}

void close_notification_email(Builder& builder) {
  if (builder.config.global.notification_email.size() == builder.emails_before)
    builder.warn(builder.emails_place, "notification_email holds no address", "write one per line between the braces");
}

/// The name of a mail server is looked up when a mail is sent, not here.
bool set_smtp_server(Builder& builder, const Line& line) {
  GlobalDefs& global = builder.config.global;
  if (line.words.size() > 2) {
    const auto port = parse_port(line.words[2].text, false);
    if (!port) {
      builder.error(line.words[2].place,
                    concat("smtp_server: the port must be 1 to 65535, not ", quoted(line.words[2].text)),
                    "the line is ignored");
      return false;
    }
    global.smtp_port = *port;
  }
  global.smtp_server = line.first().text;
  return true;
}

bool set_smtp_connect_timeout(Builder& builder, const Line& line) {
  auto value = read_integer(builder, line);
  if (!value) return false;
  if (*value == 0) {
    builder.warn(line.first().place, "smtp_connect_timeout 0 is taken for 1 s", "a connection takes time");
    value = 1;
  }
  builder.config.global.smtp_connect_timeout = std::chrono::seconds(*value);
  return true;
}

bool set_script_user(Builder& builder, const Line& line) {
  GlobalDefs& global = builder.config.global;
  global.script_user = line.first().text;
  global.script_group = line.words.size() > 2 ? line.words[2].text : std::string_view{};
  global.script_user_position = line.first().place.position;
  return true;
}

}  // namespace baton::config

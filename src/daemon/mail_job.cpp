#include "daemon/mail_job.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace baton::daemon {

namespace {

constexpr std::size_t kMaxRecipients = 1000;  // a mail server takes 100 of one mail and more

std::string date(const std::tm& local) {
  std::array<char, 64> text{};
  // The words of mails are English, whatever the machine speaks.
  constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto length = std::strftime(text.data(), text.size(), "%Y %H:%M:%S %z", &local);
  const auto day = std::to_string(local.tm_mday);
  return std::string(kDays.at(static_cast<std::size_t>(local.tm_wday))) + ", " + (day.size() < 2 ? "0" : "") + day +
         " " + kMonths.at(static_cast<std::size_t>(local.tm_mon)) + " " + std::string(text.data(), length);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

void put(std::string& text, std::string_view name, const std::string& value) {
  std::string line = value;
  std::ranges::replace_if(
      line, [](unsigned char octet) { return octet < 0x20 || octet == 0x7f; }, '?');
  text += std::string(name) + ' ' + line + '\n';
}

template <class Integer>
bool read(std::string_view text, Integer& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

bool take(std::string_view name, std::string_view value, MailSettings& settings) {
  if (name == "server") return settings.server = value, true;
  if (name == "port") return read(value, settings.port);
  if (name == "helo") return settings.helo_name = value, true;
  if (name == "from") return settings.from = value, true;
  if (name == "to" && settings.to.size() < kMaxRecipients) return settings.to.emplace_back(value), true;
  std::uint32_t seconds = 0;
  if (name != "timeout" || !read(value, seconds) || seconds == 0) return false;
  settings.timeout = std::chrono::seconds(seconds);
  return true;
}

}  // namespace

std::optional<MailSettings> mail_settings(const config::MailDefs& mail, const std::string& host_name) {
  if (mail.smtp_server.empty() || mail.notification_email.empty()) return std::nullopt;
  MailSettings settings;
  settings.server = mail.smtp_server;
  settings.port = mail.smtp_port;
  settings.helo_name = mail.smtp_helo_name.empty() ? host_name : mail.smtp_helo_name;
  if (mail.smtp_connect_timeout)
    settings.timeout =
        std::max(std::chrono::seconds{1}, std::chrono::duration_cast<std::chrono::seconds>(*mail.smtp_connect_timeout));
  settings.from = mail.notification_email_from.empty() ? "root@" + host_name : mail.notification_email_from;
  settings.to = mail.notification_email;
  if (settings.to.size() > kMaxRecipients) settings.to.resize(kMaxRecipients);
  return settings;
}

MailJob mail_job(const MailSettings& settings, const Mail& mail, const std::tm& local) {
  MailJob job;
  job.settings = settings;
  job.message = "Date: " + date(local) + "\r\nFrom: " + settings.from + "\r\nSubject: " + mail.subject +
                "\r\nX-Mailer: Keepalived\r\nTo: " + joined(settings.to) + "\r\n\r\n" + mail.body + "\r\n\r\n";
  return job;
}

std::string bare_address(const std::string& address) {
  const auto open = address.rfind('<');
  const auto close = address.rfind('>');
  if (open == std::string::npos || close == std::string::npos || close < open) return address;
  return address.substr(open + 1, close - open - 1);
}

std::string encode(const MailJob& job) {
  const auto& settings = job.settings;
  std::string text;
  put(text, "server", settings.server);
  put(text, "port", std::to_string(settings.port));
  put(text, "helo", settings.helo_name);
  put(text, "timeout", std::to_string(settings.timeout.count()));
  put(text, "from", settings.from);
  for (const auto& each : settings.to)
    put(text, "to", each);
  return text + '\n' + job.message;
}

Result<MailJob> decode_mail_job(std::string_view text) {
  MailJob job;
  for (;;) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return failure("the mail has no end of its settings");
    const auto line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (line.empty()) break;
    const auto blank = line.find(' ');
    if (blank == std::string_view::npos || !take(line.substr(0, blank), line.substr(blank + 1), job.settings))
      return failure("the mail has a line that is no setting");
  }
  if (job.settings.server.empty() || job.settings.to.empty()) return failure("the mail goes nowhere");
  job.message = text;
  return job;
}

}  // namespace baton::daemon

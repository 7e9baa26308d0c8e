// mail_job.hpp - one mail and where it goes: what the supervisor hands to the process that sends it (pure).
#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "core/result.hpp"
#include "daemon/mail_table.hpp"

namespace baton::daemon {

struct MailSettings {
  std::string server;  // address or name
  std::uint16_t port = 25;
  std::string helo_name;
  std::chrono::seconds timeout{30};  // of the connection and of each answer
  std::string from;                  // as it stands in the header
  std::vector<std::string> to;
  friend bool operator==(const MailSettings&, const MailSettings&) = default;
};

/// None without smtp_server or notification_email: no mail is sent.  `host_name` is the default of smtp_helo_name and,
/// behind "root@", of notification_email_from.
std::optional<MailSettings> mail_settings(const config::MailDefs& mail, const std::string& host_name);

struct MailJob {
  MailSettings settings;
  std::string message;  // header and body, lines end with CR LF
  friend bool operator==(const MailJob&, const MailJob&) = default;
};

/// `when` is written in local time, which `local` is.
MailJob mail_job(const MailSettings& settings, const Mail& mail, const std::tm& local);

/// "lvs@example.com" of "Director one <lvs@example.com>".
std::string bare_address(const std::string& address);

std::string encode(const MailJob& job);
/// Refuses what encode() does not write.
Result<MailJob> decode_mail_job(std::string_view text);

}  // namespace baton::daemon

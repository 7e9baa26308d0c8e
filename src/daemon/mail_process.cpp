#include "daemon/mail_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>

#include <curl/curl.h>

#include "daemon/log.hpp"
#include "daemon/privileges.hpp"
#include "daemon/process.hpp"
#include "daemon/role.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

/// Greeting, HELO, MAIL, RCPT, DATA, the message, QUIT: each may take the timeout once.
constexpr int kSteps = 7;
constexpr int kBadJob = 120;  // no code of libcurl's

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

std::string url_of(const MailSettings& settings) {
  const bool is_v6 = settings.server.find(':') != std::string::npos;
  const auto host = is_v6 ? "[" + settings.server + "]" : settings.server;
  return "smtp://" + host + ":" + std::to_string(settings.port) + "/" + settings.helo_name;
}

std::size_t hand_over(char* room, std::size_t size, std::size_t count, void* rest) {
  auto& text = *static_cast<std::string_view*>(rest);
  const auto length = std::min(size * count, text.size());
  std::memcpy(room, text.data(), length);
  text.remove_prefix(length);
  return length;
}

int send(const MailJob& job) {
  const std::unique_ptr<CURL, FreeHandle> handle(curl_easy_init());
  if (!handle) return CURLE_FAILED_INIT;
  std::unique_ptr<curl_slist, FreeList> recipients;
  for (const auto& each : job.settings.to) {
    auto* const longer = curl_slist_append(recipients.get(), ("<" + bare_address(each) + ">").c_str());
    if (longer == nullptr) return CURLE_OUT_OF_MEMORY;
    recipients.release();  // NOLINT(bugprone-unused-return-value): it is the head of `longer`
    recipients.reset(longer);
  }
  std::string_view rest = job.message;
  const auto url = url_of(job.settings);
  const auto from = "<" + bare_address(job.settings.from) + ">";
  const auto seconds = static_cast<long>(job.settings.timeout.count());
  CURL* const curl = handle.get();
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp");
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, seconds * kSteps);
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, hand_over);
  curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
  return static_cast<int>(curl_easy_perform(curl));
}

}  // namespace

int run_mail(const Options& options) {
  set_process_name("batond: mail");
  for (const int number : {SIGINT, SIGHUP, SIGUSR1, SIGUSR2, SIGPIPE})
    ::signal(number, SIG_IGN);
  if (!keep_only(0)) return kBadJob;
  const auto text = read_sealed_text(FileDescriptor(options.channel));
  const auto job = text ? decode_mail_job(*text) : Result<MailJob>(tl::unexpected(text.error()));
  if (!job) return kBadJob;
  if (curl_global_init(CURL_GLOBAL_NOTHING) != CURLE_OK) return CURLE_FAILED_INIT;
  return std::min(send(*job), kBadJob - 1);
}

std::string mail_trouble(int exit_status) {
  if (exit_status == 0) return "";
  if (exit_status >= kBadJob - 1 || exit_status < 0) return "the mail could not be handed over";
  std::string words = curl_easy_strerror(static_cast<CURLcode>(exit_status));
  if (!words.empty() && words.front() >= 'A' && words.front() <= 'Z')
    words.front() = static_cast<char>(words.front() + 32);
  return words;
}

Duration mail_time_limit(const MailSettings& settings) {
  return settings.timeout * kSteps;
}

}  // namespace baton::daemon

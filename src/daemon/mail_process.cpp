#include "daemon/mail_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>

#include "daemon/curl_library.hpp"
#include "daemon/log.hpp"
#include "daemon/privileges.hpp"
#include "daemon/process.hpp"
#include "daemon/role.hpp"
#include "daemon/sealed_text.hpp"

namespace baton::daemon {

namespace {

/// Greeting, HELO, MAIL, RCPT, DATA, the message, QUIT: each may take the timeout once.
constexpr int kSteps = 7;
constexpr int kBadJob = 120;     // no code of libcurl's
constexpr int kNoLibrary = 121;  // nor this

struct FreeHandle {
  const CurlLibrary* library;
  void operator()(CURL* handle) const { library->easy_cleanup(handle); }
};
struct FreeList {
  const CurlLibrary* library;
  void operator()(curl_slist* list) const { library->slist_free_all(list); }
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

int send(const CurlLibrary& library, const MailJob& job) {
  const std::unique_ptr<CURL, FreeHandle> handle(library.easy_init(), FreeHandle{&library});
  if (!handle) return CURLE_FAILED_INIT;
  std::unique_ptr<curl_slist, FreeList> recipients(nullptr, FreeList{&library});
  for (const auto& each : job.settings.to) {
    auto* const longer = library.slist_append(recipients.get(), ("<" + bare_address(each) + ">").c_str());
    if (longer == nullptr) return CURLE_OUT_OF_MEMORY;
    recipients.release();  // NOLINT(bugprone-unused-return-value): it is the head of `longer`
    recipients.reset(longer);
  }
  std::string_view rest = job.message;
  const auto url = url_of(job.settings);
  const auto from = "<" + bare_address(job.settings.from) + ">";
  const auto seconds = static_cast<long>(job.settings.timeout.count());
  const auto set = [&](CURLoption option, auto value) { library.easy_setopt(handle.get(), option, value); };
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, "smtp");
  set(CURLOPT_PROXY, "");
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_CONNECTTIMEOUT, seconds);
  set(CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
  set(CURLOPT_TIMEOUT, seconds * kSteps);
  set(CURLOPT_MAIL_FROM, from.c_str());
  set(CURLOPT_MAIL_RCPT, recipients.get());
  set(CURLOPT_UPLOAD, 1L);
  set(CURLOPT_READFUNCTION, hand_over);
  set(CURLOPT_READDATA, &rest);
  return static_cast<int>(library.easy_perform(handle.get()));
}

/// Behind "mail server HOST:PORT: ".  libcurl's own words would need libcurl in the supervisor.
const char* words_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return "its name is not known";
    case CURLE_COULDNT_CONNECT: return "cannot connect";
    case CURLE_WEIRD_SERVER_REPLY: return "its answer is no SMTP";
    case CURLE_OPERATION_TIMEDOUT: return "no answer in time";
    case CURLE_LOGIN_DENIED: return "it wants a login";
    case CURLE_REMOTE_ACCESS_DENIED: return "it does not serve us";
    case CURLE_SEND_ERROR: return "it refused the sender, a recipient or the message";
    case CURLE_RECV_ERROR:
    case CURLE_GOT_NOTHING: return "it hung up";
    default: return nullptr;
  }
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
  const auto* const library = curl_library();
  if (library == nullptr) return kNoLibrary;
  if (library->global_init(CURL_GLOBAL_NOTHING) != CURLE_OK) return CURLE_FAILED_INIT;
  return std::min(send(*library, *job), kBadJob - 1);
}

std::string mail_trouble(int exit_status) {
  if (exit_status == 0) return "";
  if (exit_status == kNoLibrary) return "libcurl (package libcurl4) is not installed: no mail can be sent";
  if (exit_status >= kBadJob - 1 || exit_status < 0) return "the mail could not be handed over";
  const auto* const words = words_of(static_cast<CURLcode>(exit_status));
  return words != nullptr ? words
                          : "the mail could not be handed over (error " + std::to_string(exit_status) + " of libcurl)";
}

Duration mail_time_limit(const MailSettings& settings) {
  return settings.timeout * kSteps;
}

}  // namespace baton::daemon

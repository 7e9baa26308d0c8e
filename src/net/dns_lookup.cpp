#include "net/dns_lookup.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <ares.h>
#include <sys/time.h>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

namespace baton::net {

namespace asio = boost::asio;

namespace {

constexpr int kInternet = 1;          // the class IN
constexpr int kQueryTries = 3;        // each waits twice as long as the one before
constexpr int kShares = 7;            // 1 + 2 + 4: so all of them fit into the time that there is
constexpr int kLargestAnswer = 1232;  // of EDNS: is not fragmented on any usual network
constexpr int kShortestTry = 50;      // ms

using Socket = asio::posix::stream_descriptor;

/// "192.0.2.53:53", "[2001:db8::53]:53": as ares_set_servers_ports_csv() reads it.
std::string server_text(const checkers::Endpoint& server) {
  const auto address = server.address.to_string();
  return (server.address.is_v6() ? '[' + address + ']' : address) + ':' + std::to_string(server.port);
}

checkers::DnsReply to_reply(int status, const unsigned char* message, int length) {
  using Kind = checkers::DnsReply::Kind;
  switch (status) {
    case ARES_SUCCESS:
      return {Kind::answered, std::as_bytes(std::span(message, static_cast<std::size_t>(std::max(length, 0)))), {}};
    case ARES_ENOTFOUND: return {Kind::nothing, {}, "there is no such name"};
    case ARES_ENODATA: return {Kind::nothing, {}, "the name has no such records"};
    case ARES_ETIMEOUT: return {Kind::failed, {}, "no answer in time"};
    default: return {Kind::failed, {}, ares_strerror(status)};
  }
}

}  // namespace

struct DnsLookup::State : std::enable_shared_from_this<State> {
  State(const asio::any_io_executor& on, checkers::PoolLookup what, Done then)
      : executor(on), lookup(std::move(what)), done(std::move(then)), retry(on), deadline(on) {}

  /// One question that c-ares carries out; lives in `queries` until its answer.
  struct Query {
    State* state;
    checkers::DnsQuestion question;
  };

  /// A socket of c-ares's, which opens and closes it.
  struct Watch {
    explicit Watch(const asio::any_io_executor& on, int fd) : socket(on, fd) {}
    ~Watch() { release(); }
    Watch(const Watch&) = delete;
    Watch& operator=(const Watch&) = delete;
    /// Its handlers keep it a little longer than c-ares keeps the socket.
    void release() {
      wants_read = wants_write = false;
      socket.release();
    }
    Socket socket;
    bool wants_read = false, wants_write = false;
    bool reads = false, writes = false;  // a wait is under way
  };

  void start(const DnsSettings& settings) {
    deadline.expires_after(settings.timeout);
    deadline.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->give_up("no answer in time");
    });
    ares_options options{};
    options.flags = ARES_FLAG_NOALIASES | ARES_FLAG_EDNS | ARES_FLAG_STAYOPEN;
    if (settings.nameserver) options.flags |= ARES_FLAG_NOSEARCH;
    options.ednspsz = kLargestAnswer;
    options.tries = kQueryTries;
    const auto share = std::chrono::duration_cast<std::chrono::milliseconds>(settings.timeout).count() / kShares;
    options.timeout = std::max(static_cast<int>(share), kShortestTry);
    options.sock_state_cb = &State::on_socket;
    options.sock_state_cb_data = this;
    constexpr int kMask =
        ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS | ARES_OPT_SOCK_STATE_CB;
    int status = ares_library_init(ARES_LIB_INIT_ALL);
    if (status == ARES_SUCCESS) status = ares_init_options(&channel, &options, kMask);
    if (status == ARES_SUCCESS && settings.nameserver)
      status = ares_set_servers_ports_csv(channel, server_text(*settings.nameserver).c_str());
    if (status != ARES_SUCCESS) return give_up(ares_strerror(status));
    ask(lookup.question());
    proceed();
  }

  void ask(const checkers::DnsQuestion& question) {
    auto query = std::make_unique<Query>(Query{this, question});
    auto* const raw = query.get();
    queries.push_back(std::move(query));
    const int type = static_cast<int>(question.type);
    // The names of targets are whole; only what a person wrote may be meant to be looked for in a search list.
    if (question == lookup.question())
      ares_search(channel, question.name.c_str(), kInternet, type, &State::on_reply, raw);
    else
      ares_query(channel, question.name.c_str(), kInternet, type, &State::on_reply, raw);
  }

  /// From within c-ares: nothing of it may be destroyed here.
  static void on_reply(void* data, int status, int /*timeouts*/, unsigned char* message, int length) {
    auto* const query = static_cast<Query*>(data);
    auto* const self = query->state;
    if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED || self->ended) return;
    const auto next = self->lookup.handle(query->question, to_reply(status, message, length));
    self->waiting.insert(self->waiting.end(), next.begin(), next.end());
  }

  static void on_socket(void* data, ares_socket_t fd, int readable, int writable) {
    auto* const self = static_cast<State*>(data);
    auto found = self->watches.find(fd);
    if (readable == 0 && writable == 0) {
      if (found != self->watches.end()) found->second->release();
      self->watches.erase(fd);
      return;
    }
    if (found == self->watches.end())
      found = self->watches.emplace(fd, std::make_shared<Watch>(self->executor, fd)).first;
    found->second->wants_read = readable != 0;
    found->second->wants_write = writable != 0;
  }

  /// After c-ares has had its turn: asks what came up, waits for what it waits for, or ends.
  void proceed() {
    while (!waiting.empty() && !lookup.outcome()) {
      const auto next = std::exchange(waiting, {});
      for (const auto& question : next)
        ask(question);
    }
    if (lookup.outcome()) return end(*lookup.outcome());
    for (const auto& [fd, watch] : watches)
      await(fd, watch);
    timeval longest{60, 0};
    timeval until{};
    const auto* const left = ares_timeout(channel, &longest, &until);
    retry.expires_after(std::chrono::seconds{left->tv_sec} + std::chrono::microseconds{left->tv_usec});
    retry.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error) self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    });
  }

  void await(int fd, const std::shared_ptr<Watch>& watch) {
    if (watch->wants_read && !std::exchange(watch->reads, true))
      watch->socket.async_wait(Socket::wait_read, [self = shared_from_this(), watch, fd](const auto& error) {
        watch->reads = false;
        if (!error && watch->wants_read) self->process(fd, ARES_SOCKET_BAD);
      });
    if (watch->wants_write && !std::exchange(watch->writes, true))
      watch->socket.async_wait(Socket::wait_write, [self = shared_from_this(), watch, fd](const auto& error) {
        watch->writes = false;
        if (!error && watch->wants_write) self->process(ARES_SOCKET_BAD, fd);
      });
  }

  void process(ares_socket_t read, ares_socket_t write) {
    if (ended) return;
    ares_process_fd(channel, read, write);
    proceed();
  }

  void give_up(std::string reason) {
    if (ended) return;
    end({checkers::PoolOutcome::Kind::failed, {}, 0, {}, std::move(reason)});
  }

  void end(checkers::PoolOutcome outcome) {
    if (ended) return;
    cancel();
    asio::post(executor, [self = shared_from_this(), outcome = std::move(outcome)]() mutable {
      const auto then = std::exchange(self->done, nullptr);
      if (then) then(std::move(outcome));
    });
  }

  /// Not from within c-ares.
  void cancel() {
    if (std::exchange(ended, true)) return;
    retry.cancel();
    deadline.cancel();
    if (channel != nullptr) ares_destroy(std::exchange(channel, nullptr));
    watches.clear();
    queries.clear();
  }

  asio::any_io_executor executor;
  checkers::PoolLookup lookup;
  Done done;
  asio::steady_timer retry, deadline;
  ares_channel channel = nullptr;
  std::map<ares_socket_t, std::shared_ptr<Watch>> watches;
  std::vector<std::unique_ptr<Query>> queries;
  std::vector<checkers::DnsQuestion> waiting;
  bool ended = false;
};

DnsLookup::DnsLookup(const asio::any_io_executor& executor, const DnsSettings& settings, checkers::PoolLookup lookup,
                     Done done)
    : state_(std::make_shared<State>(executor, std::move(lookup), std::move(done))) {
  state_->start(settings);
}

DnsLookup::~DnsLookup() {
  state_->cancel();
  state_->done = nullptr;
}

}  // namespace baton::net

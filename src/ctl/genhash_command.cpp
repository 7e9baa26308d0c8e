#include "ctl/genhash_command.hpp"

#include <chrono>
#include <cstdio>
#include <memory>
#include <utility>

#include <boost/asio/io_context.hpp>

#include "ctl/genhash_options.hpp"
#include "ctl/genhash_report.hpp"
#include "ctl/page_conversation.hpp"
#include "net/alarms.hpp"
#include "net/exchange.hpp"
#include "net/tls_context.hpp"

namespace baton::ctl {

namespace asio = boost::asio;

namespace {

/// A server that says something again and again is listened to for so many timeouts.
constexpr int kPatience = 100;

/// Keeps the result and ends the loop.
struct Answer final : net::Exchange::Owner {
  explicit Answer(asio::io_context& io) : loop(io) {}
  void exchanged(net::ProbeResult found) override {
    result = std::move(found);
    loop.stop();
  }
  asio::io_context& loop;
  net::ProbeResult result;
};

int complain(const std::string& text) {
  std::fputs(text.c_str(), stderr);
  return 1;
}

net::ProbeResult fetch(const GenhashOptions& options, std::shared_ptr<const net::TlsContext> tls, Page& page) {
  asio::io_context io(1);
  net::Alarms alarms(io.get_executor(), net::Alarms::Stall::counts);
  net::Readiness sockets(io.get_executor());
  checkers::Target target;
  target.to = {options.server, options.port};
  target.fwmark = options.fwmark;
  PageRequest request;
  request.text = genhash_request(options);
  request.tls = options.use_ssl;
  if (options.use_sni) request.server_name = options.virtualhost;
  request.keep_body = options.is_verbose;
  net::ExchangePlan plan;
  plan.target = &target;
  plan.wait_limit = options.timeout;
  plan.total_limit = options.timeout * kPatience;
  plan.talk = std::make_unique<PageConversation>(std::move(request), page);
  plan.deadlines = &alarms;
  plan.tls = std::move(tls);
  plan.sockets = &sockets;
  Answer answer(io);
  net::Exchange exchange(std::move(plan), answer);
  exchange.begin();
  io.run();
  return std::move(answer.result);
}

}  // namespace

int run_genhash(int argc, char** argv) {
  const auto command = parse_genhash(argc, argv);
  if (command.exit_status != 0) return complain(command.text);
  if (!command.text.empty()) {
    std::fputs(command.text.c_str(), stdout);
    return 0;
  }
  const auto& options = command.options;
  std::shared_ptr<net::TlsContext> tls;
  if (options.use_ssl) {
    auto created = net::TlsContext::create();
    if (!created) return complain("genhash: " + created.error().message + "\n");
    tls = std::move(*created);
  }
  Page page;
  const auto result = fetch(options, std::move(tls), page);
  if (page.digest.empty()) return complain("genhash: " + result.reason + "\n");
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(result.latency);
  const auto text = options.is_verbose ? verbose_report(page, options.url, took) : page.digest + "\n";
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace baton::ctl

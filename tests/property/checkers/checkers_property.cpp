// What holds of every series of probes, every schedule and every reply.
#include <algorithm>
#include <array>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <rapidcheck.h>

#include <doctest/doctest.h>

#include "checkers/check_state.hpp"
#include "checkers/chunk_framing.hpp"
#include "checkers/http_conversation.hpp"

using namespace baton;
using namespace baton::checkers;
using namespace std::chrono_literals;

namespace {

std::vector<Outcome> any_series() {
  // Failures in runs, so that retries are used up.
  return *rc::gen::container<std::vector<Outcome>>(
      rc::gen::weightedElement<Outcome>({{5, Outcome::passed}, {5, Outcome::failed}, {1, Outcome::local_trouble}}));
}

CheckSpec any_spec(std::size_t urls) {
  CheckSpec spec;
  spec.schedule.delay_loop = *rc::gen::inRange(1, 100) * 100ms;
  spec.schedule.delay_before_retry = *rc::gen::inRange(0, 100) * 100ms;
  spec.schedule.retry = *rc::gen::inRange(0U, 4U);
  if (urls > 0) {
    HttpSpec http;
    http.urls.resize(urls);
    spec.what = http;
  }
  return spec;
}

/// keepalived's rules for a check without URLs, told once more as a whole: from all outcomes so far.
Verdict by_history(const std::vector<Outcome>& so_far, unsigned retry) {
  std::vector<Outcome> results;
  std::ranges::copy_if(so_far, std::back_inserter(results), [](Outcome it) { return it != Outcome::local_trouble; });
  Verdict verdict = Verdict::up;
  for (std::size_t i = 0; i < results.size(); ++i) {
    if (results[i] == Outcome::passed) {
      verdict = Verdict::up;
      continue;
    }
    std::size_t run = 0;
    while (run <= i && results[i - run] == Outcome::failed)
      ++run;
    const bool never_passed = run == i + 1;
    if (never_passed || run > retry) verdict = Verdict::down;
  }
  return verdict;
}

std::span<const std::byte> bytes(std::string_view text) {
  return std::as_bytes(std::span(text));
}

Outcome judge(const HttpSpec& spec, std::string_view reply, const std::vector<std::size_t>& cuts) {
  HttpConversation talk(spec, 0, Endpoint{});
  talk.next({});
  Step step = talk.next({});
  for (std::size_t i = 0; !reply.empty() && std::holds_alternative<Receive>(step); ++i) {
    const std::size_t piece = cuts.empty() ? reply.size() : std::min(cuts[i % cuts.size()], reply.size());
    step = talk.next(bytes(reply.substr(0, piece)));
    reply.remove_prefix(piece);
  }
  if (std::holds_alternative<Receive>(step)) step = talk.closed();
  return std::get<Done>(step).outcome;
}

}  // namespace

TEST_CASE("a verdict is what keepalived's rules make of all that has happened") {
  CHECK(rc::check("check without URLs against its history", [] {
    const auto spec = any_spec(0);
    const auto series = any_series();
    CheckState state(spec);
    std::vector<Outcome> so_far;
    Verdict told = Verdict::up;
    for (const auto outcome : series) {
      if (const auto changed = state.record(outcome)) {
        RC_ASSERT(*changed != told);  // told only what is new
        told = *changed;
      }
      so_far.push_back(outcome);
      RC_ASSERT(told == state.health().verdict());
      RC_ASSERT(told == by_history(so_far, spec.schedule.retry));
    }
  }));
}

TEST_CASE("local trouble might as well not have happened") {
  CHECK(rc::check("series with and without local trouble", [] {
    const auto spec = any_spec(*rc::gen::inRange<std::size_t>(0, 4));
    CheckState with(spec);
    CheckState without(spec);
    for (const auto outcome : any_series()) {
      with.record(outcome);
      if (outcome != Outcome::local_trouble) without.record(outcome);
      RC_ASSERT(with.health().verdict() == without.health().verdict());
      RC_ASSERT(with.url() == without.url());
      if (outcome == Outcome::local_trouble) RC_ASSERT(with.health().next_delay() == spec.schedule.delay_loop);
    }
  }));
}

TEST_CASE("a server that answers comes back after at most one pass and one whole round") {
  CHECK(rc::check("recovery", [] {
    const auto urls = *rc::gen::inRange<std::size_t>(0, 5);
    CheckState state(any_spec(urls));
    for (const auto outcome : any_series())
      state.record(outcome);
    for (std::size_t i = 0; i < std::max<std::size_t>(1, 2 * urls); ++i)
      state.record(Outcome::passed);
    RC_ASSERT(state.health().verdict() == Verdict::up);
    RC_ASSERT(state.health().next_delay() > 0s);
  }));
}

TEST_CASE("the next probe is always in the future, and never further off than the longest pause") {
  CHECK(rc::check("next_due", [] {
    const auto spec = any_spec(*rc::gen::inRange<std::size_t>(0, 4));
    CheckState state(spec);
    const auto longest = std::max({spec.schedule.delay_loop, spec.schedule.delay_before_retry, Duration(1ms)});
    Instant due{};
    for (const auto outcome : any_series()) {
      const Instant ended = due + *rc::gen::inRange(0, 30000) * 1ms;
      state.record(outcome);
      const Instant next = state.next_due(due, ended);
      RC_ASSERT(next > ended);
      RC_ASSERT(next <= ended + longest);
      due = next;
    }
  }));
}

TEST_CASE("chunks that were written are read, however they are cut, and nothing less is complete") {
  CHECK(rc::check("framing", [] {
    const auto chunks = *rc::gen::container<std::vector<std::string>>(rc::gen::nonEmpty<std::string>());
    std::string body;
    for (const auto& chunk : chunks) {
      std::array<char, 32> size{};
      std::snprintf(size.data(), size.size(), "%zx\r\n", chunk.size());
      body += size.data() + chunk + "\r\n";
    }
    body += "0\r\n\r\n";
    const auto cut = *rc::gen::inRange<std::size_t>(0, body.size());
    ChunkFraming framing;
    RC_ASSERT(framing.update(bytes(std::string_view(body).substr(0, cut))));
    RC_ASSERT(!framing.complete());
    RC_ASSERT(framing.update(bytes(std::string_view(body).substr(cut))));
    RC_ASSERT(framing.complete());
  }));
}

TEST_CASE("no cut of a reply, sound or spoilt, changes what becomes of it") {
  CHECK(rc::check("cuts", [] {
    std::string reply = *rc::gen::element<std::string>(
        "HTTP/1.1 200 OK\r\nServer: x\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nOK\r\n0\r\nT: u\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nOK and more", "HTTP/1.0 503 x\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nA: b\r\n c\r\n\r\n");
    const int spoilt = *rc::gen::inRange(0, 3);
    for (int i = 0; i < spoilt; ++i) {
      const auto at = *rc::gen::inRange<std::size_t>(0, reply.size());
      reply[at] = *rc::gen::arbitrary<char>();
    }
    HttpSpec spec;
    spec.urls.resize(1);
    spec.urls[0].status_codes = {StatusRange{}};
    spec.urls[0].digest = *rc::gen::element<std::string>("", "e0aa021e21dddbd6d8cecec71e9cf564");
    const auto cuts =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 20)));
    RC_ASSERT(judge(spec, reply, cuts) == judge(spec, reply, {}));
  }));
}

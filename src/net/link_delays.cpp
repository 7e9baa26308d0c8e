#include "net/link_delays.hpp"

namespace baton::net {

void LinkDelays::set(std::unordered_map<std::string, LinkDelay> delays, Instant now) {
  delays_ = std::move(delays);
  const auto waiting = waiting_;
  for (const auto& [due, index] : waiting)
    if (auto& state = states_.at(index); !delays_.contains(state.name)) wait(index, state, now);
}

LinkMessage LinkDelays::filter(LinkMessage message, Instant now) {
  const auto known = states_.find(message.index);
  if (message.removed) {
    if (known == states_.end()) return message;
    wait(message.index, known->second, std::nullopt);
    states_.erase(known);
    return message;
  }
  const bool is_new = known == states_.end();
  auto& state = is_new ? states_[message.index] : known->second;
  if (message.name) state.name = *message.name;
  const bool is_news = state.is_up != message.up;
  state.is_up = message.up;
  if (is_new) state.counts = message.up;
  if (state.is_up == state.counts) {
    wait(message.index, state, std::nullopt);  // it has not lasted
  } else if (is_news || !state.due) {
    const auto delay = delay_of(state);
    if (delay == Duration::zero())
      state.counts = state.is_up;
    else
      wait(message.index, state, now + delay);
  }
  message.up = state.counts;
  return message;
}

std::optional<Instant> LinkDelays::deadline() const {
  return waiting_.empty() ? std::nullopt : std::optional(waiting_.begin()->first);
}

std::vector<LinkMessage> LinkDelays::due(Instant now) {
  std::vector<LinkMessage> lasted;
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    const auto index = waiting_.begin()->second;
    auto& state = states_.at(index);
    wait(index, state, std::nullopt);
    state.counts = state.is_up;
    LinkMessage message;
    message.index = index;
    message.up = state.counts;
    lasted.push_back(message);
  }
  return lasted;
}

void LinkDelays::wait(IfIndex index, State& state, std::optional<Instant> due) {
  if (state.due) waiting_.erase({*state.due, index});
  state.due = due;
  if (due) waiting_.emplace(*due, index);
}

Duration LinkDelays::delay_of(const State& state) const {
  const auto found = delays_.find(state.name);
  if (found == delays_.end()) return {};
  return state.is_up ? found->second.up : found->second.down;
}

}  // namespace baton::net

#include "config/builder.hpp"

#include <algorithm>

namespace baton::config {

std::string quoted(std::string_view word) {
  constexpr std::size_t kShown = 60;
  if (word.size() <= kShown) return concat("'", word, "'");
  return concat("'", word.substr(0, kShown), "...'");
}

TimingDraft& Builder::timing(Block block) {
  if (block == Block::virtual_server) return server.timing;
  if (block == Block::real_server || block == Block::real_server_pool) return real_server.timing;
  return probe.timing;
}

void Builder::report(Severity severity, Status status, const Place& place, std::string text, std::string hint) {
  out_->add({place.position, severity, status, std::move(text), std::move(hint), place.length});
}

void Builder::refuse(std::uint8_t status, Status as, const Place& place, std::string text, std::string hint) {
  out_->add({place.position, Severity::error, as, std::move(text), std::move(hint), place.length, status});
}

void Builder::not_active(const Keyword& keyword, const Place& place) {
  Seen& seen = not_active_[&keyword];
  if (seen.count++ == 0) seen.place = place;
}

void Builder::report_not_active() {
  for (const auto& [keyword, seen] : not_active_) {
    std::string hint(keyword->action.without);
    if (seen.count > 1) {
      if (!hint.empty()) hint += "; ";
      hint += concat("written ", seen.count, " times, here first");
    }
    const bool is_inert = keyword->is_read() && keyword->action.standing == Standing::inert;
    report(is_inert ? Severity::note : Severity::warning, Status::not_active, seen.place,
           concat("'", keyword->name, is_inert ? "' has no effect in Baton" : "' is accepted, not active yet"),
           std::move(hint));
  }
  not_active_.clear();
}

std::string Builder::at(const Place& place) const {
  return out_->where(place.position);
}

}  // namespace baton::config

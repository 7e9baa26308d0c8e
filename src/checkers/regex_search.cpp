#include "checkers/regex_search.hpp"

#include <algorithm>
#include <array>
#include <utility>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "core/assert.hpp"

namespace baton::checkers {

namespace {

/// Searched at once, so that a server that dribbles octets costs no more than others.
constexpr std::size_t kPiece = 4096;
/// Steps and memory (KiB) of one search; what needs more is a pattern that explodes.
constexpr std::uint32_t kMatchLimit = 500'000;
constexpr std::uint32_t kHeapLimit = 4096;

/// Octets at the end that are the beginning of a character of UTF-8 only.
std::size_t incomplete_tail(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const auto octet = static_cast<unsigned char>(text[text.size() - back]);
    if ((octet & 0xc0U) == 0x80U) continue;
    const std::size_t wanted = octet >= 0xf0U ? 4 : octet >= 0xe0U ? 3 : octet >= 0xc0U ? 2 : 1;
    return wanted > back ? back : 0;
  }
  return 0;
}

}  // namespace

std::uint32_t regex_option(std::string_view name) {
  constexpr auto kOptions = std::to_array<std::pair<std::string_view, std::uint32_t>>({
      {"allow_empty_class", PCRE2_ALLOW_EMPTY_CLASS},
      {"alt_bsux", PCRE2_ALT_BSUX},
      {"auto_callout", PCRE2_AUTO_CALLOUT},
      {"caseless", PCRE2_CASELESS},
      {"dollar_endonly", PCRE2_DOLLAR_ENDONLY},
      {"dotall", PCRE2_DOTALL},
      {"dupnames", PCRE2_DUPNAMES},
      {"extended", PCRE2_EXTENDED},
      {"firstline", PCRE2_FIRSTLINE},
      {"match_unset_backref", PCRE2_MATCH_UNSET_BACKREF},
      {"multiline", PCRE2_MULTILINE},
      {"never_ucp", PCRE2_NEVER_UCP},
      {"never_utf", PCRE2_NEVER_UTF},
      {"no_auto_capture", PCRE2_NO_AUTO_CAPTURE},
      {"no_auto_possess", PCRE2_NO_AUTO_POSSESS},
      {"no_dotstar_anchor", PCRE2_NO_DOTSTAR_ANCHOR},
      {"no_start_optimize", PCRE2_NO_START_OPTIMIZE},
      {"ucp", PCRE2_UCP},
      {"ungreedy", PCRE2_UNGREEDY},
      {"utf", PCRE2_UTF},
      {"never_backslash_c", PCRE2_NEVER_BACKSLASH_C},
      {"alt_circumflex", PCRE2_ALT_CIRCUMFLEX},
      {"alt_verbnames", PCRE2_ALT_VERBNAMES},
      {"use_offset_limit", PCRE2_USE_OFFSET_LIMIT},
  });
  const auto* const found = std::ranges::find(kOptions, name, [](const auto& option) { return option.first; });
  return found == kOptions.end() ? 0 : found->second;
}

Regex::Regex(const RegexSpec& spec) : spec_(spec) {
  std::uint32_t options = spec.options;
  // A page is what it is: octets that are no UTF-8 match nothing, rather than ending the search.
  if ((options & PCRE2_UTF) != 0) options |= PCRE2_MATCH_INVALID_UTF;
  int code = 0;
  PCRE2_SIZE offset = 0;
  code_ = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(spec.pattern.data()), spec.pattern.size(), options, &code, &offset,
                        nullptr);
  if (code_ == nullptr) {
    std::array<PCRE2_UCHAR, 128> words{};
    pcre2_get_error_message(code, words.data(), words.size());
    error_ = std::string(reinterpret_cast<const char*>(words.data())) + " at " + std::to_string(offset);
    return;
  }
  std::uint32_t characters = 0;
  pcre2_pattern_info(code_, PCRE2_INFO_MAXLOOKBEHIND, &characters);
  lookbehind_ = std::max<std::size_t>(1, std::size_t{characters} * ((options & PCRE2_UTF) != 0 ? 4 : 1));
}

Regex::~Regex() {
  pcre2_code_free(code_);
}

struct RegexSearch::Block {
  pcre2_match_data* match = pcre2_match_data_create(1, nullptr);
  pcre2_match_context* limits = pcre2_match_context_create(nullptr);

  Block() {
    ASSERT(match != nullptr && limits != nullptr);
    pcre2_set_match_limit(limits, kMatchLimit);
    pcre2_set_heap_limit(limits, kHeapLimit);
  }
  ~Block() {
    pcre2_match_data_free(match);
    pcre2_match_context_free(limits);
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
};

RegexSearch::RegexSearch(const Regex& regex) : regex_(regex) {
  if (regex.code_ != nullptr) {
    block_ = std::make_unique<Block>();
    return;
  }
  state_ = State::failed;
  error_ = regex.error_.c_str();
}

RegexSearch::~RegexSearch() = default;

RegexSearch::State RegexSearch::receive(std::span<const std::byte> bytes) {
  while (state_ == State::searching && !bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kPiece - std::min(fresh_, kPiece - 1)));
    window_.append(reinterpret_cast<const char*>(part.data()), part.size());
    fresh_ += part.size();
    bytes = bytes.subspan(part.size());
    if (fresh_ >= kPiece) state_ = search(false);
  }
  return state_;
}

RegexSearch::State RegexSearch::finish() {
  if (state_ == State::searching) state_ = search(true);
  if (state_ == State::searching) state_ = State::absent;
  return state_;
}

RegexSearch::State RegexSearch::search(bool last) {
  fresh_ = 0;
  const bool utf = (regex_.spec_.options & PCRE2_UTF) != 0;
  const std::size_t size = window_.size() - (utf && !last ? incomplete_tail(window_) : 0);
  if (regex_.spec_.min_offset > before_ + start_)
    start_ = static_cast<std::size_t>(std::min<std::uint64_t>(regex_.spec_.min_offset - before_, size));
  if (before_ + start_ < regex_.spec_.min_offset && !last) return keep_from(start_);
  if (before_ + start_ < regex_.spec_.min_offset) return State::absent;
  while (utf && start_ < size && (static_cast<unsigned char>(window_[start_]) & 0xc0U) == 0x80U)
    ++start_;

  const std::uint32_t options = last ? 0U : PCRE2_PARTIAL_HARD;
  const int result = pcre2_match(regex_.code_, reinterpret_cast<PCRE2_SPTR>(window_.data()), size, start_, options,
                                 block_->match, block_->limits);
  if (result >= 0 || result == PCRE2_ERROR_PARTIAL) {
    const std::size_t place = pcre2_get_ovector_pointer(block_->match)[0];
    if (regex_.spec_.max_offset && before_ + place > *regex_.spec_.max_offset) return State::absent;
    return result >= 0 ? State::found : keep_from(place);
  }
  if (result != PCRE2_ERROR_NOMATCH) {
    error_ = result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_HEAPLIMIT || result == PCRE2_ERROR_DEPTHLIMIT
                 ? "the search takes too many steps"
                 : "the search failed";
    return State::failed;
  }
  if (regex_.spec_.max_offset && before_ + size > *regex_.spec_.max_offset) return State::absent;
  return keep_from(size);
}

/// The search goes on at `place` of the window: what is before that and too far away to matter is dropped.
RegexSearch::State RegexSearch::keep_from(std::size_t place) {
  if (window_.size() - place > kMaxMatch) {
    error_ = "no match ends within 64 KiB";
    return State::failed;
  }
  const std::size_t dropped = place - std::min(place, regex_.lookbehind_);
  window_.erase(0, dropped);
  before_ += dropped;
  start_ = place - dropped;
  return State::searching;
}

}  // namespace baton::checkers

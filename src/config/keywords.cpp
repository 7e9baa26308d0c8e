#include "config/keywords.hpp"

#include <algorithm>
#include <array>

namespace baton::config {
namespace {

struct Slot {
  Block block = Block::none;
  const Keyword* keyword = nullptr;
};

/// Open addressing over all (block, name) pairs, at most half full.
class Index {
 public:
  Index() {
    for (const auto part :
         {root_keywords(), global_keywords(), process_keywords(), instance_keywords(), address_keywords(),
          authentication_keywords(), group_keywords(), tracking_keywords(), gateway_keywords(), route_keywords(),
          server_keywords(), server_pool_keywords(), checker_keywords()})
      sections_.insert(sections_.end(), part.begin(), part.end());
    for (const Section& section : sections_)
      for (const Keyword& keyword : section.rows)
        for (std::size_t i = 0; i < kBlocks; ++i)
          if (section.in.contains(static_cast<Block>(i))) add(static_cast<Block>(i), keyword);
    is_active_[static_cast<std::size_t>(Block::root)] = true;
    for (const Section& section : sections_)
      for (const Keyword& keyword : section.rows)
        if (keyword.is_active() && keyword.action.opens != Block::none)
          is_active_[static_cast<std::size_t>(keyword.action.opens)] = true;
  }

  [[nodiscard]] std::span<const Section> sections() const { return sections_; }

  [[nodiscard]] const Keyword* find(Block block, std::string_view name) const {
    for (std::size_t at = hash(block, name);; ++at) {
      const Slot& slot = slots_[at % kSlots];
      if (slot.keyword == nullptr) return nullptr;
      if (slot.block == block && slot.keyword->name == name) return slot.keyword;
    }
  }

  [[nodiscard]] const std::vector<std::string_view>& names(Block block) const {
    return names_.at(static_cast<std::size_t>(block));
  }

  [[nodiscard]] std::span<const Keyword* const> rows(Block block) const {
    return rows_.at(static_cast<std::size_t>(block));
  }

  [[nodiscard]] bool is_active(Block block) const { return is_active_.at(static_cast<std::size_t>(block)); }

  [[nodiscard]] bool takes_script(std::string_view name) const {
    return std::ranges::binary_search(script_names_, name);
  }

 private:
  static constexpr std::size_t kSlots = 2048;

  static std::size_t hash(Block block, std::string_view name) {
    std::size_t value = 14695981039346656037U + static_cast<std::size_t>(block);  // FNV-1a
    for (const char c : name)
      value = (value ^ static_cast<unsigned char>(c)) * 1099511628211U;
    return value ^ value >> 32U;
  }

  void add(Block block, const Keyword& keyword) {
    std::size_t at = hash(block, keyword.name);
    while (slots_[at % kSlots].keyword != nullptr)
      ++at;
    slots_[at % kSlots] = {block, &keyword};
    rows_[static_cast<std::size_t>(block)].push_back(&keyword);
    if (keyword.is_placeholder()) return;
    names_[static_cast<std::size_t>(block)].push_back(keyword.name);
    if (keyword.argument.kind != Argument::Kind::script) return;
    const auto place = std::ranges::lower_bound(script_names_, keyword.name);
    if (place == script_names_.end() || *place != keyword.name) script_names_.insert(place, keyword.name);
  }

  std::vector<Section> sections_;
  std::array<Slot, kSlots> slots_{};
  std::array<std::vector<std::string_view>, kBlocks> names_;
  std::array<std::vector<const Keyword*>, kBlocks> rows_;
  std::vector<std::string_view> script_names_;  // sorted
  std::array<bool, kBlocks> is_active_{};
};

const Index& index() {
  static const Index kIndex;
  return kIndex;
}

}  // namespace

std::span<const Section> sections() {
  return index().sections();
}

const Keyword* find_keyword(Block block, std::string_view name) {
  return index().find(block, name);
}

std::vector<Block> blocks_of(std::string_view name) {
  std::vector<Block> active;
  std::vector<Block> others;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const auto block = static_cast<Block>(i);
    const Keyword* keyword = find_keyword(block, name);
    if (keyword == nullptr || keyword->is_placeholder()) continue;
    (is_active(block, name) ? active : others).push_back(block);
  }
  active.insert(active.end(), others.begin(), others.end());
  return active;
}

bool is_active(Block block, std::string_view name) {
  const Keyword* keyword = find_keyword(block, name);
  return keyword != nullptr && keyword->is_active() && index().is_active(block);
}

std::span<const std::string_view> names_in(Block block) {
  return index().names(block);
}

std::span<const Keyword* const> keywords_in(Block block) {
  return index().rows(block);
}

bool is_root_only_block(std::string_view name) {
  const Keyword* keyword = find_keyword(Block::root, name);
  return keyword != nullptr && keyword->argument.has_block() && blocks_of(name).size() == 1;
}

bool takes_script(std::string_view name) {
  return index().takes_script(name);
}

}  // namespace baton::config

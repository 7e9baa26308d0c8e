#include "config/suggest.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

struct Known {
  std::string_view word;
  std::string_view hint;
};
/// Words that are no keywords of today and stand in many files all the same.
constexpr auto kKnown = std::to_array<Known>({
    {"lvs_id", "old keepalived's word for router_id"},
    {"nat_mask", "old keepalived's; it has no effect any more: take the line out"},
    {"net_mask", "it was never keepalived's; persistence has persistence_granularity"},
    {"local_address_group", "a keyword of full-NAT forks of keepalived; mainline IPVS has no such forwarding"},
    {"<<<<<<<", "a merge conflict is left in the file"},
    {"=======", "a merge conflict is left in the file"},
    {">>>>>>>", "a merge conflict is left in the file"},
});

std::string did_you_mean(std::string_view word) {
  return concat("did you mean '", word, "'?");
}

/// The only keyword of the block that is this word with something before or after it: script_security.
std::string_view longer_keyword(Block block, std::string_view word) {
  constexpr std::size_t kShortest = 5;
  std::string_view found;
  if (word.size() < kShortest) return found;
  for (const std::string_view name : names_in(block)) {
    if (name.size() <= word.size() || (!name.starts_with(word) && !name.ends_with(word))) continue;
    if (!found.empty()) return {};
    found = name;
  }
  return found;
}

/// The nearest keyword of those blocks that Baton acts on.
std::string_view nearest_elsewhere(std::string_view word) {
  std::vector<std::string_view> names;
  for (const Section& section : sections())
    for (const Keyword& keyword : section.rows)
      if (keyword.is_read()) names.push_back(keyword.name);
  return nearest(word, names);
}

/// Whether it holds what web pages and word processors put in the place of blanks, quotes and hyphens.
bool has_typography(std::string_view word) {
  return std::ranges::any_of(word, [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

std::string suggestion(Block block, std::span<const Word> words) {
  const std::string_view word = words.front().text;
  const auto known = std::ranges::find(kKnown, word, &Known::word);
  if (known != kKnown.end()) return std::string(known->hint);
  if (words.size() > 1) {
    const Keyword* joined = find_keyword(block, concat(word, words[1].text));  // "lb _kind"
    if (joined != nullptr) return did_you_mean(joined->name);
  }
  const std::string_view near = nearest(word, names_in(block));
  if (!near.empty()) return did_you_mean(near);
  const std::string_view longer = longer_keyword(block, word);
  if (!longer.empty()) return did_you_mean(longer);
  const std::string_view elsewhere = nearest_elsewhere(word);
  // In a group most strange words are the names of its instances.
  const bool is_name = block == Block::vrrp_sync_group && elsewhere != word;
  if (!elsewhere.empty() && !is_name) return concat("did you mean '", elsewhere, "'? ", proper_place(block, elsewhere));
  if (block == Block::vrrp_sync_group) return "the instances of a group stand inside group { }";
  if (has_typography(word))
    return "it holds characters that are not ASCII, such as the blanks, quotes and hyphens of a web page";
  return {};
}

std::string proper_place(Block block, std::string_view keyword) {
  constexpr std::size_t kNamed = 3;
  const std::string with_prefix = concat("vrrp_", keyword);
  if (find_keyword(block, with_prefix) != nullptr) return concat("here it is called '", with_prefix, "'");
  std::vector<Block> blocks = blocks_of(keyword);
  // A line of its own is hardly meant as an option of a route or a rule, unless nothing else has the name.
  const auto is_entry = [](Block each) { return each == Block::route_entry || each == Block::rule_entry; };
  if (!std::ranges::all_of(blocks, is_entry)) std::erase_if(blocks, is_entry);
  std::ranges::stable_partition(blocks, [](Block each) {  // the checks that most files have
    return each == Block::tcp_check || each == Block::http_get || each == Block::ssl_get;
  });
  std::ranges::stable_partition(blocks, [](Block each) { return each != Block::real_server_pool; });  // Baton's own
  const bool is_known = !blocks.empty() && is_active(blocks.front(), keyword);
  std::vector<std::string> names;
  for (const Block other : blocks)
    if (is_known == is_active(other, keyword) && names.size() < kNamed &&
        std::ranges::find(names, described(other)) == names.end())
      names.push_back(described(other));
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string_view instead = blocks.empty() ? "" : find_keyword(blocks.front(), keyword)->action.instead;
  std::string text =
      instead.empty() || find_keyword(block, instead) == nullptr ? "" : concat("here it is called '", instead, "'; ");
  return text + "it belongs " + (blocks == std::vector{Block::root} ? "at " : "inside ") + listed(views);
}

}  // namespace baton::config

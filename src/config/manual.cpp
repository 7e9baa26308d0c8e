#include "config/manual.hpp"

#include <algorithm>
#include <array>

#include "config/builder.hpp"
#include "config/keywords.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

/// Blocks that no row opens: what holds them.
Block holder_of(Block block) {
  switch (block) {
    case Block::nexthop:
    case Block::encap_ip:
    case Block::encap_ip6:
    case Block::encap_mpls:
    case Block::encap_ila: return Block::route_entry;
    default: return Block::root;
  }
}

State own_state(const Keyword& keyword) {
  if (!keyword.is_read()) return State::not_read;
  switch (keyword.action.standing) {
    case Standing::active: return State::active;
    case Standing::pending: return State::pending;
    case Standing::inert: return State::inert;
  }
  return State::not_read;
}

struct Opener {
  Block in;
  const Keyword* keyword;
};

/// Who opens which block, and how far Baton acts on each.
class BlockFacts {
 public:
  BlockFacts() {
    for (std::size_t i = 0; i < kBlocks; ++i)
      for (const Keyword* keyword : keywords_in(static_cast<Block>(i)))
        if (keyword->action.opens != Block::none)
          openers_[index(keyword->action.opens)].push_back({static_cast<Block>(i), keyword});
    states_.fill(State::not_read);
    for (const Block block : {Block::root, Block::script_form, Block::preprocessor})
      states_[index(block)] = State::active;
    for (std::size_t round = 0; round < kBlocks; ++round)  // the state of a block is that of its best opener
      for (std::size_t i = 0; i < kBlocks; ++i)
        states_[i] = std::min(states_[i], best(static_cast<Block>(i)));
  }

  [[nodiscard]] State state(Block block) const { return states_[index(block)]; }
  [[nodiscard]] const std::vector<Opener>& openers(Block block) const { return openers_[index(block)]; }

 private:
  static std::size_t index(Block block) { return static_cast<std::size_t>(block); }

  [[nodiscard]] State best(Block block) const {
    State found = State::not_read;
    for (const Opener& opener : openers(block))
      found = std::min(found, std::max(state(opener.in), own_state(*opener.keyword)));
    if (!openers(block).empty()) return found;
    return holder_of(block) == Block::root ? state(block) : state(holder_of(block));
  }

  std::array<std::vector<Opener>, kBlocks> openers_;
  std::array<State, kBlocks> states_{};
};

const BlockFacts& facts() {
  static const BlockFacts kFacts;
  return kFacts;
}

Block parent_of(Block block) {
  const std::vector<Opener>& openers = facts().openers(block);
  return openers.empty() ? holder_of(block) : openers.front().in;
}

/// "virtual_server / real_server", for a block in braces.
std::string path_of(Block block) {
  std::string path;
  for (Block at = block; at != Block::root; at = parent_of(at))
    path = path.empty() ? std::string(name_of(at)) : concat(name_of(at), " / ", path);
  return path;
}

std::vector<Block> blocks_of(const Section& section) {
  std::vector<Block> blocks;
  for (const Block block : manual_order())
    if (section.in.contains(block)) blocks.push_back(block);
  return blocks;
}

}  // namespace

State state_of(Block block, const Keyword& keyword) {
  const State around = facts().state(block);
  if (keyword.is_placeholder() || block == Block::preprocessor) return around;
  return std::max(around, own_state(keyword));
}

std::string_view name_of(State state) {
  switch (state) {
    case State::active: return "active";
    case State::pending: return "accepted, not active yet";
    case State::inert: return "no effect";
    case State::not_read: return "not read";
  }
  return "";
}

std::string title_of(Block block) {
  if (block == Block::root) return "The top level";
  if (block == Block::preprocessor) return "Preprocessor";
  if (block == Block::script_form) return "Script lines";
  if (facts().openers(block).empty()) return concat("Routes: ", name_of(block));
  if (!is_list(block)) return path_of(block);
  std::vector<std::string_view> names;
  for (const Opener& opener : facts().openers(block))
    if (std::ranges::find(names, opener.keyword->name) == names.end()) names.push_back(opener.keyword->name);
  std::string title = "Entries of ";
  for (const std::string_view name : names)
    title += (name == names.front() ? "" : ", ") + std::string(name);
  return title;
}

std::string range_of(const Keyword& keyword) {
  const Argument::Kind kind = keyword.argument.kind;
  return kind == Argument::Kind::integer || kind == Argument::Kind::decimal ? keyword.argument.range() : std::string{};
}

std::vector<Block> manual_order() {
  std::vector<Block> blocks = {Block::preprocessor, Block::root};
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const auto block = static_cast<Block>(i);
    if (block != Block::root && block != Block::preprocessor) blocks.push_back(block);
  }
  return blocks;
}

std::string heading_of(const Section& section) {
  const std::vector<Block> blocks = blocks_of(section);
  if (blocks.size() == 1) return title_of(blocks.front());
  std::string heading;
  for (const Block block : blocks)
    heading += concat(heading.empty() ? "In several blocks: " : ", ", name_of(block));
  return heading;
}

State state_of(const Section& section, const Keyword& keyword) {
  State state = State::not_read;
  for (const Block block : blocks_of(section))
    state = std::min(state, state_of(block, keyword));
  return state;
}

std::vector<Part> manual_parts() {
  std::vector<Part> parts;
  for (const Block block : manual_order()) {
    Part own{title_of(block), block, {}};
    for (const Section& section : sections()) {
      if (!section.in.contains(block)) continue;
      const std::vector<Block> blocks = blocks_of(section);
      if (blocks.size() == 1)
        own.sections.push_back(&section);
      else if (blocks.front() == block)
        parts.push_back({heading_of(section), Block::none, {&section}});
    }
    parts.push_back(std::move(own));
  }
  return parts;
}

std::string nearest_keyword(std::string_view word) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < kBlocks; ++i) {
    const std::span<const std::string_view> more = names_in(static_cast<Block>(i));
    names.insert(names.end(), more.begin(), more.end());
  }
  const std::string_view near = nearest(word, names);
  return near.empty() ? std::string{} : concat("did you mean '", near, "'?");
}

}  // namespace baton::config

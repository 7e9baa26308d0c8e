// keywords.hpp - the keyword table: every keyword and block that keepalived has, and how to find one.
#pragma once

#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "config/keyword.hpp"

namespace baton::config {

/// All rows, section by section.
std::span<const Section> sections();

/// The keyword of this name in this block; nullptr when there is none.  Constant time.
const Keyword* find_keyword(Block block, std::string_view name);

/// The blocks in which a keyword of this name may stand, those that Baton acts on first.
std::vector<Block> blocks_of(std::string_view name);

/// Whether Baton acts on this keyword in this block, and on the block.
bool is_active(Block block, std::string_view name);

/// The names of the keywords of this block.
std::span<const std::string_view> names_in(Block block);

/// The rows of this block, in the order of the table.
std::span<const Keyword* const> keywords_in(Block block);

/// Whether it stands at the top level and nowhere else, and opens a block: the end of every block before it.
bool is_root_only_block(std::string_view name);

/// Whether a keyword of this name takes a script line, whose quoted words have escapes.
bool takes_script(std::string_view name);

// The parts, one file each.
std::span<const Section> root_keywords();
std::span<const Section> global_keywords();
std::span<const Section> process_keywords();
std::span<const Section> instance_keywords();
std::span<const Section> address_keywords();
std::span<const Section> authentication_keywords();
std::span<const Section> group_keywords();
std::span<const Section> tracking_keywords();
std::span<const Section> gateway_keywords();
std::span<const Section> route_keywords();
std::span<const Section> server_keywords();
std::span<const Section> server_pool_keywords();
std::span<const Section> checker_keywords();

}  // namespace baton::config

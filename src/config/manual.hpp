// manual.hpp - what people read about the configuration language: all of it made from the keyword table.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/blocks.hpp"
#include "config/keyword.hpp"

namespace baton::config {

/// What Baton does with a keyword in one block, the blocks around it considered: an active keyword inside a block that
/// is pending is pending.
enum class State : std::uint8_t { active, pending, inert, not_read };

State state_of(Block block, const Keyword& keyword);
/// "active", "accepted, not active yet", "no effect", "not read".
std::string_view name_of(State state);

/// How a reader finds the block: "global_defs", "virtual_server / real_server / TCP_CHECK", "entries of
/// virtual_routes".
std::string title_of(Block block);

/// "1 to 255 s" for numbers; empty where every value of the grammar will do.
std::string range_of(const Keyword& keyword);

/// A block as it may be written, and the block in which it then stands.
struct Example {
  Block block;
  Block in;
  std::string_view text;
};
/// nullptr: there is none.
const Example* example_of(Block block);

/// The blocks in the order of the manual.
std::vector<Block> manual_order();

/// A chapter of the manual: a block with the rows of its own, or rows that several blocks share.
struct Part {
  std::string heading;
  Block block = Block::none;  // none: shared rows
  std::vector<const Section*> sections;
};
/// Every row of the table once; shared ones before the first block that has them.
std::vector<Part> manual_parts();
/// The heading under which a section is described.
std::string heading_of(const Section& section);
/// Of a row that several blocks share the best state counts.
State state_of(const Section& section, const Keyword& keyword);

/// docs/configuration.md: `head`, written by hand, then every block with its keywords and an example.  A row that
/// several blocks share is described once.
std::string manual_reference(std::string_view head);

/// docs/compatibility.md: `source`, written by hand, in which kTableMarker is replaced by every keyword with its state.
std::string manual_compatibility(std::string_view source);
inline constexpr std::string_view kTableMarker = "<!-- keywords -->\n";

/// baton.conf(5): the same head and the same rows for man.
std::string manual_page(std::string_view head);

/// A syntax file for vim.
std::string vim_syntax();

/// What the manual says of one keyword, in every block that has it.  Absent: no block has it.
std::optional<std::string> explain(std::string_view keyword);
/// "did you mean 'priority'?", of all keywords; empty when none is near.
std::string nearest_keyword(std::string_view word);

}  // namespace baton::config

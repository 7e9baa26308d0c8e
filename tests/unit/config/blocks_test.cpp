#include "config/blocks.hpp"

#include <set>

#include <doctest/doctest.h>

namespace baton::config {
namespace {

TEST_CASE("a set of blocks holds what was put into it") {
  constexpr BlockSet kSet = {Block::root, Block::tcp_check, Block::preprocessor};
  static_assert(kSet.contains(Block::root) && kSet.contains(Block::tcp_check) && kSet.contains(Block::preprocessor));
  static_assert(!kSet.contains(Block::http_get) && !kSet.empty());
  static_assert(BlockSet{}.empty());
  CHECK(kSet.contains(Block::tcp_check));
}

TEST_CASE("every block has a name of its own, but for the two kinds of url and of track_file") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kBlocks; ++i)
    names.insert(name_of(static_cast<Block>(i)));
  CHECK(names.size() == kBlocks - 2);
  CHECK(name_of(Block::root).empty());
  CHECK(name_of(Block::none).empty());
  CHECK(name_of(Block::tcp_check) == "TCP_CHECK");
  CHECK(name_of(Block::preprocessor) == "preprocessor");
}

TEST_CASE("blocks are described as one writes them") {
  CHECK(described(Block::tcp_check) == "TCP_CHECK { }");
  CHECK(described(Block::notification_email) == "notification_email { }");
  CHECK(described(Block::ip_entry) == "virtual_ipaddress { }");
  CHECK(described(Block::nexthop) == "nexthop");
  CHECK(described(Block::root) == "the top level, outside all blocks");
}

TEST_CASE("lists are blocks of entries") {
  CHECK(is_list(Block::ip_entry));
  CHECK(is_list(Block::notification_email));
  CHECK_FALSE(is_list(Block::root));
  CHECK_FALSE(is_list(Block::http_url));
}

}  // namespace
}  // namespace baton::config

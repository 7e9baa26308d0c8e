#include "config/blocks.hpp"

namespace baton::config {
namespace {

enum class Kind : std::uint8_t { braces, list, entry };

struct BlockRow {
  std::string_view name;
  Kind kind;
};

constexpr std::array<BlockRow, kBlocks> kRows = {{
    {"", Kind::braces},
    {"global_defs", Kind::braces},
    {"notification_email", Kind::list},
    {"track_group", Kind::braces},
    {"vrrp_sync_group", Kind::braces},
    {"garp_group", Kind::braces},
    {"vrrp_instance", Kind::braces},
    {"authentication", Kind::braces},
    {"auth_hmac", Kind::braces},
    {"vrrp_script", Kind::braces},
    {"vrrp_track_process", Kind::braces},
    {"track_file", Kind::braces},
    {"bfd_instance", Kind::braces},
    {"vrrp_track_gateway", Kind::braces},
    {"SSL", Kind::braces},
    {"virtual_server", Kind::braces},
    {"real_server", Kind::braces},
    {"real_server_pool", Kind::braces},
    {"MISC_CHECK", Kind::braces},
    {"SMTP_CHECK", Kind::braces},
    {"host", Kind::braces},
    {"TCP_CHECK", Kind::braces},
    {"PING_CHECK", Kind::braces},
    {"UDP_CHECK", Kind::braces},
    {"HTTP_GET", Kind::braces},
    {"SSL_GET", Kind::braces},
    {"url", Kind::braces},
    {"url", Kind::braces},
    {"DNS_CHECK", Kind::braces},
    {"FILE_CHECK", Kind::braces},
    {"BFD_CHECK", Kind::braces},
    {"virtual_ipaddress", Kind::list},
    {"virtual_routes", Kind::list},
    {"nexthop", Kind::entry},
    {"encap ip", Kind::entry},
    {"encap ip6", Kind::entry},
    {"encap mpls", Kind::entry},
    {"encap ila", Kind::entry},
    {"virtual_rules", Kind::list},
    {"virtual_server_group", Kind::list},
    {"track_interface", Kind::list},
    {"track_script", Kind::list},
    {"track_file", Kind::list},
    {"track_process", Kind::list},
    {"track_bfd", Kind::list},
    {"track_gateway", Kind::list},
    {"unicast_peer", Kind::list},
    {"group", Kind::list},
    {"script line", Kind::entry},
    {"preprocessor", Kind::entry},
}};

constexpr const BlockRow& row_of(Block block) {
  return kRows[static_cast<std::size_t>(block)];
}

}  // namespace

std::string_view name_of(Block block) {
  return block == Block::none ? std::string_view{} : row_of(block).name;
}

bool is_list(Block block) {
  return block != Block::none && row_of(block).kind != Kind::braces;
}

std::string described(Block block) {
  if (block == Block::root) return "the top level, outside all blocks";
  const std::string name(name_of(block));
  return row_of(block).kind == Kind::entry ? name : name + " { }";
}

}  // namespace baton::config

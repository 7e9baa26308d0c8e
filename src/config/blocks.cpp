#include "config/blocks.hpp"

namespace baton::config {
namespace {

enum class Form : std::uint8_t { braces, list, entry };

struct BlockRow {
  std::string_view name;
  Form form;
};

constexpr std::array<BlockRow, kBlocks> kRows = {{
    {"", Form::braces},
    {"global_defs", Form::braces},
    {"notification_email", Form::list},
    {"track_group", Form::braces},
    {"vrrp_sync_group", Form::braces},
    {"garp_group", Form::braces},
    {"vrrp_instance", Form::braces},
    {"authentication", Form::braces},
    {"auth_hmac", Form::braces},
    {"vrrp_script", Form::braces},
    {"vrrp_track_process", Form::braces},
    {"track_file", Form::braces},
    {"bfd_instance", Form::braces},
    {"vrrp_track_gateway", Form::braces},
    {"SSL", Form::braces},
    {"virtual_server", Form::braces},
    {"real_server", Form::braces},
    {"real_server_pool", Form::braces},
    {"MISC_CHECK", Form::braces},
    {"SMTP_CHECK", Form::braces},
    {"host", Form::braces},
    {"TCP_CHECK", Form::braces},
    {"PING_CHECK", Form::braces},
    {"UDP_CHECK", Form::braces},
    {"HTTP_GET", Form::braces},
    {"SSL_GET", Form::braces},
    {"url", Form::braces},
    {"url", Form::braces},
    {"DNS_CHECK", Form::braces},
    {"FILE_CHECK", Form::braces},
    {"BFD_CHECK", Form::braces},
    {"virtual_ipaddress", Form::list},
    {"virtual_routes", Form::list},
    {"nexthop", Form::entry},
    {"encap ip", Form::entry},
    {"encap ip6", Form::entry},
    {"encap mpls", Form::entry},
    {"encap ila", Form::entry},
    {"virtual_rules", Form::list},
    {"virtual_server_group", Form::list},
    {"track_interface", Form::list},
    {"track_script", Form::list},
    {"track_file", Form::list},
    {"track_process", Form::list},
    {"track_bfd", Form::list},
    {"track_gateway", Form::list},
    {"unicast_peer", Form::list},
    {"group", Form::list},
    {"script line", Form::entry},
    {"preprocessor", Form::entry},
}};

constexpr const BlockRow& row_of(Block block) {
  return kRows[static_cast<std::size_t>(block)];
}

}  // namespace

std::string_view name_of(Block block) {
  return block == Block::none ? std::string_view{} : row_of(block).name;
}

bool is_list(Block block) {
  return block != Block::none && row_of(block).form != Form::braces;
}

std::string described(Block block) {
  if (block == Block::root) return "the top level, outside all blocks";
  const std::string name(name_of(block));
  return row_of(block).form == Form::entry ? name : name + " { }";
}

}  // namespace baton::config

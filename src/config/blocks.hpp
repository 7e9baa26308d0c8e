// blocks.hpp - the blocks of the configuration language, and sets of them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace baton::config {

/// Where a keyword may stand.  Besides blocks in braces these are the word lists whose options are keywords of their
/// own (the entry of an address, a route, a tracker), the forms of a script line, and the preprocessor.
enum class Block : std::uint8_t {
  root,
  global_defs,
  notification_email,
  track_group,
  vrrp_sync_group,
  garp_group,
  vrrp_instance,
  authentication,
  auth_hmac,
  vrrp_script,
  vrrp_track_process,
  track_file,
  bfd_instance,
  vrrp_track_gateway,
  ssl,
  virtual_server,
  real_server,
  real_server_pool,
  misc_check,
  smtp_check,
  smtp_host,
  tcp_check,
  ping_check,
  udp_check,
  http_get,
  ssl_get,
  http_url,
  ssl_url,
  dns_check,
  file_check,
  bfd_check,
  ip_entry,
  route_entry,
  nexthop,
  encap_ip,
  encap_ip6,
  encap_mpls,
  encap_ila,
  rule_entry,
  group_entry,
  track_interface,
  track_script,
  track_file_entry,
  track_process,
  track_bfd,
  track_gateway,
  unicast_peer,
  name_list,
  script_form,
  preprocessor,
  none,
};
inline constexpr std::size_t kBlocks = static_cast<std::size_t>(Block::none);

/// A set of blocks, for keywords that several blocks share.
class BlockSet {
 public:
  constexpr BlockSet() = default;
  constexpr BlockSet(std::initializer_list<Block> blocks) {
    for (const Block block : blocks)
      bits_ |= bit(block);
  }
  [[nodiscard]] constexpr bool contains(Block block) const { return (bits_ & bit(block)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

 private:
  static constexpr std::uint64_t bit(Block block) { return std::uint64_t{1} << static_cast<unsigned>(block); }
  std::uint64_t bits_ = 0;
};
static_assert(kBlocks <= 64, "BlockSet has 64 bits");

/// The keyword that opens it ("TCP_CHECK", "virtual_ipaddress"), or what it is; the top level is "".
std::string_view name_of(Block block);

/// Whether each line of the block is an entry (an address, names) and not a keyword with its value.
bool is_list(Block block);

/// "TCP_CHECK { }", "the top level, outside all blocks": what follows "it belongs inside" or "at".
std::string described(Block block);

}  // namespace baton::config

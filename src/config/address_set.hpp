// address_set.hpp - which addresses have been listed: one array, since there can be a million of them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <functional>
#include <vector>

#include "config/model_address.hpp"

namespace baton::config {

/// Open addressing, at most half full.  The entries outlive the set.
class AddressSet {
 public:
  /// `most`: how many are added.
  explicit AddressSet(std::size_t most) : slots_(std::bit_ceil(std::max<std::size_t>(most, 1) * 2)) {}

  /// False: there is one of the same address and prefix.
  bool add(const VirtualAddress& entry) {
    std::size_t at = std::hash<IpAddress>{}(entry.address) + entry.prefix_length;
    for (;; ++at) {
      const VirtualAddress*& slot = slots_[at & (slots_.size() - 1)];
      if (slot == nullptr) {
        slot = &entry;
        return true;
      }
      if (slot->address == entry.address && slot->prefix_length == entry.prefix_length) return false;
    }
  }

 private:
  std::vector<const VirtualAddress*> slots_;
};

}  // namespace baton::config

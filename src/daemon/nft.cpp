#include "daemon/nft.hpp"

#include <algorithm>
#include <chrono>

#include "net/program.hpp"

namespace baton::daemon {

bool is_nft_name(const std::string& word) {
  const auto is_part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return !word.empty() && word.size() < 64 && std::ranges::all_of(word, is_part);
}

Result<void> run_nft(std::string_view script) {
  constexpr Duration kLimit = std::chrono::seconds{2};  // it takes some milliseconds
  return net::run_system_program({"nft", "-f", "-"}, script, kLimit);
}

}  // namespace baton::daemon

// nft.hpp - hands scripts to nft, the program of the packet filter.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"

namespace baton::daemon {

/// A word that nft takes for a name and nothing else.
bool is_nft_name(const std::string& word);

/// All of the script is done, or nothing of it.
Result<void> run_nft(std::string_view script);

}  // namespace baton::daemon

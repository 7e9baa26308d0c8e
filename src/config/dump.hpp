// dump.hpp - a Config as configuration text, every value spelled out.
#pragma once

#include <string>

#include "config/model.hpp"

namespace baton::config {

/// Reads back as the same Config, and dumps again as the same text.
std::string dump(const Config& config);

}  // namespace baton::config

// load.hpp - a configuration from its files: expanded, parsed, and everything that is to be said about it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "config/files.hpp"
#include "config/parse.hpp"

namespace baton::config {

struct Loaded {
  std::shared_ptr<const std::string> text;  // expanded: whoever is handed it needs no file and no settings
  Parsed parsed;
  bool is_known = false;  // the text is one that was parsed before; `parsed` is empty
};

/// Whether a text is the one that is in force.
using IsKnown = std::function<bool(const std::string& text)>;

/// `name` may be a pattern: several files are read in order.  Never throws; what cannot be read is in the diagnostics,
/// whose refusal() says whether a daemon may start on what is left.
/// A text that `is_known` is not parsed again.
Loaded load(const Files& files, const LoadSettings& settings, const std::string& name, const IsKnown& is_known = {});

}  // namespace baton::config

#include "ctl/format_command.hpp"

#include <algorithm>
#include <string_view>

#include <unistd.h>

#include "config/dump.hpp"
#include "config/format.hpp"
#include "config/parse.hpp"
#include "ctl/file.hpp"

namespace baton::ctl {
namespace {

constexpr std::string_view kStandardInput = "-";

int complain(Streams streams, std::string_view name, std::string_view why) {
  write_all(streams.errors, "batonctl: " + std::string(name) + ": " + std::string(why) + "\n");
  return kTrouble;
}

/// A net below the formatter: no file is given out that reads differently.
bool says_the_same(const std::string& one, const std::string& other) {
  return config::dump(config::parse(one, "").config) == config::dump(config::parse(other, "").config);
}

int format_one(const FormatRequest& request, const std::string& name, Streams streams) {
  const bool is_input = name == kStandardInput;
  if (is_input && request.is_in_place) return complain(streams, name, "standard input cannot be replaced");
  const Result<std::string> text = is_input ? read_all(streams.input) : read_file(name);
  if (!text) return complain(streams, name, text.error().message);
  const config::Formatted formatted = config::format(*text, is_input ? "standard input" : name);
  if (formatted.diagnostics.has_errors()) {
    write_all(streams.errors, formatted.diagnostics.render_all());
    return kTrouble;
  }
  const bool is_same = formatted.text == *text;
  if (request.is_check) {
    if (is_same) return 0;
    write_all(streams.output, name + "\n");
    return kWouldChange;
  }
  if (!is_same && !says_the_same(*text, formatted.text))
    return complain(streams, name, "laid out it would be read differently: left as it is; please report this file");
  if (!request.is_in_place)
    return write_all(streams.output, formatted.text) ? 0 : complain(streams, name, "standard output cannot be written");
  if (is_same) return 0;
  const Result<void> replaced = replace_file(name, *text, formatted.text);
  return replaced ? 0 : complain(streams, name, replaced.error().message);
}

}  // namespace

int run_format(const FormatRequest& request, Streams streams) {
  int status = 0;
  if (request.files.empty()) return format_one(request, std::string(kStandardInput), streams);
  for (const std::string& name : request.files)
    status = std::max(status, format_one(request, name, streams));
  return status;
}

}  // namespace baton::ctl

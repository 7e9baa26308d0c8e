#include "config/parse.hpp"

#include <utility>

#include "config/builder.hpp"
#include "config/parser.hpp"
#include "config/resolve_check.hpp"

namespace baton::config {
namespace {

constexpr std::uint8_t kUnreadable = 6;  // what keepalived ends with when there is no usable configuration

}  // namespace

Parsed parse(std::string_view text, std::string file_name) {
  if (text.size() > kMaxTextSize)
    return unreadable(std::move(file_name), concat("the file is larger than ", kMaxTextSize / (1U << 20U), " MiB"));
  Diagnostics diagnostics;
  diagnostics.add_file(std::move(file_name), text);
  return parse(text, std::move(diagnostics));
}

Parsed parse(std::string_view text, Diagnostics diagnostics) {
  Parsed parsed;
  parsed.diagnostics = std::move(diagnostics);
  Builder builder(parsed.diagnostics);
  Parser(text, 0, builder, parsed.diagnostics).run();
  resolve_instances(builder);
  resolve_sync_groups(builder);
  resolve_tracking(builder);
  resolve_group_services(builder);
  resolve_followed(builder);
  builder.report_not_active();
  parsed.config = std::move(builder.config);
  return parsed;
}

Parsed unreadable(std::string file_name, std::string reason) {
  Parsed parsed;
  const std::uint32_t file = parsed.diagnostics.add_file(std::move(file_name), "");
  parsed.diagnostics.add({{file, 0, 0}, Severity::error, Status::insecure, std::move(reason), {}, 1, kUnreadable});
  return parsed;
}

}  // namespace baton::config

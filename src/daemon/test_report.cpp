#include "daemon/test_report.hpp"

#include <cstdlib>

#include <unistd.h>

#include <boost/json.hpp>

#include "config/excerpt.hpp"

namespace baton::daemon {

namespace {

namespace json = boost::json;

std::string_view name(config::Severity severity) {
  switch (severity) {
    case config::Severity::note: return "note";
    case config::Severity::warning: return "warning";
    case config::Severity::error: return "error";
  }
  return "error";
}

/// Files may hold anything; JSON is UTF-8.
json::string text(std::string_view raw) {
  return json::string(config::printable(raw));
}

json::object object(const config::Diagnostics& diagnostics, const config::Diagnostic& diagnostic) {
  const config::Origin origin = diagnostics.origin(diagnostic);
  json::array notes;
  for (const auto& note : diagnostics.notes(diagnostic))
    notes.push_back(text(note));
  return {{"file", text(origin.file)},
          {"line", origin.line},
          {"column", origin.column},
          {"length", origin.length},
          {"severity", name(diagnostic.severity)},
          {"text", text(diagnostic.text)},
          {"hint", text(diagnostic.hint)},
          {"notes", std::move(notes)},
          {"repeats", diagnostic.repeats}};
}

}  // namespace

std::string json_report(const config::Diagnostics& diagnostics, const std::string& configuration) {
  json::array files;
  for (const auto file : diagnostics.files())
    files.push_back(text(file));
  json::array all;
  for (const auto& diagnostic : diagnostics.all())
    all.push_back(object(diagnostics, diagnostic));
  json::object report{{"files", std::move(files)},
                      {"diagnostics", std::move(all)},
                      {"suppressed", diagnostics.suppressed()},
                      {"exit_status", diagnostics.exit_status()}};
  if (!configuration.empty()) report["configuration"] = configuration;
  return json::serialize(report) + "\n";
}

config::Style style_for(int output) {
  const char* objection = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe): nobody changes it
  const bool is_wanted = ::isatty(output) == 1 && (objection == nullptr || *objection == '\0');
  return is_wanted ? config::Style::colour : config::Style::plain;
}

}  // namespace baton::daemon

#include "config/load.hpp"

#include <utility>

#include "config/builder.hpp"
#include "config/include.hpp"
#include "config/preprocessor.hpp"

namespace baton::config {
namespace {

bool is_pattern(const std::string& name) {
  return name.find_first_of("*?[{") != std::string::npos;
}

Loaded nothing(const std::string& name, const std::string& reason) {
  return {std::make_shared<const std::string>(), unreadable(name, "the configuration file " + reason)};
}

/// One file without a directive: it is its own expanded text.
Loaded as_it_is(std::shared_ptr<SourceMap> map, std::uint32_t file, std::shared_ptr<const std::string> text,
                const IsKnown& is_known) {
  if (is_known && is_known(*text)) return {std::move(text), {}, true};
  map->add_lines(1, {file, 1}, 0, {});
  Parsed parsed = parse(*text, Diagnostics(std::move(map)));
  return {std::move(text), std::move(parsed)};
}

}  // namespace

Loaded load(const Files& files, const LoadSettings& settings, const std::string& name, const IsKnown& is_known) {
  const auto map = std::make_shared<SourceMap>();
  map->set_title(name);
  Diagnostics out(map);
  std::vector<std::string> names = {name};
  if (is_pattern(name)) {
    Found found = find_files(name, "", {}, files);
    if (found.names.empty()) return nothing(name, concat("cannot be found: no file matches ", quoted(name)));
    names = std::move(found.names);
    if (!found.is_complete) out.add({{}, Severity::warning, Status::ok, found.what, "the others are read"});
    if (names.size() > 1)
      out.add({{},
               Severity::warning,
               Status::bad,
               concat(names.size(), " files are read, one after the other; the first is ", quoted(names.front())),
               "to read several files include them from one"});
  }
  Preprocessor preprocessor(files, settings, *map, out);
  if (names.size() == 1) {
    FileText read = files.read ? files.read(names.front()) : FileText{{}, FileFault::missing, "cannot be read"};
    if (read.fault != FileFault::none) return nothing(names.front(), read.reason);
    auto text = std::make_shared<const std::string>(std::move(read.text));
    if (text->size() > kMaxTextSize)
      return nothing(names.front(), concat("is larger than ", kMaxTextSize >> 20U, " MiB"));
    const std::uint32_t file = map->add_file(names.front(), text);
    if (!has_directives(*text) && out.all().empty()) return as_it_is(map, file, std::move(text), is_known);
    preprocessor.know(names.front(), file, std::move(text));
  }
  auto text = std::make_shared<const std::string>(preprocessor.run(std::move(names)));
  if (is_known && out.refusal() == 0 && is_known(*text)) return {std::move(text), {}, true};
  Parsed parsed = parse(*text, std::move(out));
  return {std::move(text), std::move(parsed)};
}

}  // namespace baton::config

#include "ctl/command_line.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <unistd.h>

#include <CLI/CLI.hpp>

#include "ctl/format_command.hpp"
#include "ctl/genhash_command.hpp"

namespace baton::ctl {

namespace {

bool is_called(std::string_view path, std::string_view name) {
  return path.substr(path.find_last_of('/') + 1) == name;
}

}  // namespace

int run(int argc, char** argv) {
  // Its options are keepalived's, which getopt reads as keepalived does.
  if (is_called(argv[0], "genhash")) return run_genhash(argc, argv);
  if (argc > 1 && std::string_view(argv[1]) == "genhash") return run_genhash(argc - 1, argv + 1);
  CLI::App app("Tools for Baton's configuration.", "batonctl");
  app.set_version_flag("-v,--version", std::string("Baton v") + BATON_VERSION);
  app.require_subcommand(1);

  FormatRequest request;
  CLI::App* format = app.add_subcommand("format", "Lay configuration files out: indentation, one statement on a line");
  format->add_option("FILE", request.files, "files; without one, or for -, standard input");
  CLI::Option* check =
      format->add_flag("--check", request.is_check, "change nothing; name the files that would change");
  format->add_flag("--in-place", request.is_in_place, "replace the files instead of printing them")->excludes(check);

  app.add_subcommand("genhash", "Print the digest of a page for HTTP_GET's digest; genhash -h lists its options");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kTrouble;
  }
  return run_format(request, {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO});
}

}  // namespace baton::ctl

// process.hpp - what a process of Baton does to itself: its name, its streams, its log, its place in the background.
#pragma once

#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"
#include "daemon/file_descriptor.hpp"
#include "daemon/options.hpp"

namespace baton::daemon {

/// Descriptors beyond the standard streams that whoever started us forgot to close.
void close_inherited_descriptors();

/// Standard streams that were closed are opened on /dev/null, so that nothing else takes their numbers.
void open_standard_streams();

/// What ps and top show.
void set_process_name(const std::string& name);
/// From now on ps shows argv[0] alone.  After the command line was parsed: the words are gone.
void hide_arguments(int argc, char** argv);

/// As the options say; `role` is empty for the supervisor.
void start_log(const Options& options, std::string_view role);

/// The log's last lines, for a moment, then _exit: no destructor waits for a thread that may be stuck in a write.
[[noreturn]] void end_process(int exit_status);

/// Goes into the background.  The process that was started waits for tell() and ends with its status, so that whoever
/// started it knows how it went.
class Background {
 public:
  /// Returns in the new process only.
  static Result<Background> enter(bool keep_standard_error);
  /// Lets the process that was started end; once.  Without it that ends with status 1 when we end.
  void tell(int exit_status);

 private:
  explicit Background(FileDescriptor teller) : teller_(std::move(teller)) {}
  FileDescriptor teller_;
};

}  // namespace baton::daemon

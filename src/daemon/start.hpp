// start.hpp - from the command line to a supervisor, a role, or an answer.
#pragma once

namespace baton::daemon {

/// The whole of batond.  Does not return to a main that would run destructors: it ends the process.
[[noreturn]] void start(int argc, char** argv);

}  // namespace baton::daemon

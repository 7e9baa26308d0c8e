// command_line.hpp - the command line of batonctl.
#pragma once

namespace baton::ctl {

/// The whole of batonctl; what it returns is the exit status.
int run(int argc, char** argv);

}  // namespace baton::ctl

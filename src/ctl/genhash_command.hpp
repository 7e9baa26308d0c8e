// genhash_command.hpp - `batonctl genhash`, and genhash by its name: the digest of a page, for HTTP_GET's `digest`.
#pragma once

namespace baton::ctl {

/// argv[0] is the command's own name.  0: the digest is on standard output; 1: the reason why there is none is on
/// standard error.
int run_genhash(int argc, char** argv);

}  // namespace baton::ctl

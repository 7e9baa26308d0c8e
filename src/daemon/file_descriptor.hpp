// file_descriptor.hpp - the word of src/net for it.
#pragma once

#include "net/file_descriptor.hpp"

namespace baton::daemon {

using net::FileDescriptor;

}  // namespace baton::daemon

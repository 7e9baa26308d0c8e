// sealed_text.hpp - a text in memory that can be handed to another process and that nobody can change any more.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "daemon/file_descriptor.hpp"

namespace baton::daemon {

/// The largest configuration: 300,000 virtual servers of four real servers need 100 MB.
inline constexpr std::size_t kMaxConfiguration = 256U << 20U;

Result<FileDescriptor> seal_text(std::string_view text);

/// Refuses what is not sealed or longer than kMaxConfiguration.  Several processes may read the same one.
Result<std::string> read_sealed_text(const FileDescriptor& memory);

/// Whether the memory holds exactly this text; false when it cannot be read.
bool holds_text(const FileDescriptor& memory, std::string_view text);

}  // namespace baton::daemon

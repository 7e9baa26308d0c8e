// chunk_framing.hpp - follows the chunked transfer coding (RFC 9112 7.1) octet by octet and says when it is broken.
//
// It keeps nothing: a check's digest is of the octets as they were sent, chunk sizes and all, as keepalived's is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace baton::checkers {

class ChunkFraming {
 public:
  enum class State : std::uint8_t {
    size,            // first digit of a chunk's size
    more_size,       // its other digits
    extension,       // up to the end of the size's line
    size_line_feed,  // the LF of that line
    data,
    data_return,  // the CR behind a chunk
    data_line_feed,
    trailer,  // at the start of a trailer line, or of the empty one that ends all
    trailer_line,
    trailer_line_feed,
    last_line_feed,
    complete,  // what follows belongs to nobody
    broken
  };

  /// Takes the next octets of the body; false once the coding is broken.
  bool update(std::span<const std::byte> bytes);

  [[nodiscard]] bool complete() const { return state_ == State::complete; }
  [[nodiscard]] State state() const { return state_; }

 private:
  void take(unsigned char octet);
  void take_size_digit(unsigned char octet);

  State state_ = State::size;
  std::uint64_t left_ = 0;  // octets of the present chunk; while its size is read, the size so far
  bool last_ = false;       // the present chunk is the empty one
};

}  // namespace baton::checkers

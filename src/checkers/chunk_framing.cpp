#include "checkers/chunk_framing.hpp"

#include <algorithm>

#include "core/assert.hpp"

namespace baton::checkers {

namespace {

/// 2^56: larger than any body that is read, and one more digit cannot overflow.
constexpr std::uint64_t kLargestChunk = std::uint64_t{1} << 56U;

/// The value of a hexadecimal digit, or 16.
unsigned digit(unsigned char octet) {
  if (octet >= '0' && octet <= '9') return octet - unsigned{'0'};
  const unsigned lower = octet | 0x20U;
  return lower >= 'a' && lower <= 'f' ? lower - unsigned{'a'} + 10 : 16;
}

}  // namespace

bool ChunkFraming::update(std::span<const std::byte> bytes) {
  while (!bytes.empty() && state_ != State::broken && state_ != State::complete) {
    if (state_ == State::data) {
      const auto part = std::min<std::uint64_t>(left_, bytes.size());
      left_ -= part;
      bytes = bytes.subspan(part);
      if (left_ == 0) state_ = State::data_return;
      continue;
    }
    take(std::to_integer<unsigned char>(bytes.front()));
    bytes = bytes.subspan(1);
  }
  return state_ != State::broken;
}

void ChunkFraming::take(unsigned char octet) {
  ASSERT(state_ != State::data && state_ != State::broken && state_ != State::complete);
  const auto expect = [&](char wanted, State next) {
    state_ = octet == static_cast<unsigned char>(wanted) ? next : State::broken;
  };
  switch (state_) {
    case State::size:
    case State::more_size: return take_size_digit(octet);
    case State::extension:
      if (octet == '\r') state_ = State::size_line_feed;
      return;
    case State::size_line_feed: expect('\n', last_ ? State::trailer : State::data); return;
    case State::data_return: return expect('\r', State::data_line_feed);
    case State::data_line_feed: left_ = 0; return expect('\n', State::size);
    case State::trailer: state_ = octet == '\r' ? State::last_line_feed : State::trailer_line; return;
    case State::trailer_line:
      if (octet == '\r') state_ = State::trailer_line_feed;
      return;
    case State::trailer_line_feed: return expect('\n', State::trailer);
    case State::last_line_feed: return expect('\n', State::complete);
    case State::data:
    case State::complete:
    case State::broken: break;
  }
}

void ChunkFraming::take_size_digit(unsigned char octet) {
  if (const unsigned value = digit(octet); value < 16) {
    left_ = left_ * 16 + value;
    state_ = left_ > kLargestChunk ? State::broken : State::more_size;
    return;
  }
  const bool at_end = octet == '\r';
  const bool at_extension = octet == ';' || octet == ' ' || octet == '\t';
  if (state_ == State::size || !(at_end || at_extension)) {
    state_ = State::broken;
    return;
  }
  last_ = left_ == 0;
  state_ = at_end ? State::size_line_feed : State::extension;
}

}  // namespace baton::checkers

#include "checkers/dns_answer.hpp"

#include <algorithm>
#include <array>

#include "checkers/dns_message.hpp"

namespace baton::checkers {

namespace {

constexpr std::uint16_t kA = 1, kCname = 5, kAaaa = 28, kSrv = 33;
constexpr unsigned kPointer = 0xc0;                // the two highest bits of a label's length
constexpr int kMaxPointers = 64;                   // of one name; each leads backwards
constexpr std::uint32_t kLongestTtl = 0x7fffffff;  // above it counts as 0 (RFC 2181 8)

/// Once something is missing or wrong, `good()` is false for ever and every value is empty.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> message) : message_(message) {}

  std::uint8_t octet() {
    if (at_ >= message_.size()) good_ = false;
    return good_ ? std::to_integer<std::uint8_t>(message_[at_++]) : std::uint8_t{0};
  }
  std::uint16_t two() {
    const auto high = octet();
    return static_cast<std::uint16_t>(high << 8U | octet());
  }
  std::uint32_t four() {
    const std::uint32_t high = two();
    return high << 16U | two();
  }
  template <std::size_t kCount>
  std::array<std::uint8_t, kCount> octets() {
    std::array<std::uint8_t, kCount> value{};
    for (auto& each : value)
      each = octet();
    return value;
  }

  /// Compressed or not (RFC 1035 4.1.4); in small letters, without its last dot.
  std::string name() {
    std::string text;
    std::size_t at = at_;
    std::size_t length = 1;
    std::optional<std::size_t> behind;  // where the record goes on
    for (int pointers = 0;;) {
      if (at >= message_.size()) return fail();
      const auto size = std::to_integer<unsigned>(message_[at]);
      if ((size & kPointer) == kPointer) {
        if (at + 1 >= message_.size() || ++pointers > kMaxPointers) return fail();
        const std::size_t to = (size & ~kPointer) << 8U | std::to_integer<unsigned>(message_[at + 1]);
        if (!behind) behind = at + 2;
        if (to >= at) return fail();  // a name stands before what points to it
        at = to;
        continue;
      }
      if ((size & kPointer) != 0) return fail();
      ++at;
      if (size == 0) break;
      length += size + 1;
      if (length > kLongestDnsName || message_.size() - at < size) return fail();
      if (!text.empty()) text += '.';
      for (const auto each : message_.subspan(at, size))
        text += small(std::to_integer<char>(each));
      at += size;
    }
    at_ = behind.value_or(at);
    return text;
  }

  [[nodiscard]] std::size_t at() const { return at_; }
  void go_to(std::size_t at) {
    good_ = good_ && at <= message_.size();
    at_ = at;
  }
  [[nodiscard]] bool good() const { return good_; }

 private:
  static char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
  std::string fail() {
    good_ = false;
    return {};
  }

  std::span<const std::byte> message_;
  std::size_t at_ = 0;
  bool good_ = true;
};

class Decoder {
 public:
  explicit Decoder(std::span<const std::byte> message) : from_(message) {}

  std::optional<DnsAnswer> decode() {
    from_.two();
    const bool is_response = (from_.octet() & kResponse) != 0;
    from_.octet();
    const auto questions = from_.two();
    const auto answers = from_.two();
    const auto authorities = from_.two();
    const auto additional = from_.two();
    for (unsigned i = 0; i < questions && from_.good(); ++i) {
      from_.name();
      from_.four();
    }
    section(answers, Section::answer);
    section(authorities, Section::authority);
    section(additional, Section::additional);
    if (!from_.good() || !is_response) return std::nullopt;
    answer_.ttl = std::chrono::seconds{ttl_.value_or(0)};
    return std::move(answer_);
  }

 private:
  enum class Section : std::uint8_t { answer, authority, additional };

  void section(unsigned records, Section where) {
    for (unsigned i = 0; i < records && from_.good() && seen_ < kMaxRecords; ++i, ++seen_)
      record(where);
  }

  void record(Section where) {
    auto owner = from_.name();
    const auto type = from_.two();
    const auto record_class = from_.two();
    const auto ttl = from_.four();
    const std::size_t length = from_.two();
    const std::size_t end = from_.at() + length;
    if (from_.good() && record_class == kInternet && where != Section::authority)
      data(where, type, length, std::move(owner), ttl <= kLongestTtl ? ttl : 0);
    // What the record said may be shorter than it is, never longer.
    if (from_.at() > end) return from_.go_to(SIZE_MAX);
    from_.go_to(end);
  }

  void data(Section where, std::uint16_t type, std::size_t length, std::string owner, std::uint32_t ttl) {
    auto& addresses = where == Section::answer ? answer_.addresses : answer_.additional;
    if (type == kA && length == 4) {
      addresses.push_back({std::move(owner), IpAddress::v4(from_.octets<4>())});
    } else if (type == kAaaa && length == 16) {
      addresses.push_back({std::move(owner), IpAddress::v6(from_.octets<16>())});
    } else if (type == kSrv && where == Section::answer) {
      DnsAnswer::Service service;
      service.priority = from_.two();
      service.weight = from_.two();
      service.port = from_.two();
      service.target = from_.name();
      answer_.services.push_back(std::move(service));
    } else if (type != kCname || where != Section::answer) {
      return;
    }
    ttl_ = std::min(ttl_.value_or(ttl), ttl);
  }

  Reader from_;
  DnsAnswer answer_;
  std::optional<std::uint32_t> ttl_;
  std::size_t seen_ = 0;
};

}  // namespace

std::optional<DnsAnswer> decode_dns_answer(std::span<const std::byte> message) {
  return Decoder(message).decode();
}

}  // namespace baton::checkers

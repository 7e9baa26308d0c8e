#include "config/written_line.hpp"

#include <algorithm>

namespace baton::config {
namespace {

/// The segment that column `at` (from 1) is in, as one that begins there.
Segment segment_at(const std::vector<Segment>& segments, std::uint32_t at) {
  const auto after = std::ranges::upper_bound(segments, at, {}, &Segment::at);
  if (after == segments.begin()) return {at, at, 0, 0};
  Segment found = *std::prev(after);
  if (found.length == 0) found.written += at - found.at;
  found.at = at;
  return found;
}

std::uint32_t column(std::size_t octet) {
  return static_cast<std::uint32_t>(octet + 1);
}

/// Appends what stands for the octets from `begin` to `end`, from column `at` on.
void append(const std::vector<Segment>& before, std::size_t begin, std::size_t end, std::uint32_t at,
            std::vector<Segment>& out) {
  if (begin >= end) return;
  Segment first = segment_at(before, column(begin));
  first.at = at;
  out.push_back(first);
  const auto next = std::ranges::upper_bound(before, column(begin), {}, &Segment::at);
  for (auto segment = next; segment != before.end() && segment->at <= end; ++segment) {
    out.push_back(*segment);
    out.back().at = at + (segment->at - column(begin));
  }
}

}  // namespace

WrittenLine tail_of(const WrittenLine& line, std::size_t begin) {
  WrittenLine tail{line.text.substr(begin), line.from, line.context, {}, 0};
  append(line.segments, begin, line.text.size() + 1, 1, tail.segments);
  return tail;
}

std::uint32_t written_column(const WrittenLine& line, std::size_t octet) {
  return segment_at(line.segments, column(octet)).written;
}

std::vector<Segment> compose(const std::vector<Segment>& before, const std::vector<Replaced>& replaced) {
  if (replaced.empty()) return before;
  std::vector<Segment> out;
  std::size_t done = 0;
  std::size_t new_done = 0;
  for (const Replaced& part : replaced) {
    append(before, done, part.begin, column(new_done), out);
    Segment segment = segment_at(before, column(part.begin));
    if (segment.length == 0) segment = {0, segment.written, static_cast<std::uint32_t>(part.end - part.begin), 0};
    if (segment.definition == 0) segment.definition = part.definition;
    segment.at = column(part.new_begin);
    if (part.new_end > part.new_begin) out.push_back(segment);
    done = part.end;
    new_done = part.new_end;
  }
  const Segment rest = segment_at(before, column(done));
  out.push_back({column(new_done), rest.written, rest.length, rest.definition});
  for (auto next = std::ranges::upper_bound(before, column(done), {}, &Segment::at); next != before.end(); ++next) {
    out.push_back(*next);
    out.back().at = column(new_done) + (next->at - column(done));
  }
  return out;
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at]))
    ++at;
  return at;
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(skip_blanks(text));
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

bool is_continued(std::string_view line) {
  return trimmed(line).ends_with('\\');
}

std::size_t code_end(std::string_view line, bool has_escapes) {
  bool is_quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '"')
      is_quoted = !is_quoted;
    else if (c == '\\' && i + 1 < line.size() && (is_quoted ? has_escapes : is_comment(line[i + 1])))
      ++i;
    else if (is_comment(c) && !is_quoted)
      return i;
  }
  return line.size();
}

std::size_t braced_reference(std::string_view text, std::size_t at) {
  if (at + 1 >= text.size() || text[at + 1] != '{') return 0;
  for (std::size_t end = at + 2; end < text.size() && end - at <= kMaxExpandedLine; ++end) {
    const char c = text[end];
    if (c == '}') return end + 1 - at;
    if (c == '{' || c == '"' || c == '\n' || c == '\0' || is_comment(c)) return 0;
  }
  return 0;
}

}  // namespace baton::config

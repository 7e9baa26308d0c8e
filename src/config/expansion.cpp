// A line with the values of its references in their places.
#include <utility>

#include "config/definitions.hpp"
#include "config/keywords.hpp"

namespace baton::config {
namespace {

struct Reference {
  std::string name;            // empty: what stands in the braces is no name
  std::string_view arguments;  // what follows it in the braces
  std::size_t length = 0;      // 0: there is no reference
  bool is_braced = false;
};

Reference read_reference(std::string_view text, std::size_t at) {
  const std::size_t braced = braced_reference(text, at);
  const std::size_t begin = at + (braced > 0 ? 2 : 1);
  std::size_t end = begin;
  while (end < text.size() && is_in_name(text[end]))
    ++end;
  const bool is_name = end > begin && starts_name(text[begin]);
  std::string name(is_name ? text.substr(begin, end - begin) : "");
  if (braced == 0) {
    const bool ends = end == text.size() || is_blank(text[end]) || is_comment(text[end]);
    return {std::move(name), {}, is_name && ends ? end - at : 0, false};
  }
  const std::string_view arguments = text.substr(end, at + braced - 1 - end);
  if (!arguments.empty() && !is_blank(arguments.front())) name.clear();
  return {std::move(name), trimmed(arguments), braced, true};
}

class Expander {
 public:
  Expander(WrittenLine line, const Definitions& definitions, SourceMap& map, std::size_t most)
      : definitions_(definitions), map_(map), most_(most), before_(std::move(line.segments)) {
    out_.line = std::move(line);
    original_ = out_.line.text.size();
  }

  Expansion run() {
    std::string& text = out_.line.text;
    const std::size_t first = skip_blanks(text);
    std::size_t end = first;
    while (end < text.size() && !is_blank(text[end]) && text[end] != '"')
      ++end;
    const bool has_escapes = takes_script(std::string_view(text).substr(first, end - first));
    bool is_quoted = false;
    while (at_ < text.size() && !is_given_up_) {
      const char c = text[at_];
      if (c == '$') {
        reference(is_quoted);
        continue;
      }
      if (is_comment(c) && !is_quoted) break;
      if (c == '"') is_quoted = !is_quoted;
      if (c == '\\' && at_ + 1 < text.size() && (is_quoted ? has_escapes : is_comment(text[at_ + 1]))) ++at_;
      ++at_;
    }
    if (out_.is_spoilt) {
      out_.line.text.clear();
      out_.rest.clear();
    }
    out_.line.segments = compose(before_, replaced_);
    return std::move(out_);
  }

 private:
  struct Active {
    std::string name;
    std::size_t tail = 0;  // octets after the value: they stay what they are
  };

  void reference(bool is_quoted) {
    std::string& text = out_.line.text;
    const Reference found = read_reference(text, at_);
    if (found.length == 0) {
      if (!found.name.empty() && definitions_.find(found.name) != nullptr)
        out_.troubles.push_back({Fault::no_braces, at_, found.name.size() + 1, found.name});
      ++at_;
      return;
    }
    while (!active_.empty() && at_ + active_.back().tail >= text.size())
      active_.pop_back();
    const DefinitionPointer definition = definitions_.find(found.name);
    if (definition != nullptr && found.arguments.empty()) {
      use(found, definition);
      return;
    }
    std::string value;
    const auto outcome = definitions_.built_in(found.name, found.arguments, value);
    if (outcome == Definitions::Outcome::found) {
      replace(found, value, 0);
      at_ += found.name == "_HASH" || found.name == "_BANG" ? 0 : value.size();
      return;
    }
    if (found.is_braced && !is_quoted)
      trouble(found.name.empty() || (outcome == Definitions::Outcome::unknown && !found.arguments.empty())
                  ? Fault::not_a_name
              : outcome == Definitions::Outcome::wrong ? Fault::bad_arguments
                                                       : Fault::undefined,
              found);
    at_ += found.length;
  }

  void use(const Reference& found, const DefinitionPointer& definition) {
    for (const Active& active : active_)
      if (active.name == found.name) {
        trouble(Fault::recursive, found);
        is_given_up_ = true;
        return;
      }
    const bool is_last = rest_is_empty(at_ + found.length);
    if (definition->lines.size() > 1 && !is_last) {
      trouble(Fault::several_lines, found);
      at_ += found.length;
      return;
    }
    if (definition->lines.size() > 1) out_.rest.push_back(definition);
    const std::size_t tail = out_.line.text.size() - (at_ + found.length);
    replace(found, definition->lines.front().text,
            definition->is_counter ? 0 : map_.definition(definition->name, definition->at));
    active_.push_back({found.name, tail});
  }

  /// Puts `value` into the place of the reference at at_, and stays there: the value is read like the rest.
  void replace(const Reference& found, std::string_view value, std::uint32_t definition) {
    std::string& text = out_.line.text;
    const std::size_t tail = text.size() - (at_ + found.length);
    const bool is_inside = !replaced_.empty() && at_ + outer_tail_ < text.size();
    if (++out_.replacements > most_ || text.size() - found.length + value.size() > kMaxExpandedLine) {
      trouble(out_.replacements > most_ ? Fault::too_many : Fault::too_long, found);
      is_given_up_ = true;
      return;
    }
    text.replace(at_, found.length, value);
    if (!is_inside) {
      const std::size_t end = original_ - tail;
      replaced_.push_back({end - found.length, end, at_, 0, definition});
      outer_tail_ = tail;
    } else if (tail < outer_tail_) {  // a value that begins a reference which ends after it
      replaced_.back().end = original_ - tail;
      outer_tail_ = tail;
    }
    replaced_.back().new_end = text.size() - outer_tail_;
  }

  [[nodiscard]] bool rest_is_empty(std::size_t at) const {
    const std::size_t next = skip_blanks(out_.line.text, at);
    return next >= out_.line.text.size() || is_comment(out_.line.text[next]);
  }

  void trouble(Fault fault, const Reference& found) {
    out_.is_spoilt = out_.is_spoilt || fault == Fault::recursive || fault == Fault::several_lines ||
                     fault == Fault::too_long || fault == Fault::too_many;
    const std::string_view text = std::string_view(out_.line.text).substr(at_, found.length);
    out_.troubles.push_back({fault, at_, found.length, fault == Fault::not_a_name ? std::string(text) : found.name});
  }

  const Definitions& definitions_;
  SourceMap& map_;
  std::size_t most_;
  std::vector<Segment> before_;
  Expansion out_;
  std::size_t original_ = 0;  // octets of the line as it was
  std::size_t at_ = 0;
  std::vector<Active> active_;  // the definitions that at_ is in the value of
  std::vector<Replaced> replaced_;
  std::size_t outer_tail_ = 0;  // octets after the last of replaced_
  bool is_given_up_ = false;
};

}  // namespace

Expansion expand(WrittenLine line, const Definitions& definitions, SourceMap& map, std::size_t most_replacements) {
  return Expander(std::move(line), definitions, map, most_replacements).run();
}

std::string only_reference(std::string_view text) {
  const std::size_t begin = skip_blanks(text);
  if (begin == text.size() || text[begin] != '$') return {};
  const Reference found = read_reference(text, begin);
  const std::size_t rest = skip_blanks(text, begin + found.length);
  const bool is_all = rest == text.size() || is_comment(text[rest]);
  return found.length > 0 && found.arguments.empty() && is_all ? found.name : std::string();
}

}  // namespace baton::config

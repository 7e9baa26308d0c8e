#include "config/include.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/builder.hpp"

namespace baton::config {
namespace {

/// More alternatives of one pattern are a bomb: {a,b}{a,b}{a,b}...
constexpr std::size_t kMaxAlternatives = 1000;

/// Where the brace at `open` is closed; npos when it is not.
std::size_t closing(std::string_view pattern, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < pattern.size(); ++i) {
    if (pattern[i] == '{') ++depth;
    if (pattern[i] == '}' && --depth == 0) return i;
  }
  return std::string_view::npos;
}

/// The parts of {a,{b,c}} at the outermost level.
std::vector<std::string_view> parts_of(std::string_view inside) {
  std::vector<std::string_view> parts;
  std::size_t depth = 0;
  std::size_t start = 0;
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '{') ++depth;
    if (inside[i] == '}') --depth;
    if (inside[i] != ',' || depth > 0) continue;
    parts.push_back(inside.substr(start, i - start));
    start = i + 1;
  }
  parts.push_back(inside.substr(start));
  return parts;
}

/// As glob() expands braces: {} and a brace that is not closed stay what they are.  Absent: too many.
std::optional<std::vector<std::string>> alternatives(const std::string& pattern) {
  std::vector<std::string> done;
  std::vector<std::string> open = {pattern};  // the next one last
  while (!open.empty()) {
    std::string text = std::move(open.back());
    open.pop_back();
    std::size_t brace = text.find('{');
    while (brace != std::string::npos && (closing(text, brace) == std::string::npos || text[brace + 1] == '}'))
      brace = text.find('{', brace + 1);
    if (brace == std::string::npos) {
      done.push_back(std::move(text));
    } else {
      const std::size_t end = closing(text, brace);
      const auto parts = parts_of(std::string_view(text).substr(brace + 1, end - brace - 1));
      for (auto part = parts.rbegin(); part != parts.rend(); ++part)
        open.push_back(concat(text.substr(0, brace), *part, text.substr(end + 1)));
    }
    if (done.size() + open.size() > kMaxAlternatives) return std::nullopt;
  }
  return done;
}

bool has_wildcard(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

/// The folder that a pattern searches: what precedes its first part with a wildcard.
std::string searched_folder(const std::string& pattern) {
  return folder_of(pattern.substr(0, pattern.find_first_of("*?[")));
}

}  // namespace

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "" : path.substr(0, slash + 1);
}

std::optional<IncludePolicy> include_policy(std::string_view word) {
  if (!word.starts_with("include")) return std::nullopt;
  word.remove_prefix(std::string_view("include").size());
  if (word.empty()) return IncludePolicy{};
  if (word == "r") return IncludePolicy{true, false, false, false};
  if (word == "m") return IncludePolicy{true, true, false, false};
  if (word == "w") return IncludePolicy{true, true, true, false};
  if (word == "b") return IncludePolicy{true, false, false, true};
  if (word == "a") return kAllChecks;
  return std::nullopt;
}

IncludePolicy combined(IncludePolicy a, IncludePolicy b) {
  return {a.readable || b.readable, a.match || b.match, a.wildcard || b.wildcard, a.brace || b.brace};
}

IncludePolicy include_check(IncludePolicy policy, std::string_view words) {
  if (words.empty()) return kAllChecks;
  if (words.front() != '+' && words.front() != '-') policy = {};
  bool is_set = true;
  while (!words.empty()) {
    std::size_t end = 0;
    while (end < words.size() && words[end] != ' ' && words[end] != '\t')
      ++end;
    std::string_view word = words.substr(0, end);
    words.remove_prefix(std::min(words.find_first_not_of(" \t", end), words.size()));
    if (word.starts_with('+') || word.starts_with('-')) {
      is_set = word.front() == '+';
      word.remove_prefix(1);
    }
    if (word == "read" || word == "readable") policy.readable = is_set;
    if (word == "match") policy.match = is_set;
    if (word == "wildcard_match") policy.wildcard = is_set;
    if (word == "brace_match") policy.brace = is_set;
  }
  policy.readable = policy.readable || policy.match || policy.wildcard || policy.brace;
  return policy;
}

Found find_files(const std::string& pattern, const std::string& folder, IncludePolicy policy, const Files& files) {
  Found found;
  const bool is_braced = pattern.find('{') != std::string::npos;
  const auto patterns = alternatives(pattern);
  if (!patterns) {
    return {{}, false, true, concat("the pattern stands for more than ", kMaxAlternatives, " names")};
  }
  const auto exists = [&](const std::string& path) { return !files.canonical || files.canonical(path).has_value(); };
  std::vector<std::string> missing;
  bool is_wild = false;
  for (const std::string& alternative : *patterns) {
    const std::string path = alternative.starts_with('/') ? alternative : folder + alternative;
    if (has_wildcard(alternative)) {
      const auto matches = files.match ? files.match(path) : std::vector<std::string>{};
      found.names.insert(found.names.end(), matches.begin(), matches.end());
      const std::string searched = searched_folder(path);
      const bool has_folder = searched.empty() || exists(searched);
      is_wild = is_wild || has_folder;
      if (!has_folder) missing.push_back(alternative);
    } else if (!alternative.empty() && exists(path)) {
      found.names.push_back(path);
    } else {
      missing.push_back(alternative);
    }
  }
  if (!missing.empty()) {
    found.is_complete = false;
    found.is_error = is_braced ? policy.brace : policy.match;
    found.what = concat("there is no file ", quoted(missing.front()));
  } else if (found.names.empty() && is_wild && policy.wildcard) {
    found.is_complete = false;
    found.is_error = true;
    found.what = concat("no file matches ", quoted(pattern));
  }
  return found;
}

}  // namespace baton::config

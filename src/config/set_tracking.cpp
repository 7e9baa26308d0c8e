#include "config/set_tracking.hpp"

#include <array>
#include <cstdlib>

namespace baton::config {
namespace {

struct Grammar {
  std::string_view block;  // the keyword
  int most;                // the largest weight
  bool is_rounded;         // 254 becomes 253
};
constexpr Grammar grammar_of(Tracker kind) {
  switch (kind) {
    case Tracker::interface: return {"track_interface", kMostWeight, true};
    case Tracker::script: return {"track_script", kMostWeight, true};
    case Tracker::file: return {"track_file", kMostFactor, false};
    case Tracker::process: return {"track_process", kMostFactor, false};
    case Tracker::gateway: return {"track_gateway", kMostFactor, false};
    case Tracker::bfd: break;
  }
  return {"track_bfd", kMostWeight, false};
}

std::string hint_for_option(const Line& line) {
  const std::string_view word = line.words[1].text;
  const std::string_view name = line.words[0].text;
  if (word.starts_with("weight=")) return concat("write ", name, " weight ", word.substr(7));
  if (parse_integer(word)) return concat("write ", name, " weight ", word);
  if (word == "reverse" || word == "noreverse") return concat("it follows a weight: ", name, " weight N ", word);
  constexpr std::array<std::string_view, 1> kOptions = {"weight"};
  return nearest(word, kOptions).empty() ? "one name per line, and after it: weight N" : "did you mean 'weight'?";
}

/// Whether what follows the name is a weight; if not, the entry is skipped, which is reported.
bool has_weight(Builder& builder, const Line& line, std::string_view block) {
  const Word& option = line.words[1];
  if (option.text != "weight") {
    builder.error(option.place, concat(quoted(option.text), " is no option of ", block, ": the entry is skipped"),
                  hint_for_option(line));
    return false;
  }
  if (line.words.size() > 2) return true;
  builder.error(option.place, "'weight' lacks its value: the entry is skipped",
                concat(line.words[0].text, " weight N"));
  return false;
}

/// The words after `weight`: absent when the weight is none, which is reported: the object's own one is then used.
void read_entry_weight(Builder& builder, const Line& line, TrackedDraft& draft) {
  const auto [block, most, is_rounded] = grammar_of(draft.kind);
  const Word& word = line.words[2];
  const auto value = parse_integer(word.text);
  if (value && is_rounded && std::abs(*value) == most + 1) {
    builder.warn(word.place,
                 concat("a weight is -", most, " to ", most, ": ", *value, " becomes ", *value < 0 ? -most : most));
    draft.weight = *value < 0 ? -most : most;
  } else if (value && std::abs(*value) <= most) {
    draft.weight = static_cast<int>(*value);
  } else {
    builder.error(word.place, concat("a weight is a whole number, -", most, " to ", most, ", not ", quoted(word.text)),
                  draft.kind == Tracker::interface ? "the interface is tracked with weight 0: down means FAULT"
                                                   : "it is tracked with the weight that its own block gives");
  }
  if (line.words.size() < 4) return;
  const Word& option = line.words[3];
  if (option.text == "reverse" || (option.text == "noreverse" && draft.kind != Tracker::interface)) {
    draft.is_reversed = option.text == "reverse";
    return;
  }
  builder.error(option.place, concat(quoted(option.text), " is ignored: after a weight stands ",
                                     draft.kind == Tracker::interface ? "reverse" : "reverse or noreverse"));
}

}  // namespace

bool add_tracked(Builder& builder, const Line& line, TrackedDraft draft) {
  const Word& name = line.words[0];
  const std::string_view block = grammar_of(draft.kind).block;
  draft.name = name.text;
  draft.place = name.place;
  if (name.text.empty()) {
    builder.error(name.place, concat(block, ": the name is empty: the entry is skipped"));
    return false;
  }
  if (line.words.size() > 1 && !has_weight(builder, line, block)) draft.owner.clear();
  const bool is_skipped =
      draft.owner.empty();  // tracked by nobody then; that its object is meant is still worth knowing
  if (line.words.size() > 2 && !is_skipped) read_entry_weight(builder, line, draft);
  if (line.words.size() > 4 && !is_skipped)
    builder.advise(line.words[4].place, concat(quoted(line.words[4].text), " is ignored: one entry per line"));
  builder.tracking.entries.push_back(std::move(draft));
  return !is_skipped;
}

std::optional<TrackWeight> read_track_weight(Builder& builder, const Line& line, int most) {
  const Word& word = line.first();
  const auto value = parse_integer(word.text);
  if (!value || std::abs(*value) > most) {
    builder.error(word.place,
                  concat("weight must be a whole number, -", most, " to ", most, ", not ", quoted(word.text)),
                  "the line is ignored");
    return std::nullopt;
  }
  TrackWeight weight{static_cast<int>(*value), false};
  if (line.words.size() > 2) {
    weight.is_reversed = line.words[2].text == "reverse";
    if (!weight.is_reversed)
      builder.error(line.words[2].place,
                    concat(quoted(line.words[2].text), " is ignored: after a weight stands reverse"));
  }
  return weight;
}

bool open_track_group(Builder& builder, const Line& line) {
  const Word& name = line.first();
  const auto [before, is_new] = builder.tracking.groups.emplace(name.text, name.place);
  if (!is_new) {
    builder.error(name.place, concat("there is a track_group ", quoted(name.text), " already: this one is skipped"),
                  concat("the other one is in ", builder.at(before->second)));
    return false;
  }
  builder.track_group = {};
  builder.track_group.name = name.text;
  builder.track_group.position = name.place.position;
  builder.tracking.member_places.clear();
  return true;
}

void close_track_group(Builder& builder) {
  builder.config.track_groups.push_back(std::move(builder.track_group));
  builder.tracking.members.push_back(std::move(builder.tracking.member_places));
}

bool add_group_members(Builder& builder, const Line& line) {
  for (const Word& word : line.words) {
    builder.track_group.instances.emplace_back(word.text);
    builder.tracking.member_places.push_back(word.place);
  }
  return true;
}

}  // namespace baton::config

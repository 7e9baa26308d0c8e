// FILE_CHECK and BFD_CHECK: what they name is looked up at the end, as it may be defined further down.
#include <limits>

#include "config/set_check.hpp"

namespace baton::config {

void close_file_check(Builder& builder) {
  if (builder.current<FileCheck>().track_file.empty()) {
    builder.error(builder.probe.place, "the FILE_CHECK has no track_file: it is left out",
                  "write track_file NAME, of a track_file block outside of all virtual servers");
    return;
  }
  close_check(builder);
}

bool set_followed_file(Builder& builder, const Line& line) {
  builder.check.name_place = line.first().place;
  return set_text<&FileCheck::track_file>(builder, line);
}

bool set_file_weight(Builder& builder, const Line& line) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  const auto weight = parse_integer(line.first().text);
  if (!weight || *weight < -kMost || *weight > kMost) {
    builder.error(line.first().place,
                  concat("weight must be a whole number, ", -kMost, " to ", kMost, ", not ", quoted(line.first().text)),
                  "the line is ignored");
    return false;
  }
  FileCheck& check = builder.current<FileCheck>();
  check.weight = static_cast<int>(*weight);
  check.reverse = false;
  if (line.words.size() < 3) return true;
  const Word& option = line.words[2];
  check.reverse = option.text == "reverse";
  if (!check.reverse && option.text != "noreverse")
    builder.error(option.place, concat(quoted(option.text), " is neither reverse nor noreverse: it is ignored"));
  return true;
}

void close_bfd_check(Builder& builder) {
  if (builder.current<BfdCheck>().name.empty()) {
    builder.error(builder.probe.place, "the BFD_CHECK has no name: it is left out", "write name BFD_INSTANCE");
    return;
  }
  close_check(builder);
}

bool set_followed_bfd(Builder& builder, const Line& line) {
  if (line.words.size() > 2) {
    builder.error(line.words[2].place, "a BFD_CHECK follows one bfd_instance: the line is ignored",
                  "write a BFD_CHECK for each of them");
    return false;
  }
  builder.check.name_place = line.first().place;
  return set_text<&BfdCheck::name>(builder, line);
}

}  // namespace baton::config

#include <utility>

#include "config/set_instance.hpp"

namespace baton::config {

bool open_sync_group(Builder& builder, const Line& line) {
  const Word& name = line.first();
  if (line.words.size() > 2) {
    builder.error(line.words[2].place, "vrrp_sync_group has one name: the block is skipped",
                  "its members stand inside: group { A B }");
    return false;
  }
  if (name.text.empty()) {
    builder.error(name.place, "the name of a vrrp_sync_group is empty: the block is skipped");
    return false;
  }
  const auto [before, is_new] = builder.sync_group_names.try_emplace(std::string(name.text), name.place);
  if (!is_new) {
    builder.error(name.place, concat("there is a vrrp_sync_group ", quoted(name.text), " already: this one is skipped"),
                  concat("the other one is in ", builder.at(before->second)));
    return false;
  }
  builder.sync_group = {};
  builder.sync_group.name = name.text;
  builder.sync_group.position = name.place.position;
  builder.sync_group_place = name.place;
  builder.members_place = {};
  builder.members.clear();
  return true;
}

void close_sync_group(Builder& builder) {
  builder.sync_groups.push_back({std::move(builder.sync_group), builder.sync_group_place, builder.members_place,
                                 std::exchange(builder.members, {})});
}

bool open_members(Builder& builder, const Line& line) {
  if (builder.members_place.position.line != 0) return false;  // the first list counts
  builder.members_place = line.words[0].place;
  return true;
}

bool add_members(Builder& builder, const Line& line) {
  for (const Word& word : line.words)
    builder.members.push_back({std::string(word.text), word.place});
  return true;
}

}  // namespace baton::config

#include <utility>

#include "config/set_check.hpp"

namespace baton::config {

void close_misc_check(Builder& builder) {
  CheckDraft& check = builder.check;
  if (!check.misc_path) {
    builder.error(builder.probe.place, "the MISC_CHECK has no misc_path: it is left out",
                  "the real server is taken for alive; write misc_path \"COMMAND ARGUMENTS\"");
    return;
  }
  Script& script = builder.config.scripts.at(*check.misc_path);
  script.user = std::move(check.user);
  script.group = std::move(check.group);
  close_check(builder);
}

/// Unlike other script lines this one ends with the command: the user has a line of its own.
bool set_misc_path(Builder& builder, const Line& line) {
  if (line.has_value() && line.first().text.empty()) return false;  // the end of the block tells
  const auto index = read_script(builder, line);
  if (!index) return false;
  const Script& script = builder.config.scripts.at(*index);
  if (!script.user.empty())
    builder.advise(line.first().place, concat("misc_path: ", quoted(script.user), " after the command is ignored"),
                   "write the whole command in double quotes to pass arguments; its user has a line of its own: user "
                   "NAME");
  builder.check.misc_path = index;
  return true;
}

/// A colon before the group stays: it asks for all groups of the user.
bool set_misc_user(Builder& builder, const Line& line) {
  CheckDraft& check = builder.check;
  if (line.first().text.empty()) {
    builder.error(line.first().place, "the user is empty: the line is ignored");
    return false;
  }
  check.user = line.first().text;
  check.group.clear();
  if (line.words.size() < 3) return true;
  check.group = line.words[2].text;
  if (line.words.size() > 3)
    builder.advise(line.words[3].place, concat(quoted(line.words[3].text), " is ignored: a user and a group suffice"));
  return true;
}

}  // namespace baton::config

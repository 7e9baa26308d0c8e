#include "config/set_instance.hpp"

namespace baton::config {

bool open_instance(Builder& builder, const Line& line) {
  const Word& name = line.first();
  if (line.words.size() > 2) {
    builder.error(line.words[2].place, "vrrp_instance has one name: the block is skipped",
                  "a name with blanks stands in double quotes");
    return false;
  }
  if (name.text.empty()) {
    builder.error(name.place, "the name of a vrrp_instance is empty: the block is skipped");
    return false;
  }
  const auto [before, is_new] = builder.instance_names.try_emplace(std::string(name.text), name.place);
  if (!is_new) {
    builder.error(
        name.place, concat("there is a vrrp_instance ", quoted(name.text), " already: this one is skipped"),
        concat("the other one is in ", builder.at(before->second), "; every instance needs a name of its own"));
    return false;
  }
  builder.instance = {};
  builder.instance.name = name.text;
  builder.instance.place = name.place;
  return true;
}

void close_instance(Builder& builder) {
  builder.instances.push_back(std::move(builder.instance));
}

bool set_state(Builder& builder, const Line& line) {
  const Word& word = line.first();
  InstanceDraft& instance = builder.instance;
  const std::vector<std::string_view> states = line.keyword->argument.choices();  // MASTER, BACKUP
  if (word.text == states[0]) {
    instance.state = Placed<WantedState>{WantedState::master, word.place};
    return true;
  }
  if (word.text != states[1]) {
    const std::string_view near = equal_ignoring_case(word.text, states[0]) ? states[0] : nearest(word.text, states);
    builder.error(word.place, concat("state is MASTER or BACKUP, not ", quoted(word.text), ": BACKUP is assumed"),
                  near.empty() ? "" : concat("did you mean '", near, "'?"));
  }
  const bool was_master = instance.state && instance.state->value == WantedState::master;
  if (!was_master) instance.state = Placed<WantedState>{WantedState::backup, word.place};
  return true;
}

bool set_interface(Builder& builder, const Line& line) {
  if (line.first().text.empty()) {
    builder.error(line.first().place, "the name of the interface is empty: the line is ignored");
    return false;
  }
  if (line.first().text == "lo") {
    builder.error(line.first().place, "a loopback interface carries no VRRP: the line is ignored",
                  "name the interface on which the directors hear each other");
    return false;
  }
  return set_text<&InstanceDraft::interface>(builder, line);
}

/// A priority that is none counts as 100, and not as left out: `state MASTER` alone would make it 255.
bool set_priority(Builder& builder, const Line& line) {
  const auto value = read_integer(builder, line);
  builder.instance.priority = Placed<std::uint8_t>{kDefaultPriority, line.first().place};
  return value && store<&InstanceDraft::priority>(builder, line, *value);
}

/// IPv6 has version 3 only.
bool set_version(Builder& builder, const Line& line) {
  const auto value = read_integer(builder, line);
  if (!value) return false;
  const auto& family = builder.instance.family;
  if (*value == 2 && family && family->value == Family::ipv6) {
    builder.error(line.first().place, "IPv6 has VRRP version 3 only: the line is ignored",
                  concat("the instance is one of IPv6 since ", builder.at(family->place)));
    return false;
  }
  return store<&InstanceDraft::version>(builder, line, *value);
}

bool read_repeat(Builder& builder, const Line& line, std::uint32_t& value) {
  const Argument& argument = line.keyword->argument;
  if (parse_integer(line.first().text) == 0) {
    builder.error(line.first().place,
                  concat(line.keyword->name, " must be ", argument.range(), ", not '0': 1 is used"));
    value = 1;
    return true;
  }
  const auto number = read_integer(builder, line);
  if (number) value = static_cast<std::uint32_t>(*number);
  return number.has_value();
}

bool set_notify_deleted(Builder& builder, const Line& line) {
  VrrpInstance& instance = builder.instance.settled;
  instance.notify_deleted = true;
  if (line.has_value()) instance.notify_deleted_script = read_script(builder, line);
  return true;
}

/// The bare keyword counts on peers of the highest priority.
bool set_timer_expired_backup(Builder& builder, const Line& line) {
  constexpr Priority kHighest = 254;
  const auto value = line.has_value() ? read_integer(builder, line) : kHighest;
  return value && store<&VrrpInstance::timer_expired_backup>(builder, line, *value);
}

bool set_garp_extra_if(Builder& builder, const Line& line) {
  constexpr std::int64_t kLongest = 86400;  // s
  const bool has_all = line.first().text == "all";
  if (has_all && line.words.size() < 3) {
    builder.error(line.first().place, concat(line.keyword->name, " all lacks its interval: the line is ignored"),
                  concat(line.keyword->name, " all 60"));
    return false;
  }
  const Word& word = line.words[has_all ? 2 : 1];
  const auto value = parse_integer(word.text);
  if (!value || *value < 0 || *value > kLongest) {
    builder.error(word.place, concat(line.keyword->name, " must be 0 to ", kLongest, " s, not ", quoted(word.text)),
                  "the line is ignored");
    return false;
  }
  builder.instance.settled.announcing.extra_if = GarpExtra{std::chrono::seconds(*value), has_all};
  return true;
}

bool set_linkbeat_use_polling(Builder& builder, const Line& line) {
  builder.warn(line.words[0].place, "linkbeat_use_polling of an instance is an old spelling",
               "write the interface into linkbeat_interfaces { } at the top level");
  builder.instance.linkbeat_use_polling = true;
  return true;
}

bool set_lvs_sync_daemon_interface(Builder& builder, const Line& line) {
  builder.warn(line.words[0].place, "lvs_sync_daemon_interface of an instance is an old spelling",
               concat("write lvs_sync_daemon ", line.first().text, " ", builder.instance.name, " into global_defs"));
  return set_text<&InstanceDraft::lvs_sync_daemon_interface>(builder, line);
}

bool open_plain(Builder&, const Line&) {
  return true;
}

}  // namespace baton::config

#include "config/script_line.hpp"
#include "config/setters.hpp"

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
  if (!builder.instance_names.insert(std::string(name.text)).second) {
    builder.error(name.place, concat("there is a vrrp_instance ", quoted(name.text), " already: this one is skipped"),
                  "every instance needs a name of its own");
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

bool open_authentication(Builder& builder, const Line&) {
  builder.instance.auth_is_pass.reset();
  builder.instance.auth_pass.reset();
  return true;
}

bool set_auth_type(Builder& builder, const Line& line) {
  const Word& word = line.first();
  if (word.text == "PASS") {
    builder.instance.auth_is_pass = Placed<bool>{true, word.place};
    return true;
  }
  builder.instance.auth_is_pass = Placed<bool>{false, word.place};
  if (word.text == "AH") {
    builder.report(Severity::error, Status::not_active, word.place,
                   "auth_type AH is keepalived's; Baton does not support it yet",
                   "the instance sends and takes adverts without authentication: a peer with AH drops them");
    return false;
  }
  builder.error(word.place, concat("auth_type is PASS or AH, not ", quoted(word.text)), "there is no authentication");
  return false;
}

bool open_plain(Builder&, const Line&) {
  return true;
}

namespace {

ScriptUse use_of(const Line& line) {
  if (line.block == Block::vrrp_script) return ScriptUse::track;
  if (line.block == Block::misc_check) return ScriptUse::check;
  if (line.block != Block::global_defs) return ScriptUse::notify;
  return line.keyword->name.ends_with("fifo_script") ? ScriptUse::pipe : ScriptUse::process;
}

}  // namespace

std::optional<ScriptIndex> read_script(Builder& builder, const Line& line) {
  const Word& keyword = line.words[0];
  ScriptLine script = parse_script_line(line.raw.substr(keyword.place.length));
  const Place place = line.first().place;
  if (!script.fault.empty()) {
    builder.error(place, concat(line.keyword->name, ": ", script.fault), "no script is run");
    return std::nullopt;
  }
  if (!script.surplus.empty())
    builder.advise(place, concat(line.keyword->name, ": ", quoted(script.surplus), " and what follows are ignored"),
                   "the two words after the command are its user and group; to pass arguments write the whole command "
                   "in double quotes");
  builder.config.scripts.push_back({std::move(script.arguments), std::move(script.user), std::move(script.group),
                                    place.position, use_of(line), false});
  return static_cast<ScriptIndex>(builder.config.scripts.size() - 1);
}

}  // namespace baton::config

#include <vector>

#include "config/set_server.hpp"
#include "config/values.hpp"

namespace baton::config {
namespace {

/// keepalived does not tell the flags of sh and mh apart: both have the same bits.
bool has_hash_flags(const VirtualServerDraft& server) {
  return server.scheduler == "sh" || server.scheduler == "mh";
}

/// Reports a flag that means nothing here; true when it does.
bool may_have_hash_flag(Builder& builder, const Line& line) {
  if (has_hash_flags(builder.server)) return true;
  const std::string_view own = line.keyword->name.substr(0, 2);
  builder.error(line.words[0].place,
                concat("'", line.keyword->name, "' is for the schedulers sh and mh, and ",
                       builder.server.scheduler ? concat("lb_algo is ", *builder.server.scheduler)
                                                : std::string("there is no lb_algo before it"),
                       ": the line is ignored"),
                concat("write it after lb_algo ", own == "mh" ? "mh" : "sh"));
  return false;
}

}  // namespace

bool set_scheduler(Builder& builder, const Line& line) {
  const Word& word = line.first();
  if (line.keyword->argument.choice(word.text)) {
    builder.server.scheduler = word.text;
    return true;
  }
  const std::vector<std::string_view> schedulers = line.keyword->argument.choices();
  if (const auto found = choose(schedulers, word.text); found < schedulers.size()) {
    builder.warn(word.place, concat(quoted(word.text), " is taken for ", schedulers[found]),
                 "keepalived knows small letters only");
    builder.server.scheduler = schedulers[found];
    return true;
  }
  std::string_view near = nearest(word.text, schedulers);
  // wdh, wsh: guides take the w of wrr and wlc for a prefix that every scheduler has.
  if (word.text.starts_with('w') && choose(schedulers, word.text.substr(1)) < schedulers.size())
    near = word.text.substr(1);
  std::string hint = near.empty() ? "the schedulers are " + listed(schedulers) : concat("did you mean '", near, "'?");
  if (near == "sh" || near == "dh") hint += " sh honours weights; mh is the modern consistent hash";
  builder.error(word.place, concat("the kernel has no scheduler ", quoted(word.text), ": wlc is used"),
                std::move(hint));
  builder.server.scheduler = "wlc";
  return false;
}

bool set_hash_flag(Builder& builder, const Line& line) {
  if (!may_have_hash_flag(builder, line)) return false;
  const std::string_view name = line.keyword->name;
  if (!name.starts_with(*builder.server.scheduler))
    builder.advise(line.words[0].place, concat("'", name, "' is taken for ", *builder.server.scheduler, name.substr(2)),
                   "the two schedulers have the same flags");
  (name.ends_with("port") ? builder.server.settled.flag_2 : builder.server.settled.flag_1) = true;
  return true;
}

bool set_hashed(Builder& builder, const Line& line) {
  if (!may_have_hash_flag(builder, line)) return false;
  builder.server.settled.hashed = true;
  return true;
}

}  // namespace baton::config

// authentication and auth_hmac.
#include <algorithm>

#include "config/resolve_instance.hpp"

namespace baton::config {
namespace {

constexpr std::size_t kLongestPass = 8;  // octets (RFC 2338 5.3.10)

/// Whether the instance cannot have the authentication that is written; that is reported.
bool is_ruled_out(Builder& builder, const InstanceDraft& draft, const VrrpInstance& instance) {
  const Place& place = draft.auth_type->place;
  if (!draft.auth_pass || draft.auth_pass->value.empty()) {
    builder.warn(place, concat("auth_type ", draft.auth_type->value == AuthType::ah ? "AH" : "PASS",
                               " without auth_pass: there is no authentication"));
    return true;
  }
  if (instance.version == 3) {
    builder.warn(place, "VRRP version 3 has no authentication: it is ignored",
                 "RFC 5798 took it out, as a password in clear text protects against mistakes only");
    return true;
  }
  if (is_strict(builder, instance)) {
    builder.warn(place, "strict_mode and authentication do not go together: there is none",
                 "RFC 3768 took it out; to keep it leave strict_mode or vrrp_strict out");
    return true;
  }
  return false;
}

void resolve_hmac(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  if (!instance.auth_hmac) return;
  AuthHmac& hmac = *instance.auth_hmac;
  if (instance.auth_type != AuthType::none) {
    builder.error(draft.at("auth_hmac"), "auth_hmac does not go together with authentication: it is ignored",
                  concat("authentication is in ", builder.at(draft.auth_type->place)));
    instance.auth_hmac.reset();
    return;
  }
  if (std::ranges::find(hmac.keys, hmac.active_key, &HmacKey::id) == hmac.keys.end()) {
    const bool has_active = draft.has("active_key");
    builder.error(draft.at(has_active ? "active_key" : "auth_hmac"),
                  has_active ? concat("there is no key ", int{hmac.active_key}, ": auth_hmac is ignored")
                             : std::string("auth_hmac lacks its active_key: it is ignored"),
                  "active_key is the id of one of the key lines");
    instance.auth_hmac.reset();
    return;
  }
  if (is_strict(builder, instance) && hmac.mode != HmacMode::enforce) {
    builder.error(draft.at("mode"), "strict_mode takes auth_hmac in mode enforce only: that is set");
    hmac.mode = HmacMode::enforce;
  }
}

/// keepalived clears the state: AH counts its packets, and a router that begins as MASTER would not know the count.
void settle_ah(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  if (instance.state != WantedState::master || instance.priority == kOwnerPriority) return;
  builder.warn(draft.state->place, "state MASTER does not work with auth_type AH: it becomes BACKUP",
               "the higher priority becomes master all the same");
  instance.state = WantedState::backup;
}

}  // namespace

void resolve_authentication(Builder& builder, const InstanceDraft& draft, VrrpInstance& instance) {
  const bool has_pass = draft.auth_pass && !draft.auth_pass->value.empty();
  const AuthType type = draft.auth_type ? draft.auth_type->value : AuthType::none;
  if (has_pass && draft.auth_pass->value.size() > kLongestPass)
    builder.warn({draft.auth_pass->place.position, kLongestPass},
                 concat("auth_pass has more than ", kLongestPass, " octets: the first ", kLongestPass, " are used"),
                 "the other routers cut it likewise, so they still agree");
  if (has_pass && !draft.auth_type)
    builder.advise(draft.auth_pass->place, "auth_pass without auth_type PASS: there is no authentication",
                   "write auth_type PASS beside it");
  if (type != AuthType::none && !is_ruled_out(builder, draft, instance)) {
    instance.auth_type = type;
    instance.auth_pass = draft.auth_pass->value.substr(0, kLongestPass);
    if (type == AuthType::ah) settle_ah(builder, draft, instance);
  }
  resolve_hmac(builder, draft, instance);
}

}  // namespace baton::config

#include "config/field.hpp"
#include "config/keywords.hpp"
#include "config/set_instance.hpp"
#include "config/show_instance.hpp"

namespace baton::config {
namespace {

constexpr auto kAuthentication = std::to_array<Keyword>({
    {"auth_type", word("AH|PASS"), "", "IPsec-AH style or plain text", {.set = set_auth_type, .show = show_auth_type}},
    {"auth_pass",
     word("<string ≤8>"),
     "",
     "Secret; longer is truncated to 8 with an error",
     {.set = set_text<&InstanceDraft::auth_pass>, .show = show_word<&VrrpInstance::auth_pass>}},
});

constexpr auto kAuthHmac = std::to_array<Keyword>({
    {"key", repeated(text("<id 1-255> <ascii|hex:...|file:path>")), "",
     "A 32-64 byte key; duplicate id rejected; a group/world readable file is a security error",
     pending(since("2.4.0", {.set = add_hmac_key, .show = show_hmac_keys}))},
    {"active_key", integer(1, 255), "none (required)",
     "Key used for sending; if it names no defined key (also when omitted) the whole extension is disabled with an "
     "error",
     pending(since("2.4.0",
                   {.set = noting<set_integer<&AuthHmac::active_key>>, .show = show_number<&AuthHmac::active_key>}))},
    {"time_window", integer(1, 300, "s"), "3×whole seconds of advert_int, at least 5, at most 300",
     "Accepted clock difference in time mode",
     pending(
         since("2.4.0", {.set = set_integer<&AuthHmac::time_window>, .show = show_seconds<&AuthHmac::time_window>}))},
    {"anti_replay", word("time|monotonic"), "time", "Freshness by clock or only by growing sequence",
     pending(since("2.4.0", {.set = set_anti_replay, .show = show_anti_replay}))},
    {"mode", word("enforce|permissive|receive-only"), "enforce",
     "Whether unsigned adverts are accepted and whether own adverts are signed",
     pending(since("2.4.0; receive-only 2.4.2", {.set = noting<set_hmac_mode>, .show = show_hmac_mode}))},
});

constexpr auto kAuthenticationSections = std::to_array<Section>({
    {{Block::authentication}, kAuthentication},
    {{Block::auth_hmac}, kAuthHmac},
});

}  // namespace

std::span<const Section> authentication_keywords() {
  return kAuthenticationSections;
}

}  // namespace baton::config

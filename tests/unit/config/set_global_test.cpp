#include <doctest/doctest.h>

#include "unit/config/reading.hpp"

namespace baton::config {
namespace {

TEST_CASE("global_defs, all of it") {
  const Parsed parsed =
      read(globals("router_id LVS_1\nnotification_email {\na@b\nc@d\n}\nnotification_email_from \"Me "
                   "<e@f>\"\nsmtp_server 192.0.2.25 2525\n"
                   "smtp_connect_timeout 7\nvrrp_version 3\nenable_script_security\nscript_user nobody nogroup"));
  CHECK(said(parsed).empty());
  const GlobalDefs& global = parsed.config.global;
  CHECK(global.router_id == "LVS_1");
  CHECK(global.mail.notification_email == std::vector<std::string>{"a@b", "c@d"});
  CHECK(global.mail.notification_email_from == "Me <e@f>");
  CHECK(global.mail.smtp_server == "192.0.2.25");
  CHECK(global.mail.smtp_port == 2525);
  CHECK(global.mail.smtp_connect_timeout == std::chrono::seconds(7));
  CHECK(global.vrrp_version == 3);
  CHECK(global.enable_script_security);
  CHECK(global.script_user == "nobody");
  CHECK(global.script_group == "nogroup");
  CHECK(global.script_user_position == Position{0, 12, 13});
}

TEST_CASE("global_defs, none of it") {
  const GlobalDefs global = read("").config.global;
  CHECK(global.router_id.empty());
  CHECK(global.mail.notification_email.empty());
  CHECK(global.mail.smtp_port == 25);
  CHECK_FALSE(global.mail.smtp_connect_timeout.has_value());
  CHECK(global.vrrp_version == 2);
  CHECK_FALSE(global.enable_script_security);
  CHECK(global.script_user.empty());
}

TEST_CASE("a mail server may be a name, and is not looked up") {
  const Parsed parsed = read(globals("smtp_server mail.example.invalid"));
  CHECK(said(parsed).empty());
  CHECK(parsed.config.global.mail.smtp_server == "mail.example.invalid");
}

TEST_CASE("a wrong port of the mail server costs the line") {
  const Parsed parsed = read(globals("smtp_server 192.0.2.25 99999"));
  CHECK(said(parsed) == "2:24 error 5: smtp_server: the port must be 1 to 65535, not '99999' (the line is ignored)\n");
  CHECK(parsed.config.global.mail.smtp_server.empty());
}

TEST_CASE("a connection takes time") {
  const Parsed parsed = read(globals("smtp_connect_timeout 0"));
  CHECK(said(parsed) == "2:22 warning 5: smtp_connect_timeout 0 is taken for 1 s (a connection takes time)\n");
  CHECK(parsed.config.global.mail.smtp_connect_timeout == std::chrono::seconds(1));
}

TEST_CASE("an empty notification_email is reported, also when another one holds addresses") {
  CHECK(said(read(globals("notification_email {\na@b\n}\nnotification_email {\n}"))) ==
        "5:1 warning 5: notification_email holds no address (write one per line between the braces)\n");
}

TEST_CASE("versions are 2 and 3") {
  CHECK(said(read(globals("vrrp_version 5"))) ==
        "2:14 error 5: vrrp_version must be 2 to 3, not '5' (the line is ignored)\n");
}

TEST_CASE("global_defs holds for instances before it, too") {
  const Parsed parsed = read(instance("") + globals("vrrp_version 3"));
  CHECK(parsed.config.vrrp_instances.at(0).version == 3);
}

}  // namespace
}  // namespace baton::config

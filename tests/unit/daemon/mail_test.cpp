#include <doctest/doctest.h>

#include "config/parse.hpp"
#include "daemon/mail_job.hpp"
#include "daemon/mail_queue.hpp"
#include "daemon/mail_table.hpp"

using namespace baton;
using namespace baton::daemon;

namespace {

constexpr const char* kServices = R"(
virtual_server 192.0.2.80 80 {
  protocol TCP
  quorum 2
  hysteresis 1
  VS
  real_server 192.0.2.11 8080 {
  }
  real_server 192.0.2.12 8080 {
    smtp_alert off
  }
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 1
  VRRP
  virtual_ipaddress {
    192.0.2.80
  }
}
)";

/// The services and the instance, with lines of global_defs, of the virtual server and of the instance.
MailTable table(const std::string& global, const std::string& service = "", const std::string& instance = "") {
  std::string text = "global_defs {\n" + global + "\n}" + kServices;
  text.replace(text.find("  VS\n"), 5, service + "\n");
  text.replace(text.find("  VRRP\n"), 7, instance + "\n");
  return {config::parse(text, std::string("test.conf")).config, "host"};
}

ipvs::ServiceKey service() {
  return {Family::ipv4, ipvs::Protocol::tcp, IpAddress::v4({192, 0, 2, 80}), 80, 0};
}

ServerNotify server(std::uint8_t last, bool up, const std::string& reason = "") {
  return {service(), {IpAddress::v4({192, 0, 2, last}), 8080}, up, PoolMoment::change, reason};
}

Notify instance(NotifyState state) {
  return {"VI_1", state, 100};
}

MailSettings settings() {
  MailSettings settings;
  settings.server = "mail.example";
  settings.port = 2525;
  settings.helo_name = "lvs.example";
  settings.timeout = std::chrono::seconds(7);
  settings.from = "Director <lvs@example.com>";
  settings.to = {"ops@example.com", "two@example.com"};
  return settings;
}

}  // namespace

TEST_CASE("mails about an instance, in keepalived's words") {
  const auto mails = table("router_id LVS_ONE", "", "smtp_alert");
  CHECK(mails.mail_for(instance(NotifyState::master)) ==
        Mail{"[LVS_ONE] VRRP Instance VI_1 - Entering MASTER state", "=> VRRP Instance is now owning VRRP VIPs <="});
  CHECK(mails.mail_for(instance(NotifyState::backup)) == Mail{"[LVS_ONE] VRRP Instance VI_1 - Entering BACKUP state",
                                                              "=> VRRP Instance is no longer owning VRRP VIPs <="});
  CHECK(mails.mail_for(instance(NotifyState::fault))->subject == "[LVS_ONE] VRRP Instance VI_1 - Entering FAULT state");
  CHECK_FALSE(mails.mail_for(instance(NotifyState::stop)));
  CHECK_FALSE(mails.mail_for(Notify{"nosuch", NotifyState::master, 1}));
}

TEST_CASE("mails about real and virtual servers, in keepalived's words") {
  const auto mails = table("", "smtp_alert");
  CHECK(mails.mail_for(server(11, false, "connection refused")) ==
        Mail{"[host] Realserver [192.0.2.11]:tcp:8080 of virtual server [192.0.2.80]:tcp:80 - DOWN",
             "=> CHECK failed on service : connection refused <="});
  CHECK(mails.mail_for(server(11, true)) ==
        Mail{"[host] Realserver [192.0.2.11]:tcp:8080 of virtual server [192.0.2.80]:tcp:80 - UP",
             "=> CHECK succeed on service <="});
  CHECK(mails.mail_for(QuorumNotify{service(), true, PoolMoment::change, 7}) ==
        Mail{"[host] Virtualserver [192.0.2.80]:tcp:80 - UP", "=> Gained quorum 2+1=3 <= 7 <="});
  CHECK(mails.mail_for(QuorumNotify{service(), false, PoolMoment::change, 0}) ==
        Mail{"[host] Virtualserver [192.0.2.80]:tcp:80 - DOWN", "=> Lost quorum 2+1=1 <= 0 <="});
  CHECK(mails.mail_for(QuorumNotify{service(), true, PoolMoment::start, 7})->body ==
        "=> Starting with quorum up 2+1=3 <= 7 <=");
}

TEST_CASE("no mail about servers at a start and nothing at a stop") {
  const auto mails = table("", "smtp_alert");
  auto event = server(11, true);
  for (const auto moment : {PoolMoment::start, PoolMoment::removal}) {
    event.moment = moment;
    CHECK_FALSE(mails.mail_for(event));
  }
  CHECK_FALSE(mails.mail_for(QuorumNotify{service(), false, PoolMoment::removal, 0}));
}

TEST_CASE("only real servers are mailed about when nothing is said, and not those that say off") {
  const auto mails = table("");
  CHECK(mails.mail_for(server(11, false)));
  CHECK_FALSE(mails.mail_for(server(12, false)));
  CHECK_FALSE(mails.mail_for(server(13, false)));
  CHECK_FALSE(mails.mail_for(QuorumNotify{service(), true, PoolMoment::change, 1}));
  CHECK_FALSE(mails.mail_for(instance(NotifyState::master)));
}

TEST_CASE("the nearest smtp_alert counts") {
  CHECK(table("smtp_alert").mail_for(instance(NotifyState::master)));
  CHECK(table("smtp_alert").mail_for(QuorumNotify{service(), true, PoolMoment::change, 1}));
  CHECK_FALSE(table("smtp_alert off").mail_for(server(11, false)));
  CHECK(table("smtp_alert off\nsmtp_alert_checker on").mail_for(server(11, false)));
  CHECK_FALSE(table("smtp_alert\nsmtp_alert_vrrp off").mail_for(instance(NotifyState::master)));
  CHECK(table("smtp_alert\nsmtp_alert_vrrp off", "", "smtp_alert on").mail_for(instance(NotifyState::master)));
  CHECK_FALSE(table("smtp_alert", "smtp_alert off").mail_for(QuorumNotify{service(), true, PoolMoment::change, 1}));
}

TEST_CASE("no_email_faults spares FAULT alone") {
  const auto mails = table("smtp_alert\nno_email_faults");
  CHECK_FALSE(mails.mail_for(instance(NotifyState::fault)));
  CHECK(mails.mail_for(instance(NotifyState::backup)));
}

TEST_CASE("a reason cannot begin a line of the mail") {
  const auto mail = table("").mail_for(server(11, false, "x\r\n.\r\nEvil: y"));
  REQUIRE(mail);
  CHECK(mail->body == "=> CHECK failed on service : x??.??Evil: y <=");
}

TEST_CASE("no mail without a server and somebody to write to; defaults of the rest") {
  config::MailDefs mail;
  CHECK_FALSE(mail_settings(mail, "host"));
  mail.smtp_server = "192.0.2.25";
  CHECK_FALSE(mail_settings(mail, "host"));
  mail.notification_email = {"a@b"};
  const auto found = mail_settings(mail, "host");
  REQUIRE(found);
  CHECK(found->port == 25);
  CHECK(found->helo_name == "host");
  CHECK(found->from == "root@host");
  CHECK(found->timeout == std::chrono::seconds(30));
}

TEST_CASE("a message is keepalived's to the byte") {
  std::tm when{};
  when.tm_year = 126;
  when.tm_mon = 10;
  when.tm_mday = 6;
  when.tm_wday = 5;
  when.tm_hour = 15;
  when.tm_min = 46;
  when.tm_sec = 45;
  CHECK(mail_job(settings(), {"[A] b", "=> c <="}, when).message ==
        "Date: Fri, 06 Nov 2026 15:46:45 +0000\r\nFrom: Director <lvs@example.com>\r\nSubject: [A] b\r\n"
        "X-Mailer: Keepalived\r\nTo: ops@example.com, two@example.com\r\n\r\n=> c <=\r\n\r\n");
}

TEST_CASE("an address without its display name") {
  CHECK(bare_address("Director <lvs@example.com>") == "lvs@example.com");
  CHECK(bare_address("lvs@example.com") == "lvs@example.com");
  CHECK(bare_address("> <") == "> <");
}

TEST_CASE("a job is read as it was written, and nothing else is") {
  const MailJob job{settings(), "Date: x\r\n\r\nto nobody\r\n"};
  CHECK(decode_mail_job(encode(job)).value() == job);
  for (const auto* text : {"", "server a\n", "server a\n\nx", "to a@b\n\nx", "what x\n\n", "server a\nport x\nto b\n\n",
                           "server a\ntimeout 0\nto b\n\n", "server\n\n"})
    CHECK_FALSE_MESSAGE(decode_mail_job(text).has_value(), text);
  auto evil = job;
  evil.settings.from = "a\nserver b";
  CHECK(decode_mail_job(encode(evil))->settings.from == "a?server b");
}

TEST_CASE("mails go one at a time and in their order") {
  MailQueue queue;
  for (const auto* text : {"1", "2", "3"})
    queue.add({settings(), text});
  CHECK(queue.next()->message == "1");
  CHECK_FALSE(queue.next());
  CHECK_FALSE(queue.ended(""));
  CHECK(queue.next()->message == "2");
  CHECK_FALSE(queue.ended(""));
  CHECK(queue.next()->message == "3");
  CHECK_FALSE(queue.idle());
  CHECK_FALSE(queue.ended(""));
  CHECK(queue.idle());
}

TEST_CASE("a mail server that fails is told of once, and how many mails that cost") {
  MailQueue queue;
  for (int i = 0; i < 4; ++i)
    queue.add({settings(), "x"});
  queue.next();
  const auto first = queue.ended("couldn't connect");
  REQUIRE(first);
  CHECK(first->is_error);
  CHECK(first->text.starts_with("mail server mail.example:2525: couldn't connect"));
  for (int i = 0; i < 2; ++i) {
    queue.next();
    CHECK_FALSE(queue.ended("couldn't connect"));
  }
  queue.next();
  const auto last = queue.ended("");
  REQUIRE(last);
  CHECK(*last == MailQueue::Line{"mail server mail.example:2525 takes mails again; lost meanwhile: 3", false});
}

TEST_CASE("where there is no room the oldest mail gives way") {
  MailQueue queue;
  for (std::size_t i = 0; i <= MailQueue::kMaxWaiting; ++i)
    queue.add({settings(), std::to_string(i)});
  CHECK(queue.waiting() == MailQueue::kMaxWaiting);
  CHECK(queue.next()->message == "1");
  CHECK(queue.ended("")->text.ends_with("lost meanwhile: 1"));
}

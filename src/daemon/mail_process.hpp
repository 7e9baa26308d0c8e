// mail_process.hpp - the process that hands one mail to a mail server: libcurl's SMTP, as nobody.
#pragma once

#include <string>

#include "daemon/mail_job.hpp"
#include "daemon/options.hpp"

namespace baton::daemon {

/// The whole of it; options.channel is the sealed text of a MailJob.  The exit status is for mail_trouble().
int run_mail(const Options& options);

/// What the exit status of run_mail() says, in words.
std::string mail_trouble(int exit_status);

/// How long a mail may take from the first packet to the last.
Duration mail_time_limit(const MailSettings& settings);

}  // namespace baton::daemon

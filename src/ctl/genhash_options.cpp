#include "ctl/genhash_options.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <string_view>

#include <getopt.h>

namespace baton::ctl {

namespace {

constexpr std::string_view kUsage = R"(Usage: genhash COMMAND [OPTIONS]
Commands:
   -s server-address -p port -u url
   -S -s server-address -p port -u url
   -h

Options:
Either long or short options are allowed.
   --use-ssl         -S       Use SSL connection to remote server.
   --use-sni         -I       Use SNI during SSL handshake (uses virtualhost setting; see -V).
   --server          -s       Use the specified remote server address.
   --port            -p       Use the specified remote server port.
   --url             -u       Use the specified remote server url.
   --use-virtualhost -V       Use the specified virtualhost in GET query.
   --verbose         -v       Use verbose mode output.
   --help            -h       Display this short inlined help screen.
   --fwmark          -m       Use the specified FW mark.
   --protocol        -P       Use the specified HTTP protocol - '1.0', '1.0c', '1.1'.
                                1.0c means 1.0 with 'Connection: close'
   --timeout         -t       Timeout in seconds
)";

constexpr const char* kShort = ":s:p:u:SIV:vhm:P:t:";
constexpr std::array kLong{
    option{"use-ssl", no_argument, nullptr, 'S'},       option{"use-sni", no_argument, nullptr, 'I'},
    option{"server", required_argument, nullptr, 's'},  option{"port", required_argument, nullptr, 'p'},
    option{"url", required_argument, nullptr, 'u'},     option{"use-virtualhost", required_argument, nullptr, 'V'},
    option{"verbose", no_argument, nullptr, 'v'},       option{"help", no_argument, nullptr, 'h'},
    option{"fwmark", required_argument, nullptr, 'm'},  option{"protocol", required_argument, nullptr, 'P'},
    option{"timeout", required_argument, nullptr, 't'}, option{nullptr, 0, nullptr, 0},
};

template <class Integer>
std::optional<Integer> number(std::string_view text, Integer least, Integer most) {
  Integer value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < least || value > most) return std::nullopt;
  return value;
}

GenhashCommand refuse(const std::string& why) {
  GenhashCommand command;
  command.text = (why.empty() ? "" : why + "\n") + std::string(kUsage);
  command.exit_status = 1;
  return command;
}

bool set_protocol(std::string_view text, GenhashOptions& options) {
  options.is_1_1 = text == "1.1";
  options.closes = options.is_1_1 || text == "1.0c" || text == "1.0C";
  return options.closes || text == "1.0";
}

/// What is wrong with the option; empty: nothing.
std::string set(int option, const std::string& text, GenhashOptions& options) {
  constexpr std::uint32_t kLongest = 3600;  // seconds
  switch (option) {
    case 's':
      if (const auto address = IpAddress::parse(text)) return options.server = *address, "";
      return "server should be an IP, not " + text;
    case 'p':
      if (const auto port = number<std::uint16_t>(text, 1, 65535)) return options.port = *port, "";
      return "invalid port number '" + text + "'";
    case 'm':
      if (const auto mark = number<std::uint32_t>(text, 0, UINT32_MAX)) return options.fwmark = *mark, "";
      return "invalid fwmark '" + text + "'";
    case 't':
      if (const auto limit = number<std::uint32_t>(text, 1, kLongest))
        return options.timeout = std::chrono::seconds(*limit), "";
      return "invalid timeout '" + text + "'";
    case 'P': return set_protocol(text, options) ? "" : "invalid HTTP protocol version '" + text + "'";
    case 'u': options.url = text; return "";
    case 'V': options.virtualhost = text; return "";
    case 'S': options.use_ssl = true; return "";
    case 'I': options.use_sni = true; return "";
    default: options.is_verbose = true; return "";
  }
}

}  // namespace

GenhashCommand parse_genhash(int argc, char** argv) {
  GenhashCommand command;
  optind = 0;  // glibc: begin anew
  opterr = 0;
  int option = 0;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): before there is any thread
  while ((option = ::getopt_long(argc, argv, kShort, kLong.data(), nullptr)) != -1) {
    const std::string written = argv[optind - 1];
    if (option == '?') return refuse("Unknown option " + written);
    if (option == ':') return refuse("Missing argument of option " + written);
    if (option == 'h') {
      command.text = kUsage;
      return command;
    }
    if (const auto wrong = set(option, optarg != nullptr ? optarg : "", command.options); !wrong.empty())
      return refuse(wrong);
  }
  if (optind < argc) return refuse("Unexpected argument(s): " + std::string(argv[optind]));
  const auto& options = command.options;
  if (options.server.is_unspecified() || options.port == 0 || options.url.empty()) return refuse("");
  return command;
}

std::string genhash_request(const GenhashOptions& options) {
  const auto address = options.server.to_string();
  const auto host = options.virtualhost.empty()
                        ? (options.server.is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(options.port)
                        : options.virtualhost;
  return "GET " + options.url + " HTTP/" + (options.is_1_1 ? "1.1" : "1.0") + "\r\nUser-Agent: KeepAliveClient\r\n" +
         (options.closes ? "Connection: close\r\n" : "") + "Host: " + host + "\r\n\r\n";
}

}  // namespace baton::ctl

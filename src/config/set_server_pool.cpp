#include <algorithm>
#include <array>

#include "config/set_server.hpp"
#include "config/values.hpp"
#include "core/dns_name.hpp"

namespace baton::config {

bool open_server_pool(Builder& builder, const Line& line) {
  const Word& word = line.first();
  std::string name(word.text);
  if (name.ends_with('.')) name.pop_back();
  if (!is_dns_name(name) || IpAddress::parse(name)) {
    builder.error(word.place,
                  concat("real_server_pool: ", quoted(word.text), " is no name of DNS: the block is skipped"),
                  "one address is a real_server; a pool is real_server_pool web.example.org 80");
    return false;
  }
  ServerPoolDraft pool;
  if (line.words.size() > 2) {
    pool.port = parse_port(line.words[2].text, true);
    if (!pool.port) {
      builder.error(line.words[2].place,
                    concat("real_server_pool: the port must be 1 to 65535, not ", quoted(line.words[2].text),
                           ": the block is skipped"),
                    "ports are numbers; names of services are not looked up");
      return false;
    }
  }
  if (line.words.size() > 3)
    builder.advise(line.words[3].place, concat(quoted(line.words[3].text), " after the port is ignored"));
  pool.place = word.place;
  pool.source.name = std::move(name);
  builder.server_pool = std::move(pool);
  builder.real_server = {};
  builder.real_server.place = word.place;
  return true;
}

void close_server_pool(Builder& builder) {
  builder.server_pool.server = std::move(builder.real_server);
  builder.server.server_pools.push_back(std::move(builder.server_pool));
  builder.server_pool = {};
  builder.real_server = {};
}

/// The grammar's words are in the order of PoolRecord.
bool set_pool_record(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const std::vector<std::string_view> records = line.keyword->argument.choices();
  const std::size_t found = choose(records, word.text);
  if (found == records.size()) {
    builder.error(word.place, concat("record is ", listed(records), ", not ", quoted(word.text)),
                  "the line is ignored");
    return false;
  }
  builder.server_pool.record = static_cast<PoolRecord>(found);
  return true;
}

bool set_pool_nameserver(Builder& builder, const Line& line) {
  const Word& word = line.first();
  const auto address = IpAddress::parse(word.text);
  if (!address || address->is_unspecified() || address->is_multicast()) {
    builder.error(word.place, concat("nameserver: ", quoted(word.text), " is no address of a name server"),
                  "the line is ignored; nameserver 192.0.2.53 53");
    return false;
  }
  Nameserver nameserver{*address, 53};
  if (line.words.size() > 2) {
    const auto port = parse_port(line.words[2].text, false);
    if (!port) {
      builder.error(line.words[2].place,
                    concat("nameserver: the port must be 1 to 65535, not ", quoted(line.words[2].text)),
                    "the line is ignored");
      return false;
    }
    nameserver.port = *port;
  }
  builder.server_pool.source.nameserver = nameserver;
  return true;
}

}  // namespace baton::config

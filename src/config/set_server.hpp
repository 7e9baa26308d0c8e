// set_server.hpp - what the rows of virtual_server, real_server, virtual_server_group and SSL do with a line.
#pragma once

#include <optional>
#include <string_view>

#include "config/builder.hpp"

namespace baton::config {

// virtual_server, real_server
bool open_virtual_server(Builder& builder, const Line& line);
void close_virtual_server(Builder& builder);
bool set_ip_family(Builder& builder, const Line& line);
bool set_protocol(Builder& builder, const Line& line);
bool set_weight(Builder& builder, const Line& line);
bool set_slow_start(Builder& builder, const Line& line);
bool set_max_removed(Builder& builder, const Line& line);
bool set_sorry_server(Builder& builder, const Line& line);
bool set_sorry_server_inhibit(Builder& builder, const Line& line);
bool open_real_server(Builder& builder, const Line& line);
void close_real_server(Builder& builder);

// real_server_pool
bool open_server_pool(Builder& builder, const Line& line);
void close_server_pool(Builder& builder);
bool set_pool_record(Builder& builder, const Line& line);
bool set_pool_nameserver(Builder& builder, const Line& line);

// schedulers
bool set_scheduler(Builder& builder, const Line& line);
/// sh-port and the like: flags of the schedulers sh and mh, which are written before them.
bool set_hash_flag(Builder& builder, const Line& line);
bool set_hashed(Builder& builder, const Line& line);

// persistence
bool set_persistence_timeout(Builder& builder, const Line& line);
bool set_persistence_engine(Builder& builder, const Line& line);
bool set_persistence_granularity(Builder& builder, const Line& line);

// forwarding
bool set_forwarding_method(Builder& builder, const Line& line);
bool set_sorry_server_method(Builder& builder, const Line& line);

// virtual_server_group
bool open_server_group(Builder& builder, const Line& line);
bool add_server_group_entry(Builder& builder, const Line& line);
void close_server_group(Builder& builder);

// SSL
bool open_ssl(Builder& builder, const Line& line);
void close_ssl(Builder& builder);

}  // namespace baton::config

// Which shard a key belongs to, as a Fabric node computes it. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "topology/topology.h"

namespace myfabric::topology {

/// RANGE, RANGE_INTEGER, RANGE_STRING, RANGE_DATETIME, HASH without regard to case.
ShardType parse_shard_type(std::string_view name);
/// What a key of that type is: "an integer", "a date and time"...
std::string_view key_description(ShardType type);

/// The 16 bytes of MD5 of `text`, in which HASH bounds and keys are compared.
std::string md5(std::string_view text);
/// 32 upper-case hex digits of 16 bytes, the form of HASH bounds in a dump.
std::string to_hex(std::string_view bytes);

/// The largest integer that is not above the decimal number in `text` ("1000.99" is 1000, "1e3"
/// too); beyond 64 bits it stays at the limit. Nothing when `text` is no number.
std::optional<std::int64_t> parse_integer_key(std::string_view text);

/// YYYYMMDDhhmmss of a MySQL date literal; a fraction of a second is rounded. All relaxed forms are
/// understood ("2015-1-1", "20150101", "15-01-01", "2016-07-01T12:30"). Nothing for no possible
/// date.
std::optional<std::int64_t> parse_datetime_key(std::string_view text);

/// Fills the form of `shard.lower_bound` that comparisons need. False when it is no bound of
/// `type`.
bool parse_bound(ShardType type, Shard& shard);
/// Parses all bounds and sorts the shards by them; what is wrong goes into `map.problem`.
void prepare(ShardMap& map);

/// A node leaves disabled shards out of its answers. Shards that `before` had, and whose bounds
/// no other shard took over while a table of their map stayed, are put back as disabled ones, so
/// that their keys do not fall to the neighbour.
void keep_disabled_shards(const Topology& before, Topology& now);

enum class KeyProblem : unsigned char { none, no_shards, wrong_type, below_lowest_bound };

struct FoundShard {
    const Shard* shard = nullptr;  // null exactly when there is a problem
    KeyProblem problem = KeyProblem::none;
};

/// The shard with the largest bound not above `key`; a HASH below all bounds is on the highest one.
/// `map` has been prepared. A disabled shard is found, too.
FoundShard find_shard(const ShardMap& map, std::string_view key);

}  // namespace myfabric::topology

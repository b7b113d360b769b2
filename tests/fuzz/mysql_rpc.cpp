// Result sets of a node over Fabric's MySQL protocol, up to the farm that is made of them.
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include "fuzz/farm_of_strangers.h"
#include "sources/call_text.h"

using namespace myfabric;

namespace {

constexpr const char* names[] = {"server_uuid", "group_id",        "host",        "port",
                                 "mode",        "status",          "weight",      "mapping_id",
                                 "type_name",   "global_group_id", "lower_bound", "shard_id",
                                 "schema_name", "table_name",      "column_name", "fabric_uuid",
                                 "ttl",         "message",         "uuid",        "finished",
                                 "success",     "result",          "is_alive",    "threads"};

results::Column column_of(fuzz::Bytes& in) {
    results::Column column;
    const std::size_t name = in.below(std::size(names) + 1);
    column.name = name < std::size(names) ? names[name] : std::string(in.until(0));
    column.kind =
        static_cast<results::Kind>(in.below(static_cast<std::size_t>(results::Kind::inet6) + 1));
    column.length = in.take<std::uint8_t>();
    column.decimals = static_cast<unsigned>(in.below(40));
    return column;
}

topology::ResultSet set_of(fuzz::Bytes& in, sources::Dialect dialect) {
    topology::ResultSet set;
    std::vector<results::Column> columns;
    for (std::size_t left = in.below(12); left; --left) {
        columns.push_back(column_of(in));
        set.names.push_back(columns.back().name);
    }
    for (std::size_t left = in.below(32); left && !in.empty(); --left) {
        topology::Row& row = set.rows.emplace_back();
        for (const results::Column& column : columns) {
            const std::string_view text = in.until('\n');
            if (text == "N")
                row.emplace_back();
            else
                row.push_back(sources::decode_cell(dialect, column, text));
        }
    }
    return set;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const fuzz::Bytes whole(data, size);
    fuzz::Bytes in = whole;
    fuzz::read_farm([&](const char* command) {
        if (std::string_view(command) == "dump.servers") in = whole;  // a load begins
        const auto dialect = in.below(2) ? sources::Dialect::node : sources::Dialect::sql;
        std::vector<topology::ResultSet> sets;
        for (std::size_t left = in.below(4); left; --left) sets.push_back(set_of(in, dialect));
        return sources::decode_sql_reply(std::move(sets));
    });
    fuzz::Bytes text = whole;
    sources::wanted_arguments(text.rest());
    return 0;
}

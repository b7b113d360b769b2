// Statement: SQLDescribeParam. The text tells what a parameter meets, the server of which type that
// is; nothing is executed.
#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "catalog/functions.h"
#include "conversion/types.h"
#include "handles/statement.h"
#include "sql/parameter_targets.h"

namespace myfabric::handles {

using sql::ParameterTarget;

namespace {

ParameterDescription described(const results::Column& column, const Connection& connection) {
    const conversion::TypeInfo info =
        conversion::describe(column, connection.wide_types(), connection.long_cap());
    return {info.concise_type, info.column_size, info.decimal_digits,
            static_cast<SQLSMALLINT>(column.nullable ? SQL_NULLABLE : SQL_NO_NULLS)};
}

/// A type that the place asks for, whatever the value.
ParameterDescription described(SQLSMALLINT type, bool wide_types) {
    ParameterDescription found;
    found.nullable = SQL_NULLABLE;
    found.type = type;
    switch (type) {
        case SQL_BIGINT:
            found.size = 19;
            break;
        case SQL_DOUBLE:
            found.size = 15;
            break;
        case SQL_TYPE_TIMESTAMP:
            found.size = 26;
            found.decimal_digits = 6;
            break;
        default:
            found.type = wide_types ? SQL_WVARCHAR : SQL_VARCHAR;
    }
    return found;
}

/// The columns of a query that is prepared only; empty when the server does not understand it.
results::Columns columns_of(router::Backend& backend, const std::string& sql) {
    try {
        return backend.run({router::Effect::read}, [&](const auto& connection) {
            return mysql::Prepared(*connection, sql).columns();
        });
    } catch (const Error& error) {
        const bool not_understood =
            error.cause() == Cause::statement || error.cause() == Cause::not_preparable;
        if (!not_understood) throw;
        return {};
    }
}

std::string query_of(const std::string& items, const std::string& tables) {
    return "SELECT " + items + (tables.empty() ? "" : " FROM " + tables);
}

/// An argument of a routine as information_schema tells it.
struct Argument {
    std::string name;
    SQLSMALLINT kind = SQL_PARAM_INPUT;
    ParameterDescription description;
};

std::vector<Argument> arguments_of(Connection& handle, const sql::TableName& routine) {
    router::Backend& backend = handle.backend();
    catalog::Facts facts;
    facts.wide_types = handle.wide_types();
    facts.long_cap = handle.long_cap();
    facts.metadata_id = true;  // names, not patterns
    return backend.run({router::Effect::read}, [&](const auto& connection) {
        facts.mariadb = connection->is_mariadb();
        facts.server_version = connection->server_version_number();
        const std::string database = routine.database.empty()
                                         ? connection->query_value("SELECT DATABASE()")
                                         : routine.database;
        facts.current_database = database;
        const catalog::Query query = catalog::procedure_columns(
            "`" + database + "`", std::nullopt, "`" + routine.table + "`", std::nullopt, facts);
        const std::unique_ptr<results::Results> rows = connection->query(query.sql);
        std::vector<Argument> found;
        const auto number = [&](int column) {
            long long value = 0;
            if (const char* text = rows->row().values[column])
                std::from_chars(text, text + rows->row().lengths[column], value);
            return value;
        };
        while (rows->next_row()) {
            Argument argument;
            argument.kind = static_cast<SQLSMALLINT>(number(4));
            if (argument.kind == SQL_RETURN_VALUE) continue;
            argument.name.assign(rows->row().values[3], rows->row().lengths[3]);
            argument.description.type = static_cast<SQLSMALLINT>(number(5));
            argument.description.size = static_cast<SQLULEN>(number(7));
            argument.description.decimal_digits = static_cast<SQLSMALLINT>(number(9));
            argument.description.nullable = SQL_NULLABLE;
            found.push_back(std::move(argument));
        }
        return found;
    });
}

}  // namespace

const ParameterDescription& Statement::describe_parameter(std::size_t number) {
    must_be_idle();
    const std::size_t count = parameter_count();
    if (number == 0 || number > count)
        throw Error(state::invalid_descriptor_index,
                    "there is no parameter " + std::to_string(number) + "; the statement has " +
                        std::to_string(count));
    if (descriptions_.size() == count) return descriptions_[number - 1];

    const bool wide = connection_.wide_types();
    router::Backend& backend = connection_.backend();
    const std::vector<ParameterTarget> targets = sql::parameter_targets(sql_);
    std::vector<ParameterDescription> found(analysis_.parameter_count,
                                            described(SQLSMALLINT{SQL_VARCHAR}, wide));
    for (ParameterDescription& description : found) description.nullable = SQL_NULLABLE_UNKNOWN;

    // One query for all expressions over the same tables.
    std::map<std::string, std::vector<std::size_t>> by_tables;
    std::map<std::string, results::Columns> whole_tables;
    std::vector<std::pair<sql::TableName, std::vector<Argument>>> routines;
    for (std::size_t i = 0; i < targets.size() && i < found.size(); ++i) {
        const ParameterTarget& target = targets[i];
        switch (target.kind) {
            case ParameterTarget::Kind::unknown:
                break;
            case ParameterTarget::Kind::type:
                found[i] = described(target.type, wide);
                break;
            case ParameterTarget::Kind::expression:
                by_tables[target.tables].push_back(i);
                break;
            case ParameterTarget::Kind::column: {
                const auto [table, fresh] = whole_tables.try_emplace(target.text);
                if (fresh) table->second = columns_of(backend, query_of("*", target.text));
                if (target.index < table->second.size())
                    found[i] = described(table->second[target.index], connection_);
                break;
            }
            case ParameterTarget::Kind::argument: {
                auto known =
                    std::ranges::find(routines, target.routine,
                                      &std::pair<sql::TableName, std::vector<Argument>>::first);
                if (known == routines.end())
                    known = routines.insert(
                        known, {target.routine, arguments_of(connection_, target.routine)});
                if (target.index < known->second.size())
                    found[i] = known->second[target.index].description;
                break;
            }
        }
    }
    for (const auto& [tables, parameters] : by_tables) {
        std::string items;
        for (const std::size_t i : parameters)
            (items += items.empty() ? "" : ", ") += targets[i].text;
        const results::Columns all = columns_of(backend, query_of(items, tables));
        for (std::size_t k = 0; k < parameters.size(); ++k) {
            const ParameterTarget& target = targets[parameters[k]];
            results::Columns one;
            if (all.size() == parameters.size())
                one = {all[k]};
            else if (parameters.size() > 1)
                one = columns_of(backend, query_of(target.text, tables));
            if (one.empty() && target.all_tables != tables)
                one = columns_of(backend, query_of(target.text, target.all_tables));
            if (one.size() == 1 && one[0].kind != results::Kind::null)
                found[parameters[k]] = described(one[0], connection_);
        }
    }
    if (function_value_) {
        ParameterDescription value = described(SQLSMALLINT{SQL_VARCHAR}, wide);
        const results::Columns columns = columns_of(backend, sql_);
        if (columns.size() == 1) value = described(columns[0], connection_);
        found.insert(found.begin(), value);
    }
    descriptions_ = std::move(found);
    return descriptions_[number - 1];
}

/// The server is asked when they are read first, so that nobody pays who does not read them.
void Statement::describe_ipd() {
    if (!is_prepared_ || fabric_call_ || attributes.enable_auto_ipd == SQL_FALSE) return;
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    if (ipd_serial_ == serial_ + 1) return;
    const std::size_t count = parameter_count();
    for (std::size_t number = 1; number <= count; ++number) {
        if (number <= ipd.count() && ipd.record(number).concise_type != SQL_C_DEFAULT &&
            !ipd.record(number).automatic)
            continue;
        const ParameterDescription& found = describe_parameter(number);
        descriptor::Record& record = ipd.writable(number);
        record = {};
        descriptor::set_concise_type(record, found.type);
        record.length = found.size;
        record.precision = record.type == SQL_DATETIME ? found.decimal_digits
                                                       : static_cast<SQLSMALLINT>(found.size);
        record.scale = found.decimal_digits;
        record.nullable = found.nullable;
        record.automatic = true;
    }
    ipd_serial_ = serial_ + 1;
}

void Statement::forget_described_parameters() {
    if (!ipd_serial_) return;
    descriptor::Descriptor& ipd = implicit_ipd_.fields;
    for (std::size_t number = 1; number <= ipd.count(); ++number)
        if (ipd.record(number).automatic) ipd.writable(number) = {};
    ipd_serial_ = 0;
}

/// The records of a procedure's markers where SQL_DESC_NAME says which argument each one is for.
/// Throws 07002 for an argument without a record.
std::vector<std::size_t> Statement::records_by_name() {
    const descriptor::Descriptor& ipd = implicit_ipd_.fields;
    const auto procedure = sql::called_procedure(sql_);
    std::vector<std::size_t> records;
    if (!procedure) return records;
    const std::vector<Argument> arguments = arguments_of(connection_, *procedure);
    const std::vector<ParameterTarget> targets = sql::parameter_targets(sql_);
    for (std::size_t marker = 0; marker < targets.size(); ++marker) {
        std::size_t found = marker + 1;
        if (targets[marker].kind == ParameterTarget::Kind::argument &&
            targets[marker].index < arguments.size()) {
            const std::string& name = arguments[targets[marker].index].name;
            found = 0;
            for (std::size_t i = 1; i <= ipd.count() && !found; ++i) {
                std::string_view given = ipd.record(i).texts.get().name;
                if (given.starts_with('@')) given.remove_prefix(1);
                if (equal_ignoring_case(given, name)) found = i;
            }
            if (!found && marker + 1 <= ipd.count() &&
                ipd.record(marker + 1).texts.get().name.empty())
                found = marker + 1;
            if (!found)
                throw Error(state::wrong_parameter_count, "no parameter is named '" + name +
                                                              "', which procedure '" +
                                                              procedure->table + "' takes");
        }
        records.push_back(found);
    }
    return records;
}

/// The markers that stand for the procedure's OUT and INOUT parameters.
std::vector<std::size_t> Statement::declared_outputs() {
    std::vector<std::size_t> markers;
    const auto procedure = sql::called_procedure(sql_);
    if (!procedure) return markers;
    // The results that are being read go into memory: they are one row.
    const std::vector<Argument> arguments = arguments_of(connection_, *procedure);
    const std::vector<ParameterTarget> targets = sql::parameter_targets(sql_);
    for (std::size_t marker = 0; marker < targets.size(); ++marker)
        if (targets[marker].kind == ParameterTarget::Kind::argument &&
            targets[marker].index < arguments.size() &&
            arguments[targets[marker].index].kind != SQL_PARAM_INPUT)
            markers.push_back(marker);
    return markers;
}

}  // namespace myfabric::handles

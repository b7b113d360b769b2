#include "execution/describe_parameters.h"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.h"
#include "base/text.h"
#include "catalog/functions.h"
#include "conversion/types.h"
#include "execution/run_catalog.h"

namespace myfabric::execution {

using sql::ParameterTarget;

namespace {

/// A type whose values have no size that a program could allocate for each: the size is said to be
/// 0, and programs that bind as it is described (pyodbc's fast_executemany) send it in parts. A
/// size that the data source caps is one.
bool is_without_limit(const results::Column& column, const TypeView& view) {
    using results::Kind;
    if (view.long_cap < conversion::default_long_cap) return false;
    switch (column.kind) {
        case Kind::mediumtext:
        case Kind::longtext:
        case Kind::mediumblob:
        case Kind::longblob:
        case Kind::json:
        case Kind::geometry:
            return true;
        default:
            return false;
    }
}

ParameterDescription described(const results::Column& column, const TypeView& view) {
    const conversion::TypeInfo info = conversion::describe(column, view.wide_types, view.long_cap);
    return {info.concise_type, is_without_limit(column, view) ? 0 : info.column_size,
            info.decimal_digits,
            static_cast<SQLSMALLINT>(column.nullable ? SQL_NULLABLE : SQL_NO_NULLS),
            column.is_unsigned};
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
results::Columns columns_of(Executor& executor, const std::string& sql) {
    try {
        return executor.columns_of(sql);
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

bool is_long(SQLSMALLINT type) {
    return type == SQL_LONGVARCHAR || type == SQL_WLONGVARCHAR || type == SQL_LONGVARBINARY;
}

/// Bytes of a MEDIUMTEXT, in characters: the shortest of the types without a limit.
constexpr SQLULEN least_without_limit = 16777215 / 4;

/// An argument of a routine as information_schema describes it.
struct Argument {
    std::string name;
    SQLSMALLINT kind = SQL_PARAM_INPUT;
    ParameterDescription description;
};

std::vector<Argument> arguments_of(Executor& executor, const TypeView& view,
                                   const sql::TableName& routine) {
    const Executor::Server server = executor.server();
    catalog::Facts facts;
    facts.wide_types = view.wide_types;
    facts.long_cap = view.long_cap;
    facts.metadata_id = true;  // names, not patterns
    facts.mariadb = server.mariadb;
    facts.server_version = server.version;
    facts.current_database = routine.database.empty() ? server.database : routine.database;
    catalog::Query query =
        catalog::procedure_columns(sql::quoted_name(facts.current_database), std::nullopt,
                                   sql::quoted_name(routine.table), std::nullopt, facts);
    query.sql = catalog::for_any_session(std::move(query.sql), facts);
    const std::unique_ptr<results::Results> rows = run_catalog(executor, query);
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
        if (view.long_cap >= conversion::default_long_cap && is_long(argument.description.type) &&
            argument.description.size >= least_without_limit)
            argument.description.size = 0;
        argument.description.decimal_digits = static_cast<SQLSMALLINT>(number(9));
        argument.description.nullable = SQL_NULLABLE;
        found.push_back(std::move(argument));
    }
    return found;
}

/// Finds out what each parameter is; the same routine and table are asked about once.
class Describer {
public:
    Describer(const Command& command, Executor& executor, const TypeView& view)
        : command_(command), executor_(executor), view_(view), targets_(command.targets()) {}

    std::vector<ParameterDescription> describe() {
        found_.assign(command_.markers(), described(SQLSMALLINT{SQL_VARCHAR}, view_.wide_types));
        for (ParameterDescription& description : found_)
            description.nullable = SQL_NULLABLE_UNKNOWN;
        for (std::size_t i = 0; i < targets_.size() && i < found_.size(); ++i) describe_one(i);
        for (const auto& [tables, parameters] : by_tables_) describe_over(tables, parameters);
        if (command_.asks_value()) {
            ParameterDescription value = described(SQLSMALLINT{SQL_VARCHAR}, view_.wide_types);
            const results::Columns columns = columns_of(executor_, command_.sql());
            if (columns.size() == 1) value = described(columns[0], view_);
            found_.insert(found_.begin(), value);
        }
        return std::move(found_);
    }

private:
    void describe_one(std::size_t i) {
        const ParameterTarget& target = targets_[i];
        switch (target.kind) {
            case ParameterTarget::Kind::unknown:
                break;
            case ParameterTarget::Kind::type:
                found_[i] = described(target.type, view_.wide_types);
                break;
            case ParameterTarget::Kind::expression:
                by_tables_[target.tables].push_back(i);
                break;
            case ParameterTarget::Kind::column: {
                const auto [table, fresh] = whole_tables_.try_emplace(target.text);
                if (fresh) table->second = columns_of(executor_, query_of("*", target.text));
                if (target.index < table->second.size())
                    found_[i] = described(table->second[target.index], view_);
                break;
            }
            case ParameterTarget::Kind::argument: {
                const std::vector<Argument>& arguments = arguments_of_routine(target.routine);
                if (target.index < arguments.size())
                    found_[i] = arguments[target.index].description;
                break;
            }
        }
    }

    const std::vector<Argument>& arguments_of_routine(const sql::TableName& routine) {
        const auto known = std::ranges::find(routines_, routine, &Routine::first);
        if (known != routines_.end()) return known->second;
        routines_.emplace_back(routine, arguments_of(executor_, view_, routine));
        return routines_.back().second;
    }

    /// One query for all expressions over the same tables.
    void describe_over(const std::string& tables, const std::vector<std::size_t>& parameters) {
        std::string items;
        for (const std::size_t i : parameters)
            (items += items.empty() ? "" : ", ") += targets_[i].text;
        const results::Columns all = columns_of(executor_, query_of(items, tables));
        for (std::size_t k = 0; k < parameters.size(); ++k) {
            const ParameterTarget& target = targets_[parameters[k]];
            results::Columns one;
            if (all.size() == parameters.size())
                one = {all[k]};
            else if (parameters.size() > 1)
                one = columns_of(executor_, query_of(target.text, tables));
            if (one.empty() && target.all_tables != tables)
                one = columns_of(executor_, query_of(target.text, target.all_tables));
            if (one.size() == 1 && one[0].kind != results::Kind::null)
                found_[parameters[k]] = described(one[0], view_);
        }
    }

    using Routine = std::pair<sql::TableName, std::vector<Argument>>;
    const Command& command_;
    Executor& executor_;
    const TypeView& view_;
    const std::vector<ParameterTarget>& targets_;
    std::vector<ParameterDescription> found_;
    std::map<std::string, std::vector<std::size_t>> by_tables_;
    std::map<std::string, results::Columns> whole_tables_;
    std::vector<Routine> routines_;
};

}  // namespace

const ParameterDescription& ParameterDescriptions::of(std::size_t number, const Command& command,
                                                      Executor& executor, const TypeView& view) {
    const std::size_t count = command.parameters();
    if (number == 0 || number > count)
        throw Error(state::invalid_descriptor_index,
                    "there is no parameter " + std::to_string(number) + "; the statement has " +
                        std::to_string(count));
    if (descriptions_.size() != count)
        descriptions_ = Describer(command, executor, view).describe();
    return descriptions_[number - 1];
}

void ParameterDescriptions::fill(descriptor::Descriptor& ipd, std::uint64_t serial,
                                 const Command& command, Executor& executor, const TypeView& view) {
    if (filled_ == serial + 1) return;
    for (std::size_t number = 1; number <= command.parameters(); ++number) {
        if (number <= ipd.count() && ipd.record(number).concise_type != SQL_C_DEFAULT &&
            !ipd.record(number).automatic)
            continue;
        const ParameterDescription& found = of(number, command, executor, view);
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
    filled_ = serial + 1;
}

void ParameterDescriptions::unfill(descriptor::Descriptor& ipd) {
    if (!filled_) return;
    for (std::size_t number = 1; number <= ipd.count(); ++number)
        if (ipd.record(number).automatic) ipd.writable(number) = {};
    filled_ = 0;
}

std::vector<std::size_t> records_by_name(const descriptor::Descriptor& ipd, const Command& command,
                                         Executor& executor, const TypeView& view) {
    std::vector<std::size_t> records;
    if (!command.procedure()) return records;
    const std::vector<Argument> arguments = arguments_of(executor, view, *command.procedure());
    const std::vector<ParameterTarget>& targets = command.targets();
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
                throw Error(state::wrong_parameter_count,
                            "no parameter is named '" + name + "', which procedure '" +
                                command.procedure()->table + "' takes");
        }
        records.push_back(found);
    }
    return records;
}

std::vector<std::size_t> declared_outputs(const Command& command, Executor& executor,
                                          const TypeView& view) {
    std::vector<std::size_t> markers;
    if (!command.procedure()) return markers;
    // The results that are being read go into memory: they are one row.
    const std::vector<Argument> arguments = arguments_of(executor, view, *command.procedure());
    const std::vector<ParameterTarget>& targets = command.targets();
    for (std::size_t marker = 0; marker < targets.size(); ++marker)
        if (targets[marker].kind == ParameterTarget::Kind::argument &&
            targets[marker].index < arguments.size() &&
            arguments[targets[marker].index].kind != SQL_PARAM_INPUT)
            markers.push_back(marker);
    return markers;
}

}  // namespace myfabric::execution

#include "router/properties.h"

#include <myfabric/attributes.h>

#include <algorithm>

#include "base/error.h"
#include "base/text.h"
#include "router/backend.h"

namespace myfabric::router {
namespace {

/// The value of a key that is a number or one of several words, checked as in a connection string.
template <class Member>
auto checked(std::string_view key, Member dsn::Options::*member, std::string_view value) {
    dsn::Options options;  // only this member is of interest
    dsn::set_option(options, *dsn::find_option(key), value);
    return options.*member;
}

std::string join(const std::vector<std::string>& names) {
    std::string joined;
    for (const std::string& name : names) joined += (joined.empty() ? "" : ",") + name;
    return joined;
}

Reports parse_reports(std::string_view name) {
    return name == "no" ? Reports::no : name == "failure" ? Reports::failure : Reports::error;
}

std::string reports_name(Reports reports) {
    return reports == Reports::no ? "no" : reports == Reports::failure ? "failure" : "error";
}

topology::Scope scope_of(const topology::Target& target) {
    return target.scope.value_or(target.key ? topology::Scope::local : topology::Scope::global);
}

using S = Settings;
using T = topology::Target;
using Value = std::string_view;

constexpr Property table[] = {
    // clang-format off
    // name, alias, attribute, set in the target, set, get, number
    {"Group", "group", SQL_ATTR_FABRIC_GROUP,
     [](T& t, Value value) { t.group = value; }, nullptr,
     [](const S& s) { return s.target.group; }, nullptr},
    {"Tables", "tables", SQL_ATTR_FABRIC_TABLES,
     [](T& t, Value value) { t.tables = topology::parse_tables(value); }, nullptr,
     [](const S& s) { return join(s.target.tables); }, nullptr},
    {"ShardKey", "key", SQL_ATTR_FABRIC_SHARD_KEY,
     [](T& t, Value value) { t.key = value.empty() ? std::nullopt : std::optional<std::string>(value); }, nullptr,
     [](const S& s) { return s.target.key.value_or(""); }, nullptr},
    {"Scope", "scope", SQL_ATTR_FABRIC_SCOPE,
     [](T& t, Value value) { t.scope = value.empty() ? std::nullopt : std::optional(topology::parse_scope(value)); }, nullptr,
     [](const S& s) { return std::string(topology::scope_name(scope_of(s.target))); }, nullptr},
    {"Mode", "mode", SQL_ATTR_FABRIC_MODE,
     [](T& t, Value value) { t.mode = topology::parse_mode(value); }, nullptr,
     [](const S& s) { return std::string(topology::mode_name(s.target.mode)); },
     [](const S& s) { return static_cast<unsigned>(s.target.mode); }},
    {"MaxLag", "", 0, nullptr,
     [](S& s, Value value) { s.max_lag = checked("MaxLag", &dsn::Options::max_lag, value); },
     [](const S& s) { return std::to_string(s.max_lag); }, nullptr},
    {"ReadYourWritesTimeout", "", 0, nullptr,
     [](S& s, Value value) { s.read_your_writes_timeout = checked("ReadYourWritesTimeout", &dsn::Options::read_your_writes_timeout, value); },
     [](const S& s) { return std::to_string(s.read_your_writes_timeout); }, nullptr},
    {"Attempts", "attempts", SQL_ATTR_FABRIC_ATTEMPTS, nullptr,
     [](S& s, Value value) { s.attempts = checked("Attempts", &dsn::Options::attempts, value); },
     [](const S& s) { return std::to_string(s.attempts); },
     [](const S& s) { return s.attempts; }},
    {"AttemptDelay", "attempt_delay", SQL_ATTR_FABRIC_ATTEMPT_DELAY, nullptr,
     [](S& s, Value value) { s.attempt_delay = checked("AttemptDelay", &dsn::Options::attempt_delay, value); },
     [](const S& s) { return std::to_string(s.attempt_delay); },
     [](const S& s) { return s.attempt_delay; }},
    {"ParkedServers", "", 0, nullptr,
     [](S& s, Value value) { s.parked_servers = checked("ParkedServers", &dsn::Options::parked_servers, value); },
     [](const S& s) { return std::to_string(s.parked_servers); }, nullptr},
    {"ParkedTimeout", "", 0, nullptr,
     [](S& s, Value value) { s.parked_timeout = std::chrono::seconds(checked("ParkedTimeout", &dsn::Options::parked_timeout, value)); },
     [](const S& s) { return std::to_string(s.parked_timeout.count()); }, nullptr},
    {"ReportErrors", "", 0, nullptr,
     [](S& s, Value value) { s.reports = parse_reports(checked("ReportErrors", &dsn::Options::report_errors, value)); },
     [](const S& s) { return reports_name(s.reports); }, nullptr},
    // clang-format on
};

template <class Set>
void as_attribute(Set&& set) {
    try {
        set();
    } catch (const Error& error) {
        throw Error(state::invalid_attribute_value, error.message());
    }
}

/// Group names the servers itself; of two choices that exclude each other the later one counts.
void exclude_others(topology::Target& target, const Property& property, std::string_view value) {
    if (value.empty()) return;
    if (property.attribute == SQL_ATTR_FABRIC_GROUP) {
        target.tables.clear();
        target.key.reset();
    }
    if (property.attribute == SQL_ATTR_FABRIC_TABLES) target.group.clear();
}

}  // namespace

std::span<const Property> properties() {
    return table;
}

const Property* find_property(std::string_view name) {
    const auto* found = std::ranges::find_if(table, [&](const Property& row) {
        return equal_ignoring_case(row.name, name) ||
               (!row.alias.empty() && equal_ignoring_case(row.alias, name));
    });
    return found == std::end(table) ? nullptr : found;
}

const Property* find_property(int attribute) {
    const auto* found = std::ranges::find(table, attribute, &Property::attribute);
    return attribute == 0 || found == std::end(table) ? nullptr : found;
}

void set_properties(Settings& settings, const dsn::Options& options) {
    for (const Property& row : table) {
        const auto value = dsn::option_value(options, *dsn::find_option(row.name));
        if (row.set_target)
            row.set_target(settings.target, value);
        else
            row.set(settings, value);
    }
}

void set_property(topology::Target& target, const Property& property, std::string_view value) {
    as_attribute([&] { property.set_target(target, value); });
    exclude_others(target, property, value);
}

void set_property(Settings& settings, const Property& property, std::string_view value) {
    if (property.set_target) return set_property(settings.target, property, value);
    as_attribute([&] { property.set(settings, value); });
}

void set_property(Backend& backend, const Property& property, std::string_view value) {
    if (!property.set_target) return set_property(backend.settings(), property, value);
    if (!backend.settings().farm)
        throw Error(state::attribute_cannot_be_set,
                    "the connection has no FabricHost, so there is no target to change");
    topology::Target changed = backend.target();
    set_property(changed, property, value);
    backend.set_target(std::move(changed));
}

void ChosenProperties::note(const Property& property, std::string_view value) {
    std::erase_if(chosen_, [&](const auto& known) { return known.first == &property; });
    chosen_.emplace_back(&property, value);
}

void ChosenProperties::apply(Settings& settings) const {
    for (const auto& [property, value] : chosen_) set_property(settings, *property, value);
}

}  // namespace myfabric::router

// The properties of a connection's target and of the way its servers are found: one table for
// attributes, CALL fabric.set_property(), the C++ library and the setup tools.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "router/settings.h"

namespace myfabric::router {

class Backend;

struct Property {
    std::string_view name;   // the connection key
    std::string_view alias;  // what libmyfabric calls it; empty: nothing
    int attribute;           // of include/myfabric/attributes.h; 0: none
    /// Changes where commands go, which takes a farm and no transaction; null for another property.
    /// Throws Error as a connection string with such a value does.
    void (*set_target)(topology::Target&, std::string_view value);
    /// What is not of the target; null for what is. Throws likewise.
    void (*set)(Settings&, std::string_view value);
    std::string (*get)(const Settings&);
    unsigned (*number)(const Settings&);  // as the attribute has it; null: that is a text
};

/// In the order of the connection keys.
std::span<const Property> properties();
/// By its name or alias, in any case; null for none.
const Property* find_property(std::string_view name);
const Property* find_property(int attribute);

/// The target and the way to it as a connection string has them. Throws Error 08001.
void set_properties(Settings& settings, const dsn::Options& options);
/// Sets one. What excludes it (Group excludes Tables and ShardKey) is cleared: the later choice
/// counts. Throws Error HY024.
void set_property(Settings& settings, const Property& property, std::string_view value);
/// The same for a property of the target.
void set_property(topology::Target& target, const Property& property, std::string_view value);
/// The same on a connection. Throws HY024; for a property of the target HY011 inside a transaction
/// and without a farm.
void set_property(Backend& backend, const Property& property, std::string_view value);

/// What an application has set by attributes: it holds for every connect to come.
class ChosenProperties {
public:
    void note(const Property& property, std::string_view value);
    /// Sets them, over what `settings` has of the connection string.
    void apply(Settings& settings) const;

private:
    std::vector<std::pair<const Property*, std::string>> chosen_;  // in the order of choosing
};

}  // namespace myfabric::router

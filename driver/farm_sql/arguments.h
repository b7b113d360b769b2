// The arguments of a CALL fabric....: literals and the values of its parameters.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "results/parameter.h"
#include "sql/farm_call_text.h"
#include "topology/values.h"

namespace myfabric::farm_sql {

/// Owns its values. Positions count from 0; every function throws 42000 naming the position.
class Arguments {
public:
    /// `parameters` are the values of the call's `?`, in order.
    Arguments(const sql::FabricCall& call, std::span<const results::Parameter> parameters);

    std::size_t size() const { return values_.size(); }
    /// Null when it is absent or NULL. Numbers and dates as they are written.
    std::optional<std::string> text(std::size_t index) const;
    std::string text_or(std::size_t index, std::string otherwise) const;
    /// `what` says what is missing, e.g. "a group".
    std::string need(std::size_t index, const char* what) const;
    double number_or(std::size_t index, double otherwise, const char* what) const;
    /// As a farm's command takes it: a number stays one.
    topology::Value value(std::size_t index) const { return values_[index]; }

private:
    std::vector<topology::Value> values_;
};

}  // namespace myfabric::farm_sql

#include "farm_sql/arguments.h"

#include <charconv>
#include <cstdio>

#include "base/error.h"

namespace myfabric::farm_sql {
namespace {

using Type = results::Parameter::Type;

std::string text_of(const results::DateTimeValue& m, Type type) {
    char text[40];
    std::snprintf(text, sizeof text, "%04u-%02u-%02u %02u:%02u:%02u.%06u", m.year, m.month, m.day,
                  m.hour, m.minute, m.second, m.microsecond);
    return std::string(text, type == Type::date ? 10 : m.microsecond ? 26 : 19);
}

topology::Value value_of(const results::Parameter& value, std::size_t number) {
    switch (value.type) {
        case Type::null:
            return {};
        case Type::signed_integer:
            return value.integer;
        case Type::unsigned_integer:
            if (value.unsigned_integer > static_cast<std::uint64_t>(INT64_MAX))
                return std::to_string(value.unsigned_integer);
            return static_cast<std::int64_t>(value.unsigned_integer);
        case Type::real:
            return value.real;
        case Type::text:
        case Type::decimal:
        case Type::binary:
            return std::string(value.bytes);
        case Type::date:
        case Type::datetime:
            return text_of(value.moment, value.type);
        case Type::time:
            break;
    }
    throw Error(state::syntax_error, "argument " + std::to_string(number) +
                                         " of the call must be a text, a number or a date");
}

/// A number keeps its type where that loses nothing: "007" and 1e400 stay texts.
topology::Value number_of(const std::string& text) {
    std::int64_t whole = 0;
    const char* end = text.data() + text.size();
    if (const auto [at, error] = std::from_chars(text.data(), end, whole);
        error == std::errc{} && at == end && std::to_string(whole) == text)
        return whole;
    double real = 0;
    if (const auto [at, error] = std::from_chars(text.data(), end, real);
        error == std::errc{} && at == end && text.find('.') != std::string::npos)
        return real;
    return text;
}

}  // namespace

Arguments::Arguments(const sql::FabricCall& call, std::span<const results::Parameter> parameters) {
    std::size_t next = 0;
    for (const sql::Argument& argument : call.arguments) {
        if (argument.is_parameter)
            values_.push_back(value_of(parameters[next++], values_.size() + 1));
        else if (!argument.value)
            values_.emplace_back();
        else
            values_.push_back(argument.is_number ? number_of(*argument.value)
                                                 : topology::Value(*argument.value));
    }
}

std::optional<std::string> Arguments::text(std::size_t index) const {
    return index < values_.size() ? topology::text_of(values_[index]) : std::nullopt;
}

std::string Arguments::text_or(std::size_t index, std::string otherwise) const {
    return text(index).value_or(std::move(otherwise));
}

std::string Arguments::need(std::size_t index, const char* what) const {
    if (auto found = text(index)) return *found;
    throw Error(state::syntax_error, std::string("the call needs ") + what + " as argument " +
                                         std::to_string(index + 1));
}

double Arguments::number_or(std::size_t index, double otherwise, const char* what) const {
    const std::optional<std::string> given = text(index);
    if (!given) return otherwise;
    double number = 0;
    const char* end = given->data() + given->size();
    const auto [at, error] = std::from_chars(given->data(), end, number);
    if (error != std::errc{} || at != end)
        throw Error(state::syntax_error, "argument " + std::to_string(index + 1) + " is '" +
                                             *given + "'; the call needs " + what + " there");
    return number;
}

}  // namespace myfabric::farm_sql

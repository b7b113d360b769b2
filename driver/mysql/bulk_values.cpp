#include "mysql/bulk_values.h"

#include "mysql/execute_request.h"

namespace myfabric::mysql {

/// Makes room for the values of all rows.
void BulkValues::Values::begin(results::Parameter::Type of) {
    type = of;
    const std::size_t rows = nulls.size();
    const auto reach = [rows](auto& array) {
        if (array.size() < rows) array.resize(rows);
    };
    switch (of) {
        case results::Parameter::Type::signed_integer:
        case results::Parameter::Type::unsigned_integer:
        case results::Parameter::Type::real:
            return reach(numbers);
        case results::Parameter::Type::date:
        case results::Parameter::Type::time:
        case results::Parameter::Type::datetime:
            return reach(moments);
        case results::Parameter::Type::null:
        case results::Parameter::Type::text:
        case results::Parameter::Type::decimal:
        case results::Parameter::Type::binary:
            return reach(texts);
    }
}

void BulkValues::begin(std::size_t parameters, std::size_t rows) {
    parameters_.resize(parameters);
    for (Values& values : parameters_) {
        values.type = results::Parameter::Type::null;
        if (values.nulls.size() < rows) values.nulls.resize(rows);
    }
}

bool BulkValues::put(std::size_t row, std::size_t parameter, const results::Parameter& value) {
    using Type = results::Parameter::Type;
    Values& to = parameters_[parameter];
    if (value.type == Type::null) {
        to.nulls[row] = is_null;
        return true;
    }
    if (value.type != to.type) {
        const bool fits = to.type == Type::unsigned_integer && value.type == Type::signed_integer &&
                          value.integer >= 0;
        if (to.type == Type::null) {
            to.begin(value.type);
        } else if (!fits) {
            return false;
        }
    }
    to.nulls[row] = 0;
    switch (value.type) {
        case Type::signed_integer:
        case Type::unsigned_integer:
        case Type::real:
            to.numbers[row] = value.integer;  // one place for all numbers
            break;
        case Type::date:
            to.moments[row] = results::day_of(value.moment);
            break;
        case Type::time:
        case Type::datetime:
            to.moments[row] = value.moment;
            break;
        case Type::null:
        case Type::text:
        case Type::decimal:
        case Type::binary:
            to.texts[row] = value.bytes;
    }
    return true;
}

BulkValues::Arrays BulkValues::arrays(std::size_t parameter, results::Parameter::Type type) {
    Values& to = parameters_[parameter];
    to.begin(type);
    return {to.numbers.data(), to.texts.data(), to.moments.data(), to.nulls.data()};
}

std::string_view BulkValues::make(std::uint32_t statement, std::size_t rows) {
    constexpr std::size_t head = 6;
    constexpr unsigned types_follow = 128;
    // The mark of NULL stands before each value.
    const std::size_t row_room = parameters_.size() * (1 + value_room);
    char* at = buffer_.begin(head + parameters_.size() * sizeof(std::uint16_t) + row_room);
    at = mysql::put<4>(at, statement);
    at = mysql::put<2>(at, types_follow);
    for (const Values& values : parameters_) at = mysql::put<2>(at, wire_code(values.type));
    for (std::size_t row = 0; row < rows; ++row) {
        at = buffer_.with_room(at, row_room);
        for (const Values& values : parameters_) {
            const char null = values.nulls[row];
            *at++ = null;
            if (null) continue;
            switch (values.type) {
                case results::Parameter::Type::signed_integer:
                case results::Parameter::Type::unsigned_integer:
                case results::Parameter::Type::real:
                    at = mysql::put<8>(at, static_cast<std::uint64_t>(values.numbers[row]));
                    break;
                case results::Parameter::Type::date:
                case results::Parameter::Type::datetime:
                    at = put_datetime(at, values.moments[row]);
                    break;
                case results::Parameter::Type::time:
                    at = put_time(at, values.moments[row]);
                    break;
                case results::Parameter::Type::null:
                case results::Parameter::Type::text:
                case results::Parameter::Type::decimal:
                case results::Parameter::Type::binary:
                    // It must not take the room of the values after it.
                    at = buffer_.with_room(at, values.texts[row].size() + row_room);
                    at = put_text(at, values.texts[row]);
            }
        }
    }
    return buffer_.until(at);
}

}  // namespace myfabric::mysql

#include "mysql/execute_request.h"

#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

constexpr std::uint16_t unsigned_mark = 0x8000;

}  // namespace

std::uint16_t wire_code(results::Parameter::Type type) {
    const auto code = [](WireType wire) { return static_cast<std::uint16_t>(wire); };
    switch (type) {
        case results::Parameter::Type::signed_integer:
            return code(WireType::big);
        case results::Parameter::Type::unsigned_integer:
            return code(WireType::big) | unsigned_mark;
        case results::Parameter::Type::real:
            return code(WireType::double_precision);
        case results::Parameter::Type::binary:
            return code(WireType::blob);
        case results::Parameter::Type::decimal:
            return code(WireType::new_decimal);
        case results::Parameter::Type::date:
            return code(WireType::date);
        case results::Parameter::Type::time:
            return code(WireType::time);
        case results::Parameter::Type::datetime:
            return code(WireType::datetime);
        case results::Parameter::Type::null:
        case results::Parameter::Type::text:
            break;
    }
    return code(WireType::string);
}

ExecuteRequest::ExecuteRequest(std::size_t parameters) : markers_(parameters) {}

void ExecuteRequest::sent_ahead(std::size_t index, results::Parameter::Type type) {
    markers_[index].sent_ahead = any_sent_ahead_ = true;
    if (markers_[index].type == type) return;
    markers_[index].type = type;
    types_known_ = false;
}

void ExecuteRequest::nothing_sent_ahead() {
    for (Marker& marker : markers_) marker.sent_ahead = false;
    any_sent_ahead_ = false;
}

std::string_view ExecuteRequest::make(std::uint32_t statement,
                                      std::span<const results::Parameter> values) {
    constexpr std::size_t head = 10;
    const std::size_t count = values.size();
    const std::size_t null_bytes = (count + 7) / 8;
    std::size_t room = head + null_bytes + count * (sizeof(std::uint16_t) + value_room);
    for (std::size_t i = 0; i < count; ++i) {
        const results::Parameter::Type type = values[i].type;
        if (type == results::Parameter::Type::null || markers_[i].sent_ahead) continue;
        if (type == results::Parameter::Type::text || type == results::Parameter::Type::binary ||
            type == results::Parameter::Type::decimal)
            room += values[i].bytes.size();
        if (markers_[i].type == type) continue;
        markers_[i].type = type;
        types_known_ = false;
    }

    char* at = buffer_.begin(room);
    at = put<4>(at, statement);
    at = put<1>(at, 0);  // no cursor
    at = put<4>(at, 1);  // one execution
    if (count == 0) return buffer_.until(at);
    char* const nulls = at;
    std::memset(nulls, 0, null_bytes);
    at = put<1>(nulls + null_bytes, !types_known_);
    if (!types_known_)
        for (const Marker& marker : markers_) at = put<2>(at, wire_code(marker.type));
    for (std::size_t i = 0; i < count; ++i) {
        if (markers_[i].sent_ahead) continue;
        const results::Parameter& value = values[i];
        switch (value.type) {
            case results::Parameter::Type::null:
                nulls[i / 8] = static_cast<char>(nulls[i / 8] | 1 << (i % 8));
                break;
            case results::Parameter::Type::signed_integer:
            case results::Parameter::Type::unsigned_integer:
            case results::Parameter::Type::real:
                // One place for all numbers.
                at = put<8>(at, static_cast<std::uint64_t>(value.integer));
                break;
            case results::Parameter::Type::text:
            case results::Parameter::Type::decimal:
            case results::Parameter::Type::binary:
                at = put_text(at, value.bytes);
                break;
            case results::Parameter::Type::date:
                at = put_datetime(at, results::day_of(value.moment));
                break;
            case results::Parameter::Type::datetime:
                at = put_datetime(at, value.moment);
                break;
            case results::Parameter::Type::time:
                at = put_time(at, value.moment);
                break;
        }
    }
    return buffer_.until(at);
}

void ExecuteRequest::answered(bool well) {
    types_known_ = well;
    if (any_sent_ahead_) nothing_sent_ahead();
}

}  // namespace myfabric::mysql

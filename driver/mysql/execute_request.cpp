#include "mysql/execute_request.h"

#include <algorithm>

#include "mysql/binary_row.h"
#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

constexpr std::uint16_t unsigned_mark = 0x8000;

}  // namespace

std::uint16_t wire_code(Parameter::Type type) {
    const auto code = [](WireType wire) { return static_cast<std::uint16_t>(wire); };
    switch (type) {
        case Parameter::Type::signed_integer:
            return code(WireType::big);
        case Parameter::Type::unsigned_integer:
            return code(WireType::big) | unsigned_mark;
        case Parameter::Type::real:
            return code(WireType::double_precision);
        case Parameter::Type::binary:
            return code(WireType::blob);
        case Parameter::Type::date:
            return code(WireType::date);
        case Parameter::Type::time:
            return code(WireType::time);
        case Parameter::Type::datetime:
            return code(WireType::datetime);
        case Parameter::Type::null:
        case Parameter::Type::text:
            break;
    }
    return code(WireType::string);
}

// ---- CommandBuffer ---------------------------------------------------------------------------

void CommandBuffer::clear() {
    constexpr std::size_t kept = std::size_t{1} << 20;
    size_ = 0;
    if (capacity_ <= kept) return;
    bytes_.reset();
    capacity_ = 0;
}

void CommandBuffer::grow(std::size_t bytes) {
    constexpr std::size_t first = 256;
    const std::size_t capacity = std::max({first, capacity_ * 2, size_ + bytes});
    std::unique_ptr<char[]> larger(new char[capacity]);
    if (size_) std::memcpy(larger.get(), bytes_.get(), size_);
    bytes_ = std::move(larger);
    capacity_ = capacity;
}

void CommandBuffer::put_text(std::string_view text) {
    reserve(value_room + text.size());
    const std::uint64_t size = text.size();
    if (size < 251) {
        put<1>(size);
    } else if (size < 0x10000) {
        put<1>(252);
        put<2>(size);
    } else if (size < 0x1000000) {
        put<1>(253);
        put<3>(size);
    } else {
        put<1>(254);
        put<8>(size);
    }
    if (size) put(text);
}

void CommandBuffer::put_moment(const Moment& moment, bool time) {
    static_assert(value_room > packed_moment_bytes);
    char* const at = bytes_.get() + size_;
    const std::size_t size =
        time ? pack_time(moment, at + 1) : pack_datetime(moment, at + 1);
    *at = static_cast<char>(size);
    size_ += 1 + size;
}

void CommandBuffer::put_value(const Parameter& value) {
    switch (value.type) {
        case Parameter::Type::signed_integer:
        case Parameter::Type::unsigned_integer:
        case Parameter::Type::real: {
            std::uint64_t bits;
            std::memcpy(&bits, &value.integer, sizeof bits);  // one place for all numbers
            return put<8>(bits);
        }
        case Parameter::Type::text:
        case Parameter::Type::binary:
            return put_text(value.bytes);
        case Parameter::Type::date:
            return put_moment(day_of(value.moment), false);
        case Parameter::Type::datetime:
            return put_moment(value.moment, false);
        case Parameter::Type::time:
            return put_moment(value.moment, true);
        case Parameter::Type::null:
            break;
    }
}

// ---- ExecuteRequest --------------------------------------------------------------------------

ExecuteRequest::ExecuteRequest(std::size_t parameters)
    : types_(parameters, wire_code(Parameter::Type::text)), sent_ahead_(parameters, 0) {}

void ExecuteRequest::sent_ahead(std::size_t index, Parameter::Type type) {
    sent_ahead_[index] = 1;
    any_sent_ahead_ = true;
    if (types_[index] == wire_code(type)) return;
    types_[index] = wire_code(type);
    types_known_ = false;
}

void ExecuteRequest::nothing_sent_ahead() {
    std::ranges::fill(sent_ahead_, 0);
    any_sent_ahead_ = false;
}

std::string_view ExecuteRequest::make(std::uint32_t statement, std::span<const Parameter> values) {
    constexpr std::size_t head = 9;
    const std::size_t count = values.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (values[i].type == Parameter::Type::null || sent_ahead_[i]) continue;
        const std::uint16_t code = wire_code(values[i].type);
        if (types_[i] == code) continue;
        types_[i] = code;
        types_known_ = false;
    }
    buffer_.clear();
    buffer_.reserve(head + (count + 7) / 8 + 1 + count * 2 + count * CommandBuffer::value_room);
    buffer_.put<4>(statement);
    buffer_.put<1>(0);  // no cursor
    buffer_.put<4>(1);  // one execution
    if (count == 0) return buffer_.bytes();
    const std::size_t nulls = buffer_.put_zeros((count + 7) / 8);
    buffer_.put<1>(!types_known_);
    if (!types_known_)
        for (const std::uint16_t type : types_) buffer_.put<2>(type);
    for (std::size_t i = 0; i < count; ++i) {
        if (sent_ahead_[i]) continue;
        if (values[i].type == Parameter::Type::null) {
            buffer_.at(nulls + i / 8) |= static_cast<char>(1 << (i % 8));
            continue;
        }
        buffer_.put_value(values[i]);
        // A text may have taken the room of the values behind it.
        buffer_.reserve((count - i) * CommandBuffer::value_room);
    }
    return buffer_.bytes();
}

void ExecuteRequest::answered(bool well) {
    types_known_ = well;
    if (any_sent_ahead_) nothing_sent_ahead();
}

}  // namespace myfabric::mysql

#include "mysql/binary_rows.h"

#if !MYFABRIC_CONNECTOR_C

#include <algorithm>

#include "mysql/binary_row.h"
#include "mysql/drain.h"
#include "mysql/field.h"

namespace myfabric::mysql {
namespace {

bool is_moment(WireType type) {
    return type == WireType::date || type == WireType::new_date || type == WireType::time ||
           type == WireType::datetime || type == WireType::timestamp;
}

}  // namespace

/// One private slot a column, bound once a result. A slot for text or bytes grows when a value
/// does not fit, and the longer one stays bound.
struct BinaryRows::Slots {
    struct Slot {
        char number[8] = {};
        char packed[packed_moment_bytes] = {};
        MYSQL_TIME moment{};
        std::vector<char> bytes;
        bool is_moment = false;
        bool is_time = false;
        Flag is_null = false;
        unsigned long length = 0;
    };
    std::vector<Slot> slots;
    std::vector<MYSQL_BIND> binds;
};

BinaryRows::BinaryRows(MYSQL_STMT* statement, bool /*in_place*/)
    : statement_(statement), handle_(statement->mysql), slots_(std::make_unique<Slots>()) {}
BinaryRows::~BinaryRows() = default;

bool BinaryRows::open(const ColumnCache& columns) {
    constexpr std::size_t first_capacity = 256;
    const std::vector<Field>& fields = columns.fields();
    const std::size_t count = fields.size();
    sizes_.resize(count);
    values_.resize(count);
    lengths_.resize(count);
    slots_->slots.clear();
    slots_->slots.resize(count);
    slots_->binds.assign(count, MYSQL_BIND{});
    for (std::size_t i = 0; i < count; ++i) {
        const WireType type = fields[i].type;
        sizes_[i] = static_cast<signed char>(binary_size(type));
        Slots::Slot& slot = slots_->slots[i];
        MYSQL_BIND& bind = slots_->binds[i];
        bind.buffer_type = static_cast<enum_field_types>(type);
        bind.is_null = &slot.is_null;
        bind.length = &slot.length;
        if (sizes_[i] >= 0) {
            bind.buffer = slot.number;
            bind.buffer_length = sizeof slot.number;
            bind.is_unsigned = fields[i].flags & unsigned_flag;
        } else if (is_moment(type)) {
            slot.is_moment = true;
            slot.is_time = type == WireType::time;
            bind.buffer = &slot.moment;
            bind.buffer_length = sizeof slot.moment;
        } else {
            slot.bytes.resize(std::min<std::size_t>(fields[i].length + 1, first_capacity));
            bind.buffer_type = MYSQL_TYPE_BLOB;  // bytes as they are, no terminator
            bind.buffer = slot.bytes.data();
            bind.buffer_length = static_cast<unsigned long>(slot.bytes.size());
        }
    }
    return !mysql_stmt_bind_result(statement_, slots_->binds.data());
}

namespace {

/// The row that was read ahead of mysql_stmt_fetch(), in this thread.
struct ReadAhead {
    int status = 0;
    unsigned char* row = nullptr;
};
thread_local ReadAhead read_ahead;

int give_read_ahead(MYSQL_STMT*, unsigned char** row) {
    *row = read_ahead.row;
    return read_ahead.status;
}

/// How many bytes may be read from `row` on. Of a row on the wire the library does not keep the
/// length: the end of its buffer counts.
std::size_t bytes_of(const NET& net, const MYSQL_ROWS* stored, const unsigned char* row) {
    if (stored && reinterpret_cast<const unsigned char*>(stored->data) == row)
        return stored->length ? stored->length - 1 : 0;
    return row >= net.buff && row <= net.buff_end ? static_cast<std::size_t>(net.buff_end - row)
                                                  : 0;
}

}  // namespace

/// The library believes the lengths that a row gives for its values: they are looked at before it
/// reads them.
BinaryRows::Step BinaryRows::read(results::Row& row) {
    const MYSQL_ROWS* const stored = statement_->data_cursor;
    const auto reader = statement_->read_row_func;
    read_ahead.row = nullptr;
    read_ahead.status = reader(statement_, &read_ahead.row);
    const bool fits =
        read_ahead.status != 0 || sizes_.empty() ||
        (read_ahead.row && statement_->field_count == sizes_.size() &&
         parse_binary_row(read_ahead.row - 1, bytes_of(handle_->net, stored, read_ahead.row) + 1,
                          sizes_.data(), sizes_.size(), values_.data(), lengths_.data(), false));
    if (!fits) return Step::malformed;
    statement_->read_row_func = give_read_ahead;
    const int status = mysql_stmt_fetch(statement_);
    if (statement_->read_row_func == give_read_ahead) statement_->read_row_func = reader;
    if (status == MYSQL_NO_DATA) return Step::end;
    if (status != 0 && status != MYSQL_DATA_TRUNCATED) return Step::error;
    bool grown = false;
    const std::size_t columns = sizes_.size();
    for (std::size_t i = 0; i < columns; ++i) {
        Slots::Slot& slot = slots_->slots[i];
        MYSQL_BIND& bind = slots_->binds[i];
        if (slot.is_null || bind.buffer_type == MYSQL_TYPE_NULL) {
            values_[i] = nullptr;
            lengths_[i] = 0;
        } else if (sizes_[i] >= 0) {
            values_[i] = slot.number;
            lengths_[i] = static_cast<unsigned long>(sizes_[i]);
        } else if (slot.is_moment) {
            const MYSQL_TIME& t = slot.moment;
            const results::DateTimeValue moment{t.year,
                                                t.month,
                                                t.day,
                                                t.hour,
                                                t.minute,
                                                t.second,
                                                static_cast<unsigned>(t.second_part),
                                                t.neg};
            lengths_[i] = static_cast<unsigned long>(
                slot.is_time ? pack_time(moment, slot.packed) : pack_datetime(moment, slot.packed));
            values_[i] = slot.packed;
        } else {
            if (slot.length > slot.bytes.size()) {
                slot.bytes.resize(std::max<std::size_t>(slot.length, slot.bytes.size() * 2));
                bind.buffer = slot.bytes.data();
                bind.buffer_length = static_cast<unsigned long>(slot.bytes.size());
                if (mysql_stmt_fetch_column(statement_, &bind, static_cast<unsigned>(i), 0))
                    return Step::error;
                grown = true;
            }
            values_[i] = slot.bytes.data();
            lengths_[i] = slot.length;
        }
    }
    if (grown && mysql_stmt_bind_result(statement_, slots_->binds.data())) return Step::error;
    row = {values_.data(), lengths_.data()};
    return Step::row;
}

bool BinaryRows::drop(Drain* drain) noexcept {
    if (drain && !drain->may_read(Drain::Next::row)) return false;
    return !mysql_stmt_free_result(statement_);  // the library reads what is on the wire
}

}  // namespace myfabric::mysql

#endif

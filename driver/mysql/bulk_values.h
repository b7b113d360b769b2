// The parameter values of many rows, for one command of MariaDB's bulk protocol. Pure, without the
// client library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "mysql/command_buffer.h"
#include "results/parameter.h"

namespace myfabric::mysql {

/// Filled by parameter, sent by row. Reused between executions.
class BulkValues {
public:
    /// Makes room for `rows` rows of `parameters` values and forgets those of before.
    void begin(std::size_t parameters, std::size_t rows);
    /// Puts one value. False when its type does not go together with the values above it: the bulk
    /// has to end before this row.
    bool put(std::size_t row, std::size_t parameter, const results::Parameter& value);

    /// The arrays of one parameter, to fill all rows at once; those of other types are
    /// empty. `nulls[row]` is is_null or 0.
    struct Arrays {
        std::int64_t* numbers;    // integers, and the bits of doubles
        std::string_view* texts;  // texts and bytes where they lie
        results::DateTimeValue* moments;
        char* nulls;
    };
    static constexpr char is_null = 1;
    Arrays arrays(std::size_t parameter, results::Parameter::Type type);

    /// The body of COM_STMT_BULK_EXECUTE for rows 0 to `rows` - 1. It lives until it is made again.
    std::string_view make(std::uint32_t statement, std::size_t rows);

private:
    struct Values {
        results::Parameter::Type type = results::Parameter::Type::null;  // until a value comes
        std::vector<std::int64_t> numbers;
        std::vector<std::string_view> texts;
        std::vector<results::DateTimeValue> moments;
        std::vector<char> nulls;

        void begin(results::Parameter::Type of);
    };

    std::vector<Values> parameters_;
    CommandBuffer buffer_;
};

}  // namespace myfabric::mysql

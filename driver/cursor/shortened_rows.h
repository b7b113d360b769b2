// SQL_ATTR_MAX_LENGTH: a result whose character and binary values are cut.
#pragma once

#include <memory>
#include <vector>

#include "results/results.h"

namespace myfabric::cursor {

class ShortenedRows : public results::Results {
public:
    /// Values get at most `most` bytes, characters stay whole. What is cut is not reported:
    /// "SQLFetch or SQLGetData truncates the data and returns SQL_SUCCESS".
    ShortenedRows(std::unique_ptr<results::Results> inner, std::size_t most);

    bool next_row() override;
    bool next_result() override;
    void buffer_rest() override;
    std::optional<std::size_t> rows_left() override;

private:
    void describe();
    void shorten();

    std::unique_ptr<results::Results> inner_;
    std::size_t most_;
    std::vector<unsigned long> lengths_;
    enum class Cut : unsigned char { no, bytes, characters };
    std::vector<Cut> cuts_;
};

}  // namespace myfabric::cursor

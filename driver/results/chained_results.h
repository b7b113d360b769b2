// Results of several statements as those of one.
#pragma once

#include <deque>
#include <exception>
#include <memory>

#include "results/results.h"

namespace myfabric::results {

class ChainedResults : public Results {
public:
    /// What the next statement gave. The first one is the current result at once.
    void add(std::unique_ptr<Results> results);
    bool empty() const { return parts_.empty(); }
    /// The statement after them failed: next_result() throws that when it comes there.
    void fail(std::exception_ptr error) { error_ = std::move(error); }

    bool next_row() override;
    bool next_result() override;
    void buffer_rest() override;
    std::optional<std::size_t> rows_left() override;

private:
    void describe();

    std::deque<std::unique_ptr<Results>> parts_;
    std::exception_ptr error_;
};

}  // namespace myfabric::results

// An execution with several sets of parameters: which comes next, and what became of each.
#pragma once

#include <cstddef>
#include <vector>

#include "base/diagnostics.h"
#include "descriptor/descriptor.h"
#include "execution/parameter_plan.h"

namespace myfabric::execution {

/// It may pause for data and for the rows of a set. Sets count from 0.
class ParameterSets {
public:
    struct Step {
        enum class Kind : unsigned char { run_one, run_many, needs_data, done };
        Kind kind = Kind::done;
        std::size_t set = 0;
        std::size_t count = 1;  // run_many: at most so many; fewer, down to 1, will do
    };

    /// `in_transaction`: the sets run in one transaction, so that a deadlock takes all of them
    /// back.
    void begin(const descriptor::Descriptor& apd, descriptor::Descriptor& ipd, bool in_transaction);
    bool active() const { return active_; }
    /// Whether sets are left after those that were run.
    bool any_left() const { return next_ < sets_; }
    /// The set that was run last.
    std::size_t last() const { return next_ - 1; }
    void cancel() { *this = {}; }
    /// The application had its turn and may have bound fewer sets.
    void resume(const descriptor::Descriptor& apd) {
        if (apd.array_size < sets_) sets_ = apd.array_size;
    }

    /// Passes over what the application has marked as ignored.
    Step next(const ParameterPlan& plan, const descriptor::Descriptor& apd,
              descriptor::Descriptor& ipd);
    /// `affected`: rows; negative when it is not known.
    void done(std::size_t set, std::size_t count, long long affected, descriptor::Descriptor& ipd);
    /// One set failed. Throws all that is known when those that follow cannot be run.
    void failed(std::size_t set, const Error& error, descriptor::Descriptor& ipd);
    /// Sets that were run together failed, and none took effect: fewer at once find out which one
    /// it was. Throws when the connection is concerned: what became of them is unknown then.
    void failed_together(std::size_t set, std::size_t count, const Error& error,
                         descriptor::Descriptor& ipd);
    /// Tells the failures so far, before the application looks at a set's rows.
    void report_failures(Diagnostics& diagnostics);

    struct Finished {
        bool all_failed = false;
        long long affected = 0;
        std::vector<Record> errors;
    };
    Finished finish();

private:
    void take_back(const Error& error, std::size_t sets, const descriptor::Descriptor& ipd) const;

    bool active_ = false;
    bool in_transaction_ = false;
    std::size_t sets_ = 0;
    std::size_t next_ = 0;
    std::size_t run_ = 0;
    std::size_t failed_ = 0;
    std::size_t at_once_ = ~std::size_t{0} / 8;  // sets in one command; fewer after a failure
    long long affected_ = 0;
    std::vector<Record> errors_;
};

}  // namespace myfabric::execution

// The values of an execution's parameters, or of a changed row's columns: read from the bindings,
// or delivered by SQLParamData and SQLPutData.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "execution/command.h"
#include "execution/parameter_plan.h"

namespace myfabric::execution {

/// Idle, or waiting for data: named (SQLParamData has named a parameter) and taking (SQLPutData has
/// delivered some of it).
class ParameterInput {
public:
    /// Takes part of the value of marker `marker` (from 0) for the server.
    using Send = std::function<void(std::size_t marker, std::string_view bytes,
                                    results::Parameter::Type type)>;
    /// The records of the markers, by their names.
    using ByName = std::function<std::vector<std::size_t>()>;

    // ---- values
    /// The bindings as they are now. The plan has one entry a marker, and after them the one of a
    /// function's value. Throws 07002.
    void update(const Command& command, const descriptor::Descriptor& apd,
                const descriptor::Descriptor& ipd, const ByName& by_name);
    ParameterPlan& plan() { return plan_; }
    const ParameterPlan& plan() const { return plan_; }
    /// The values of set `set` (from 0), valid until others are read.
    ParameterValues& read(std::size_t set);
    ParameterValues& values() { return values_; }
    /// Another text: nothing of the last one's parameters is known any more.
    void forget() {
        plan_.forget();
        records_.clear();
    }

    // ---- data at execution
    /// Waits for what `plan` lacks in set `set`. Texts and bytes that the server takes as they are
    /// go to `send` part by part, unless that is null, and nothing of them is kept.
    void wait(const ParameterPlan& plan, std::size_t set, Send send);
    bool waits() const { return asking_ != nullptr; }
    /// The set that is waited for.
    std::size_t set() const { return set_; }
    /// SQLParamData: true when another one is named, false when all are there. Throws HY010. What
    /// `send` throws ends the waiting, here and in put().
    bool next(SQLPOINTER* token);
    /// SQLPutData. Throws HY010, HY020, 07S01, HY009, HY019, HY090.
    void put(SQLPOINTER data, SQLLEN length);
    void cancel() {
        asking_ = nullptr;
        clear_data();
    }
    const CollectedData& data() const { return data_; }
    void clear_data() {
        if (!data_.empty()) data_.clear();
    }

private:
    bool is_sent(const BoundParameter& parameter) const;
    const BoundParameter& taken() const;
    void send(CollectedPart& part, std::string_view bytes, bool last);

    ParameterPlan plan_;
    ParameterValues values_;
    std::vector<std::size_t> records_;  // of the markers, where they are not 1, 2, 3...
    CollectedData data_;
    const ParameterPlan* asking_ = nullptr;
    std::size_t set_ = 0;
    std::vector<WaitingParameter> waiting_;
    std::size_t next_ = 0;  // index into waiting_
    Send send_;
};

}  // namespace myfabric::execution

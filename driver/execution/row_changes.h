// SQLSetPos, SQLBulkOperations and WHERE CURRENT OF: the rows that are to be changed, one by one.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "execution/current_result.h"
#include "execution/parameter_input.h"
#include "execution/row_editor.h"

namespace myfabric::execution {

/// Belongs to one statement. A change may wait for data at execution, see ParameterInput.
class RowChanges : private cursor::LiveRows {
public:
    /// The buffers' descriptors and the place of diagnostics, for one call.
    struct Call {
        const descriptor::Descriptor& ard;
        descriptor::Descriptor& ird;
        Diagnostics& diagnostics;
    };

    RowChanges(Executor& executor, CurrentResult& result, ParameterInput& input)
        : executor_(executor), result_(result), input_(input) {}

    /// SQLSetPos; `places`: rows that the application's buffers have. SQL_NEED_DATA when a column's
    /// value is to be delivered. Throws HY092, HY107, HY109, 24000, HYC00, 21S02 ...
    SQLRETURN set_position(SQLULEN row, SQLUSMALLINT operation, SQLUSMALLINT lock, SQLULEN places,
                           const Call& call);
    // ---- keyset-driven and dynamic cursors
    /// Why the open result can be a static one only; empty when it need not.
    std::string why_static();
    /// A cursor of that kind was opened.
    void begin_live() {
        seen_.clear();
        given_ = 0;
    }
    cursor::LiveRows* live_rows() { return this; }
    /// Whether a dynamic cursor's result is to be read anew before that fetch: always if it is
    /// small, and else so seldom that reading it through costs twice the reading at most.
    bool wants_anew(SQLSMALLINT orientation) const;
    /// The same result, read anew; `fetch` will start where the reference says. The bindings that
    /// `fetch` names stay as they are.
    void take_anew(std::unique_ptr<results::Results> results, cursor::Fetch& fetch);
    /// SQL_CONCUR_ROWVER: false where no column holds the version of a row.
    bool compare_versions() { return editor().compare_versions(); }
    bool keeps_locks() const { return executor_.keeps_locks(); }

    /// The cursor's current row, of which the key alone was kept, is read again. False: it is gone.
    bool bring_current();
    /// SQLBulkOperations, likewise.
    SQLRETURN bulk(SQLUSMALLINT operation, const Call& call);
    /// The data of the row at hand are there: goes on.
    SQLRETURN resume(const Call& call);
    bool active() const { return active_; }
    void cancel() { end(); }

    /// Whether the open result's editor is of this result.
    void forget() { editor_.reset(); }
    /// UPDATE or DELETE ... WHERE CURRENT OF this cursor, `head` being the text before WHERE.
    /// False: the row has changed or is gone. Throws 24000, 42000.
    bool run_positioned(const std::string& name, const std::string& head,
                        std::span<const results::Parameter> given, bool removes);

private:
    enum class Operation : unsigned char { update, remove, add };
    struct Row {
        SQLULEN place;        // in the application's buffers and arrays, from 0
        std::size_t row = 0;  // of the result, from 0; not for a row to be added
        bool exists = true;   // false: what its bookmark names is no row
    };

    void bring(std::size_t first, std::size_t count) override;
    bool has_changed(std::size_t row) const override;
    void lock(SQLULEN row);
    bool joins_tables() const;
    void must_be_updatable() const;
    /// Throws HYC00 where rows cannot be distinguished, 24000 after a switch of the target.
    RowEditor& editor();
    SQLUSMALLINT* row_status(const Call& call) const {
        return result_.extended_status ? result_.extended_status : call.ird.array_status_ptr;
    }
    SQLRETURN refresh(SQLULEN row, const Call& call);
    SQLRETURN fetch_by_bookmark(const Call& call);
    void narrow(const Call& call);
    SQLRETURN start(const Call& call);
    /// Finds the columns that the row at hand sets. Throws 21S02.
    void choose_columns(const Call& call);
    void change_row(const Call& call);
    bool change(const Row& row, const Call& call);
    SQLUSMALLINT changed_status() const;
    void note(const Row& row, SQLUSMALLINT status, const Call& call) const;
    void failed(const Error& error, const Call& call);
    SQLRETURN finish(const Call& call);
    void end();

    Executor& executor_;
    CurrentResult& result_;
    ParameterInput& input_;
    std::unique_ptr<RowEditor> editor_;  // of the result with number editor_of_
    std::uint64_t editor_of_ = 0;
    std::vector<bool> seen_;       // rows of a live cursor that were fetched
    std::size_t fresh_first_ = 0;  // what bring() found, and of which rows
    std::vector<RowEditor::Fresh> fresh_;
    std::size_t given_ = 0;  // rows since the result was read
    bool active_ = false;
    Operation operation_ = Operation::update;
    bool bulk_ = false;   // SQLBulkOperations
    bool whole_ = false;  // several rows: an error does not end it
    std::vector<Row> rows_;
    std::size_t next_ = 0;
    std::vector<unsigned> columns_;  // of rows_[next_], from 0
    ParameterPlan plan_;             // of these
    std::size_t failed_ = 0;
    long long affected_ = 0;
    std::vector<Record> records_;  // errors and warnings so far
};

}  // namespace myfabric::execution

// Changes rows of a cursor's table: which row is meant, running the change, seeing it in the
// cursor.
#pragma once

#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "execution/executor.h"
#include "results/row_access.h"
#include "sql/insert_values.h"
#include "sql/row_change_text.h"

namespace myfabric::execution {

/// Belongs to one open result. Each change is a separate statement.
class RowEditor {
public:
    /// `read` says where the result's server is; `cut`: values were shortened
    /// (SQL_ATTR_MAX_LENGTH). Asks the server for the table's keys. Throws HYC00, with the reason,
    /// for a result of no table or of several. Where rows cannot be distinguished they can be
    /// added, but not changed: HYC00. `only`: of several tables, the one whose rows are meant.
    RowEditor(Executor& executor, const results::Results& results, results::RowAccess& rows,
              const router::Purpose& read, bool cut, const sql::TableName* only = nullptr);

    /// The same result was read anew.
    void rebind(const results::Results& results, results::RowAccess& rows);
    /// Of several tables it changes one.
    bool is_of_one() const { return of_one_; }
    /// Rows are identified by a key.
    bool has_key() const { return key_.has_value(); }
    /// Changes compare the key and the columns that the server sets with each change, where there
    /// are such (SQL_CONCUR_ROWVER); false: there are none.
    bool compare_versions();
    /// What a row's key is, in a form for looking it up.
    std::string key_text(const results::Row& row) const;

    /// Columns to be given values, and these.
    struct Values {
        std::vector<unsigned> columns;  // of the result, from 0
        std::span<const results::Parameter> values;
    };
    /// Whether column `column` of the result can be given a value.
    bool is_updatable(unsigned column) const;

    /// Row `row` as the table has it now, seen in the cursor. False: it is gone, and removed from
    /// the cursor. Throws HYC00 where there is no key.
    bool refresh(std::size_t row);
    enum class Fresh : unsigned char { same, changed, gone };
    /// The same for rows `first` to `first` + `count` - 1, together.
    std::vector<Fresh> refresh_rows(std::size_t first, std::size_t count);
    /// Locks row `row` until the transaction ends; false: it is gone. Throws HYC00 outside of one.
    bool lock(std::size_t row);
    /// A row of which the cursor has kept the key alone, likewise.
    bool bring(std::size_t row);

    // Rows of the result are counted from 0. False: the row has changed or is gone, and nothing was
    // done. Throw what the server says.
    bool update(std::size_t row, const Values& values);
    bool remove(std::size_t row);
    /// Returns the new row's number in the cursor; nothing when it was added to the table but
    /// cannot be found again by its values.
    std::optional<std::size_t> add(const Values& values);
    /// `head` ("UPDATE ... SET ...", "DELETE FROM ...") for that row; `given` are its markers'
    /// values. `removes`: it is a DELETE.
    bool run_positioned(const std::string& head, std::span<const results::Parameter> given,
                        std::size_t row, bool removes);

private:
    /// What names one row: conditions and the values of their markers.
    struct Match {
        std::vector<sql::Condition> conditions;
        std::vector<results::Parameter> values;
        std::deque<conversion::Scratch> memory;  // of the values; keeps its addresses
        void add(const sql::Condition& condition, const results::Parameter& value);
    };
    const results::Columns& columns() const { return *columns_; }
    void find_key(const router::Purpose& purpose);
    /// Why rows cannot be distinguished; empty when they can.
    std::string why_alike(std::size_t width) const;
    void must_tell_rows() const;
    void must_have_key() const;
    bool is_key(unsigned column) const;
    void add_cell(Match& match, const results::Row& row, unsigned column,
                  sql::Comparison comparison);
    Match match(std::size_t row);
    Match key_match(const results::Row& cells);
    std::string column_list() const;
    std::vector<std::optional<std::string>> values_of(const results::Results& results) const;
    void refresh_together(std::size_t first, std::size_t count, Fresh* fresh);
    std::optional<std::vector<std::optional<std::string>>> add_and_read(const std::string& sql,
                                                                        const Values& values);
    Match match_after(std::size_t row, const Values& values);
    /// `cells` has the key of row `row`; `old`: the rest of it is there, too.
    bool read_again(std::size_t row, const results::Row& cells, std::optional<std::size_t> old);
    std::string limit() const { return key_ ? "" : " LIMIT 1"; }
    results::Counts run(const std::string& sql, std::span<const results::Parameter> values);
    bool change(const std::string& sql, std::span<const results::Parameter> given,
                const Match& match);
    /// The row as it is now; nothing when it is not found.
    std::optional<std::vector<std::optional<std::string>>> read(const Match& match,
                                                                std::optional<std::size_t> old);

    Executor& executor_;
    results::SharedColumns columns_;
    results::Format format_;
    results::RowAccess* rows_;
    router::Purpose read_, write_;
    bool cut_;
    bool of_one_;
    bool by_versions_ = false;
    sql::BaseTable table_;
    std::string name_;                          // quoted
    std::optional<std::vector<unsigned>> key_;  // nothing: rows are known by all values
    std::optional<unsigned> generated_;         // the AUTO_INCREMENT column
    std::string alike_;                         // why rows cannot be distinguished
};

}  // namespace myfabric::execution

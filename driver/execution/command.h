// A statement's text and all that is read from it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "router/backend.h"
#include "sql/analysis_cache.h"
#include "sql/farm_call_text.h"
#include "sql/hints.h"
#include "sql/insert_values.h"
#include "sql/lexer.h"
#include "sql/parameter_targets.h"
#include "sql/pieces.h"
#include "sql/row_change_text.h"

namespace myfabric::execution {

/// Immutable: another text is another Command. What few statements need is read when it is asked
/// for first.
class Command {
public:
    struct Options {
        bool backslash_escapes = true;        // not under NO_BACKSLASH_ESCAPES
        bool escapes = true;                  // ODBC's {...} are translated
        bool farm = false;                    // hints are read
        bool fabric_calls = false;            // CALL fabric.... is the driver's
        bool several = false;                 // Multi_Statements
        bool locks = false;                   // SQL_CONCUR_LOCK: a query locks its rows
        sql::AnalysisCache* known = nullptr;  // of texts that may come again; null: of none
        bool prepare_direct = false;          // EDServer: SQLExecDirect prepares queries, too
        bool defer_prepare = false;           // SQLPrepare asks no server
        std::string_view comment = {};        // in front of what servers get
    };
    /// Throws 42000 for an escape or hint that is wrong, HYC00. `memory` is reused.
    static Command parse(std::string_view text, const Options& options, std::string memory = {});
    /// What the driver answered without a text.
    static Command answered();

    /// Nothing was prepared or run.
    bool none() const { return !exists_; }
    /// As the server gets it, escapes translated; empty for what the driver answers itself.
    const std::string& sql() const { return sql_; }
    /// The comment that stands in front of it.
    std::string_view comment() const { return std::string_view(sql_).substr(0, comment_size_); }
    /// The memory of a Command that is no longer needed.
    std::string take_memory() { return std::move(sql_); }
    const sql::Analysis& analysis() const { return analysis_; }
    sql::Verb verb() const { return analysis_.first_verb; }
    std::size_t markers() const { return analysis_.parameter_count; }
    /// {?=call f()}: record 1 is the value, the markers follow.
    bool asks_value() const { return asks_value_; }
    std::size_t parameters() const { return markers() + asks_value_; }
    /// UPDATE or DELETE ... WHERE CURRENT OF.
    const std::optional<sql::Positioned>& positioned() const { return positioned_; }
    bool is_fabric_call() const { return fabric_call_; }
    const std::optional<sql::Hint>& hint() const { return hint_; }

    /// Of executing it, and of what changes nothing (preparing): for the same server. `aim`
    /// is where the hint leads, and outlives what is returned.
    router::Purpose purpose(const topology::Target& aim) const;
    router::Purpose reading(const topology::Target& aim) const;
    /// INSERT, UPDATE, DELETE or REPLACE that is searched, and alone: none changed is SQL_NO_DATA.
    bool is_searched() const;

    // Read when asked for.
    const std::optional<sql::ValuesRow>& values_row() const { return read().values_row; }
    const std::optional<sql::TableName>& changed_table() const { return read().changed_table; }
    const std::vector<sql::ParameterTarget>& targets() const { return read().targets; }
    const std::optional<sql::TableName>& procedure() const { return read().procedure; }
    /// Several statements in one text, where they are allowed.
    bool runs_several() const { return several_ && analysis_.several_statements; }
    /// They have parameters: each is prepared by itself.
    bool runs_in_pieces() const { return runs_several() && markers(); }
    /// Whether every server finds the same parameters in it, whatever its modes are; true for a
    /// query that reads, where it does not matter: its values may be sent before the server has
    /// said how many it expects.
    bool surely_has_its_markers() const;
    /// SQLExecDirect prepares it, too, for the binary protocol's values.
    bool prepares_direct() const {
        return prepare_direct_ && verb() == sql::Verb::select && !analysis_.several_statements;
    }
    /// SQLPrepare leaves the preparing to what needs it.
    bool defers_preparing() const { return defer_prepare_ && surely_has_its_markers(); }
    const std::vector<sql::Piece>& pieces() const { return read().pieces; }
    /// The call that the driver answers; null when the name is no call's. Throws 42000.
    std::optional<sql::FabricCall> fabric_call() const { return sql::parse_fabric_call(sql_); }

private:
    struct Details {
        std::optional<sql::ValuesRow> values_row;
        std::optional<sql::TableName> changed_table;
        std::vector<sql::ParameterTarget> targets;
        std::optional<sql::TableName> procedure;
        std::vector<sql::Piece> pieces;
    };
    const Details& read() const;

    std::string sql_;
    std::size_t comment_size_ = 0;
    sql::Analysis analysis_;
    router::Purpose purpose_;  // without its text, which moves
    std::optional<sql::Hint> hint_;
    std::optional<sql::Positioned> positioned_;
    bool exists_ = false;
    bool asks_value_ = false;
    bool fabric_call_ = false;
    bool several_ = false;
    bool prepare_direct_ = false;
    bool defer_prepare_ = false;
    bool backslash_escapes_ = true;
    mutable std::unique_ptr<Details> details_;
};

}  // namespace myfabric::execution

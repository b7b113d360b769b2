// One execution of a command: with its parameters, set by set, through its results.
#pragma once

#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostics.h"
#include "descriptor/descriptor.h"
#include "execution/array_command.h"
#include "execution/command.h"
#include "execution/current_result.h"
#include "execution/describe_parameters.h"
#include "execution/output_parameters.h"
#include "execution/parameter_input.h"
#include "execution/parameter_sets.h"
#include "execution/preparation.h"
#include "execution/row_changes.h"

namespace myfabric::execution {

/// What an execution needs of the statement that it is of.
class Host {
public:
    virtual const descriptor::Descriptor& apd_fields() const = 0;
    virtual descriptor::Descriptor& ipd_fields() = 0;
    virtual Diagnostics& records() = 0;
    /// What the attributes ask of results.
    virtual CurrentResult::Wanted wanted() const = 0;
    virtual TypeView view() const = 0;
    virtual bool odbc_2() const = 0;
    /// CALL fabric....; null when it is not the driver's.
    virtual std::unique_ptr<results::Results> answer(const sql::FabricCall& call,
                                                     Executor::Values values) = 0;
    /// The cursor that WHERE CURRENT OF names. Throws 34000.
    virtual RowChanges& cursor_named(const std::string& name) = 0;

protected:
    ~Host() = default;
};

/// Belongs to one statement, whose order of calls is checked there.
class Execution {
public:
    Execution(router::Backend& backend, Host& host)
        : backend_(backend),
          host_(host),
          executor_(backend),
          preparation_(RoutedServers{backend}),
          result_(executor_) {}

    /// Another text: nothing of the last one is left but open results, which are closed.
    void read(std::string_view sql, const Command::Options& options);
    /// SQLPrepare, after read(). Returns as start() does.
    SQLRETURN prepare();
    /// SQL_NEED_DATA, SQL_PARAM_DATA_AVAILABLE, SQL_NO_DATA when nothing was changed; SQL_ERROR,
    /// with its records, for what the server says of the statement. `direct`: by SQLExecDirect.
    SQLRETURN start(bool direct);
    /// SQLParamData, when a parameter's data are there.
    SQLRETURN resume();
    /// SQLParamData for output that streams; SQLMoreResults.
    SQLRETURN next_output(SQLPOINTER* token);
    SQLRETURN next_result();
    /// Whether run_again() is possible: one query, whose parameters' values are still there.
    bool can_run_again() const;
    /// The open result's query once more, for a dynamic cursor.
    std::unique_ptr<results::Results> run_again();
    /// Rows that come without a command's text.
    void take(std::unique_ptr<results::Results> results);
    /// Forgets data, sets and output that are awaited.
    void cancel();
    /// Closes what is open: as if nothing had been executed.
    void close();

    Executor& executor() { return executor_; }
    const Command& command() const { return command_; }
    Preparation& preparation() { return preparation_; }
    const Preparation& preparation() const { return preparation_; }
    ParameterInput& input() { return input_; }
    const ParameterInput& input() const { return input_; }
    CurrentResult& result() { return result_; }
    const CurrentResult& result() const { return result_; }
    OutputParameters& output() { return outputs_; }
    ParameterDescriptions& descriptions() { return descriptions_; }

private:
    void update_plan();
    SQLRETURN wait_for_data(std::size_t set);
    SQLRETURN run();
    SQLRETURN run_one();
    void note_one(SQLUSMALLINT status);
    bool run_fabric_call();
    /// The server's word about a statement that failed; other errors are thrown.
    std::optional<Error> run_prepared(const ParameterValues& values);
    void run_pieces(const ParameterValues& values);
    void run_positioned(const ParameterValues& values);
    void tell_put_back(const std::string& back);
    SQLRETURN after_execution(std::size_t set);
    SQLRETURN take_output(std::size_t set);
    SQLRETURN result_of_execution() const;

    SQLRETURN continue_sets();
    SQLRETURN resume_sets();
    SQLRETURN more_sets();
    SQLRETURN run_set(std::size_t set);
    bool run_many(const ParameterSets::Step& step);
    bool set_pauses(SQLRETURN result);
    SQLRETURN finish_sets();
    void report_notices();

    router::Backend& backend_;
    Host& host_;
    ServerExecutor executor_;
    Command command_;
    Preparation preparation_;
    ParameterInput input_;
    ParameterSets sets_;
    ArrayCommand array_;
    CurrentResult result_;
    OutputParameters outputs_;
    ParameterDescriptions descriptions_;
    bool direct_ = false;
    /// Values of the parameters that the open result was made with, for run_again().
    struct Again {
        bool possible = false;
        std::vector<results::Parameter> values;
        std::list<std::string> bytes;  // of the values; keeps its addresses, empty takes no memory
    };
    void remember(const ParameterValues& values);
    Again again_;
};

}  // namespace myfabric::execution

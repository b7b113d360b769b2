// The connection handle: options, session, statements and explicit descriptors.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "conversion/from_c.h"
#include "dsn/options.h"
#include "dsn/profile.h"
#include "handles/async_call.h"
#include "handles/descriptor_handle.h"
#include "handles/environment.h"
#include "info/facts.h"
#include "platform/process.h"
#include "router/backend.h"
#include "router/wanted.h"
#include "sql/analysis_cache.h"

namespace myfabric::handles {

class Statement;

/// Attributes that are kept in the handle; those of the session and the target are in Wanted.
struct ConnectionAttributes {
    SQLULEN async_functions = SQL_ASYNC_DBC_ENABLE_OFF;
    SQLULEN async_statements = SQL_ASYNC_ENABLE_OFF;  // of new statements
    SQLULEN query_timeout = 0;                        // likewise, seconds
    SQLULEN login_timeout = 0;
    SQLULEN connection_timeout = 0;
    SQLULEN metadata_id = SQL_FALSE;
    SQLULEN packet_size = 0;
    SQLULEN odbc_cursors = SQL_CUR_USE_DRIVER;
    SQLULEN trace = SQL_OPT_TRACE_OFF;
    SQLPOINTER quiet_mode = nullptr;
    SQLULEN translate_option = 0;
    /// Of what trace statements are: what was set, or else the process's; both are checked.
    struct Traced {
        std::string given, of_process;
        std::string comment;  // TraceComment: what stands in front of statements; mostly nothing
    } traced;
    /// Statement attributes that were set on the connection: for statements that are allocated
    /// later.
    std::vector<std::pair<SQLINTEGER, SQLPOINTER>> statement_defaults;
};

class Connection : public Handle {
public:
    static constexpr Tag tag_value = Tag::connection;
    explicit Connection(Environment& environment);
    ~Connection();

    /// Guards this handle, its statements and its descriptors.
    Mutex& mutex() { return mutex_; }
    Environment& environment() { return environment_; }

    /// The asynchronous call in progress on this handle; asynchronous(): whether calls run
    /// asynchronously (SQL_ATTR_ASYNC_DBC_FUNCTIONS_ENABLE).
    AsyncCall& async() { return async_; }
    bool asynchronous() const { return attributes.async_functions == SQL_ASYNC_DBC_ENABLE_ON; }

    /// Connects as `resolved` says, with the attributes that were set before. Throws 08002,
    /// 08001...
    void connect(const dsn::Resolved& resolved);
    /// Throws 25000 inside a transaction, 08003 when not connected.
    void disconnect();
    bool connected() const { return backend_ && backend_->connected(); }

    /// Throws 08003 when not connected.
    router::Backend& backend();
    router::Backend* backend_if_any() { return backend_.get(); }

    void end_transaction(SQLSMALLINT completion);
    /// SQL_ATTR_RESET_CONNECTION: as it was connected.
    void reset();
    /// A call that has the lock: whose it is, and that it goes on.
    class Call {
    public:
        Call(Connection& connection, const Handle* handle) : live_(*connection.live_) {
            connection.running_.store(handle, std::memory_order_relaxed);
            live_.begin_call();
        }
        ~Call() { live_.end_call(); }
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;

    private:
        router::LiveLink& live_;
    };
    /// What other threads may touch.
    router::LiveLink& live() { return *live_; }
    /// The environment watches the link from now on: a farm may replace its server, or a time limit
    /// holds.
    void watch_link();
    /// SQL_ATTR_CONNECTION_TIMEOUT, or else ReadTimeout.
    void limit_waits();
    /// Whether it is `handle`'s; from any thread, without the lock.
    bool is_running_for(const Handle* handle) const {
        return running_.load(std::memory_order_relaxed) == handle;
    }
    /// Stops what the session runs; from any thread, without the lock. A server that does not
    /// answer to that loses its link. Throws Error.
    void cancel();

    Statement* allocate_statement();
    void free(Statement* statement);
    DescriptorHandle* allocate_descriptor();
    void free(DescriptorHandle* descriptor);

    const std::vector<std::unique_ptr<Statement>>& statements() const { return statements_; }

    /// What SQLGetInfo and the catalog functions need to know of this connection.
    info::Facts facts();
    /// SQL_WVARCHAR, not SQL_VARCHAR, and so on: for programs that connect by a W function.
    bool wide_types() const { return !application.ansi; }
    conversion::Writing writing() const {
        return {options_.trim_nul,
                options_.min_date_to_zero,
                options_.cut_dates,
                options_.bigint_as_text,
                false,
                narrow_};
    }
    /// CharacterSet::Number of narrow text.
    unsigned char narrow() const { return narrow_; }
    const dsn::Options& options() const { return options_; }
    /// The largest size that is reported of LONGTEXT, LONGBLOB and JSON.
    std::uint64_t long_cap() const { return options_.max_long_size; }
    const std::string& data_source_name() const { return data_source_name_; }
    /// SQL_ATTR_FABRIC_TRACEPARENT. Throws HY024.
    void traceparent(std::string value);
    const std::string& traceparent() const {
        return attributes.traced.given.empty() ? attributes.traced.of_process
                                               : attributes.traced.given;
    }
    /// Turns the router's notices into 01000 records.
    void report_notices(Diagnostics& diagnostics);

    struct Application {
        bool ansi = false;  // by entry point, or SQL_ATTR_ANSI_APP
        std::string iodbc;  // as the environment's, or found later
    };
    Application application;
    ConnectionAttributes attributes;
    /// What SQLSetConnectAttr has set of the session and the target stays until the handle is
    /// freed, over SQLDisconnect, too.
    router::Wanted& wanted() { return *wanted_; }

    /// What was read from texts of SQLPrepare.
    sql::AnalysisCache& prepared_texts() { return prepared_texts_; }

    /// The attributes that SQLBrowseConnect was given, while it needs more of them.
    std::optional<std::string> browsing;

private:
    router::Settings settings() const;
    void connect_in_time(const std::shared_ptr<router::Backend>& backend);
    void open_log(router::Settings& settings);
    void read_trace_of_process();
    void follow_trace();

    Environment& environment_;
    Mutex mutex_;
    sql::AnalysisCache prepared_texts_;
    dsn::Options options_;
    unsigned char narrow_ = 0;
    std::string data_source_name_;
    std::shared_ptr<router::LiveLink> live_ = std::make_shared<router::LiveLink>();
    std::shared_ptr<router::LiveLink> given_up_;  // of a login that took too long
    bool watched_ = false;
    const platform::ProcessId process_ = platform::process_id();
    std::shared_ptr<router::Wanted> wanted_ = std::make_shared<router::Wanted>();
    ConnectionAttributes first_attributes_;  // as connected
    std::shared_ptr<router::Backend> backend_;
    std::atomic<const Handle*> running_{nullptr};
    std::vector<std::unique_ptr<Statement>> statements_;
    std::vector<std::unique_ptr<DescriptorHandle>> descriptors_;
    AsyncCall async_;  // last: its thread ends before what it uses
};

/// SQLSetConnectAttr. `wide`: texts are UTF-16 and `length` counts bytes. Warnings (01S02) go to
/// the handle's diagnostics. Throws HY092, HY024, HY011, HYC00, HY009, HY090.
void set_connection_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                              SQLINTEGER length, bool wide);
/// SQLGetConnectAttr. Returns false when a text was truncated.
bool get_connection_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                              SQLINTEGER capacity, SQLINTEGER* length, bool wide);
/// Attributes that get_from_link() answers without the handle's lock: SQL_ATTR_CONNECTION_DEAD and
/// the server in use.
bool is_known_of_the_link(SQLINTEGER attribute);
SQLRETURN get_from_link(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                        SQLINTEGER capacity, SQLINTEGER* length, bool wide) noexcept;
/// The custom attributes of include/myfabric/attributes.h.
bool is_fabric_attribute(SQLINTEGER attribute);
void set_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER length, bool wide);
bool get_fabric_attribute(Connection& connection, SQLINTEGER attribute, SQLPOINTER value,
                          SQLINTEGER capacity, SQLINTEGER* length, bool wide);

}  // namespace myfabric::handles

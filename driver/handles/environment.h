// The environment handle: ODBC version, the farms that its connections share.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "base/log.h"
#include "handles/handle.h"
#include "router/live_link.h"
#include "sources/make_source.h"

namespace myfabric::handles {

class Connection;

class Environment : public Handle {
public:
    static constexpr Tag tag_value = Tag::environment;
    Environment() : Handle(tag_value) {}

    Mutex& mutex() { return mutex_; }
    topology::Farms& farms() { return farms_; }
    Logs& logs() { return logs_; }
    /// Numbers the connections of the environment, so that a log distinguishes them.
    unsigned next_connection_number() { return ++numbered_; }
    /// Looks after the links of the connections.
    router::Watch& watch() { return watch_; }

    /// True for applications that asked for ODBC 2.x behaviour.
    bool odbc_2() const { return odbc_version == SQL_OV_ODBC2; }

    SQLINTEGER odbc_version = 0;  // 0: not set yet
    SQLUINTEGER connection_pooling = SQL_CP_OFF;
    SQLUINTEGER cp_match = SQL_CP_STRICT_MATCH;
    /// iODBC's file, when it made the handle: its wide characters have four bytes. Set once.
    std::string iodbc;
    std::vector<Connection*> connections;  // those that are allocated

private:
    Mutex mutex_;
    Logs logs_;
    std::atomic<unsigned> numbered_{0};
    topology::Farms farms_{sources::make_farm};
    router::Watch watch_;
};

/// SQLSetEnvAttr and SQLGetEnvAttr. Throw HY092, HY024, HYC00, HY010.
void set_environment_attribute(Environment& environment, SQLINTEGER attribute, SQLPOINTER value);
void get_environment_attribute(const Environment& environment, SQLINTEGER attribute,
                               SQLPOINTER value);

}  // namespace myfabric::handles

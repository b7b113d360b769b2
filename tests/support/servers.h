// Servers and farms for tests: started by tests/servers/servers and tests/farm/farm, stopped with
// us.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace myfabric::test {

/// Runs a program and gives its standard output; a failure throws with what it said.
std::string output_of(const std::string& command);

/// "mariadb", or what MYFABRIC_TEST_SERVER says: "mysql56".
std::string server_kind();
/// The server that this process's tests share, started at first use.
const nlohmann::json& server();

/// The driver's file where the driver manager loads it, nullptr where the tests are linked to it.
const char* driver_file();
/// `DRIVER=...;` naming the driver under test: its file through the driver manager, nothing when
/// the tests are linked to the driver directly.
std::string driver_key();
/// A connection string for the shared server; `more` ("Key=value;...") goes before the rest.
std::string server_string(const std::string& more = {});

/// A farm of real servers: groups global, shard1 and shard2, a Fabric test node or a farm file.
class Farm {
public:
    /// `options` go to `tests/farm/farm start`, e.g. "--file" or "--no-activate".
    explicit Farm(const std::string& options = {});
    ~Farm();
    Farm(const Farm&) = delete;
    Farm& operator=(const Farm&) = delete;

    /// A connection string for the farm; `target` is e.g. "Group=shard1;".
    std::string string(const std::string& target, bool by_file = false) const;
    /// The description as it is now.
    nlohmann::json status() const;
    /// "host:port" of the first server of `group` with that status ("PRIMARY", "SECONDARY").
    std::string address(const std::string& group, const std::string& status) const;
    /// Runs `farm COMMAND DIR ARGUMENTS`.
    std::string command(const std::string& name, const std::string& arguments) const;
    const nlohmann::json& description() const { return description_; }

private:
    nlohmann::json description_;
};

/// A process that misbehaves on a port of its own (tests/node/bad_node.py); ended with this object.
class BadNode {
public:
    explicit BadNode(const std::string& mode);
    ~BadNode();
    BadNode(const BadNode&) = delete;
    BadNode& operator=(const BadNode&) = delete;
    int port() const { return port_; }

private:
    int process_ = -1;
    int port_ = 0;
};

}  // namespace myfabric::test

// A farm whose description and answers a test writes.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "topology/farm.h"

namespace myfabric::router {

/// What the farm says, and what it was told.
struct FarmScript {
    std::mutex mutex;
    topology::Topology topology;
    std::vector<std::string> commands;  // "group.promote shard1"
    std::vector<std::string> reports;   // "uuid error"
    topology::Reply reply;
    bool down = false;
    std::atomic<topology::Farm::Clock::rep> time{
        topology::Farm::Clock::now().time_since_epoch().count()};

    FarmScript() { topology.ttl = std::chrono::hours(1); }

    void change(topology::Topology now) {
        const std::lock_guard lock(mutex);
        now.ttl = topology.ttl;
        topology = std::move(now);
    }
    void go_down() {
        const std::lock_guard lock(mutex);
        down = true;
    }
    /// Else the time by which snapshots age goes on by a tick whenever it is looked at.
    void advance(topology::Farm::Clock::duration by) { time += by.count(); }
};

class ScriptedSource : public topology::Source,
                       public topology::Reporter,
                       public topology::Commands {
public:
    explicit ScriptedSource(std::shared_ptr<FarmScript> script) : script_(std::move(script)) {}

    topology::Topology load() override {
        const std::lock_guard lock(script_->mutex);
        if (script_->down)
            throw topology::Unreachable(Error(state::unable_to_connect, "the node is down"));
        return script_->topology;
    }
    void report(const topology::Report& report) override {
        const std::lock_guard lock(script_->mutex);
        script_->reports.push_back(report.uuid + " " + report.error);
    }
    topology::Reply execute(const std::string& command,
                            const std::vector<topology::Value>& arguments) override {
        const std::lock_guard lock(script_->mutex);
        std::string line = command;
        for (const topology::Value& argument : arguments)
            line += " " + topology::text_of(argument).value_or("NULL");
        script_->commands.push_back(std::move(line));
        return script_->reply;
    }
    std::string name() const override { return "script"; }
    topology::Reporter* reporter() override { return this; }
    topology::Commands* commands() override { return this; }

private:
    std::shared_ptr<FarmScript> script_;
};

inline std::shared_ptr<topology::Farm> farm_of(const std::shared_ptr<FarmScript>& script) {
    topology::FarmOptions options;
    options.connection_attempts = 1;
    using Clock = topology::Farm::Clock;
    return std::make_shared<topology::Farm>(
        options, [script] { return std::make_unique<ScriptedSource>(script); },
        [script] { return Clock::time_point(Clock::duration(++script->time)); });
}

/// A server "h1:3306" of a farm, able to read and write.
inline topology::Server server(const std::string& group, const std::string& host,
                               topology::Status status) {
    topology::Server made;
    made.uuid = "uuid-" + host;
    made.group = group;
    made.host = host;
    made.status = status;
    made.mode = topology::ServerMode::read_write;
    return made;
}

}  // namespace myfabric::router

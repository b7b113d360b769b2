// A connection to a farm, both of a test.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "router/backend.h"
#include "unit/router/fake_servers.h"
#include "unit/router/scripted_farm.h"

namespace myfabric::router {

inline constexpr Purpose a_write{Effect::write};

inline Purpose a_read() {
    Purpose purpose{Effect::read};
    purpose.plain_read = true;
    return purpose;
}

/// A connection to a farm: group g with h1, its primary, and h2; group other with h3.
class Routed : public testing::Test {
protected:
    Routed() {
        script->topology = with_primary("h1", "h2");
        settings.farm = farm_of(script);
        settings.target.group = "g";
        settings.log_in = servers.log_in();
        settings.attempt_delay = 0;
        settings.login.database = "shop";
    }
    static topology::Topology with_primary(const char* primary, const char* secondary) {
        topology::Topology topology;
        topology.ttl = std::chrono::hours(1);
        topology.groups["g"] = {server("g", primary, topology::Status::primary),
                                server("g", secondary, topology::Status::secondary)};
        topology.groups["other"] = {server("other", "h3", topology::Status::primary)};
        return topology;
    }
    Backend& backend() {
        if (!backend_) {
            backend_ = std::make_unique<Backend>(settings, wanted);
            backend_->connect();
        }
        return *backend_;
    }
    void run(const std::string& sql, const Purpose& purpose) {
        backend().run(purpose, [&](const auto&) { backend().on()->execute(sql); });
    }
    std::string where() { return backend().here()->server.address(); }
    /// The SQLSTATE of running `sql`, empty for a success.
    std::string failure(const std::string& sql, const Purpose& purpose) {
        try {
            run(sql, purpose);
            return {};
        } catch (const Error& error) {
            message = error.message();
            return std::string(error.state());
        }
    }
    static Error lost_link() {
        return Error::from_server("08S01", 2013, "lost connection", Cause::link_lost);
    }
    static Error refused() {
        return Error::from_server("HY000", 1290, "read-only", Cause::read_only);
    }

    FakeServers servers;
    std::shared_ptr<FarmScript> script = std::make_shared<FarmScript>();
    Settings settings;
    std::shared_ptr<Wanted> wanted = std::make_shared<Wanted>();
    std::string message;

    std::unique_ptr<Backend> backend_;
};

}  // namespace myfabric::router

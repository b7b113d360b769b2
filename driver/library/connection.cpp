#include <myfabric/fabric.h>

#include <utility>

#include "library/guarded.h"
#include "library/impl.h"
#include "router/backend.h"
#include "router/properties.h"
#include "sources/call_text.h"

namespace myfabric {
namespace {

using library::guarded;
using library::refuse;

router::Settings settings_of(std::shared_ptr<topology::Farm> farm, const ConnectionConfig& config) {
    router::Settings settings;
    settings.login.user = config.user;
    settings.login.password = config.password;
    settings.login.database = config.database;
    settings.login.ssl_ca = config.ssl_ca;
    settings.login.connect_timeout = config.connect_timeout;
    settings.login.read_timeout = settings.login.write_timeout = config.read_timeout;
    settings.farm = std::move(farm);
    settings.attempts = config.attempts;
    settings.attempt_delay = config.attempt_delay;
    router::set_property(settings, *router::find_property("ReportErrors"), config.report_errors);
    topology::Target& target = settings.target;
    target.group = config.group;
    for (const std::string& table : config.tables)
        for (std::string& name : topology::parse_tables(table, config.database))
            target.tables.push_back(std::move(name));
    if (config.key) target.key = config.key->text();
    target.mode = library::routing_mode(config.mode);
    return settings;
}

std::vector<ResultSet> read_all(results::Results& results) {
    std::vector<ResultSet> sets;
    do {
        if (!results.has_rows()) continue;
        ResultSet& set = sets.emplace_back();
        for (const results::Column& column : results.columns()) set.names.push_back(column.name);
        while (results.next_row()) {
            std::vector<Value>& row = set.rows.emplace_back();
            for (std::size_t i = 0; i < set.names.size(); ++i) {
                const char* value = results.row().values[i];
                if (!value) {
                    row.emplace_back();
                    continue;
                }
                const std::string_view text(value, results.row().lengths[i]);
                row.push_back(
                    sources::decode_cell(sources::Dialect::sql, results.columns()[i], text));
            }
        }
    } while (results.next_result());
    return sets;
}

}  // namespace

struct FabricConnection::Impl {
    Impl(Fabric the_fabric, std::shared_ptr<topology::Farm> the_farm,
         const ConnectionConfig& config)
        : fabric(std::move(the_fabric)),
          farm(std::move(the_farm)),
          backend(settings_of(farm, config)) {}

    Fabric fabric;
    std::shared_ptr<topology::Farm> farm;
    router::Backend backend;
};

FabricConnection::FabricConnection(Fabric fabric, ConnectionConfig config)
    : impl_(guarded([&] {
          std::shared_ptr<topology::Farm> farm = fabric.impl_->farm();
          return std::make_unique<Impl>(std::move(fabric), std::move(farm), config);
      })) {}
FabricConnection::FabricConnection(FabricConnection&&) noexcept = default;
FabricConnection& FabricConnection::operator=(FabricConnection&&) noexcept = default;
FabricConnection::~FabricConnection() = default;

void FabricConnection::connect() {
    guarded([&] { impl_->backend.connect(); });
}

void FabricConnection::disconnect() noexcept {
    impl_->backend.disconnect();
}

bool FabricConnection::is_connected() const noexcept {
    return impl_->backend.connected() && impl_->backend.usable();
}

void FabricConnection::reset_cache() {
    guarded([&] { impl_->farm->refresh(*impl_->farm->topology()); });
}

void FabricConnection::set_property(const std::string& name, const std::string& value) {
    guarded([&] {
        const router::Property* property = router::find_property(name);
        if (!property || property->alias.empty())
            refuse("there is no property '" + name +
                   "'; use group, tables, key, scope, mode, attempts or attempt_delay");
        if (property->alias == "mode" && topology::parse_mode(value) == topology::Mode::automatic)
            refuse("mode AUTO is for ODBC connections; use READONLY or READWRITE");
        router::set_property(impl_->backend, *property, value);
    });
}

Fabric FabricConnection::fabric() const {
    return impl_->fabric;
}

std::string FabricConnection::group() const {
    const auto here = impl_->backend.here();
    return here ? here->group : impl_->backend.target().group;
}

int FabricConnection::mode() const {
    return static_cast<int>(impl_->backend.target().mode);
}

void FabricConnection::failover() {
    guarded([&] {
        if (impl_->backend.connected())
            impl_->backend.fail_over();
        else
            impl_->backend.connect();
    });
}

std::string FabricConnection::get_server_uuid() const {
    const auto here = impl_->backend.here();
    return here ? here->server.uuid : std::string();
}

std::optional<ServerInfo> FabricConnection::server() const {
    const auto here = impl_->backend.here();
    if (!here) return std::nullopt;
    return library::server_info(here->server);
}

void FabricConnection::report_connection_error(int code, const std::string& message) {
    const auto here = impl_->backend.here();
    const router::Reports reports = impl_->backend.settings().reports;
    if (!here || reports == router::Reports::no) return;
    if (reports == router::Reports::failure)
        impl_->fabric.report_failure(here->server.uuid, code);
    else
        impl_->fabric.report_error(here->server.uuid, code, message);
}

std::vector<ResultSet> FabricConnection::query(const std::string& sql) {
    return guarded([&] {
        if (!impl_->backend.connected()) impl_->backend.connect();
        return impl_->backend.run({}, [&](const std::shared_ptr<mysql::Connection>& connection) {
            return read_all(*connection->query(sql));
        });
    });
}

}  // namespace myfabric

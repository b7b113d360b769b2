// Looks at a farm and administers it without ODBC.
//   c++ -std=c++20 fabric_client.cpp $(pkg-config --cflags --libs myfabric)
//   ./a.out show node1:32274 connector PASSWORD
//   ./a.out key node1:32274 connector PASSWORD shop.orders 42
//   ./a.out promote node1:32274 admin PASSWORD shard1
// A host that ends in .json is taken for a farm file; FABRIC_PROTOCOL=mysql speaks to a node's
// MySQL port, or to fabric-sql.
#include <myfabric/fabric.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

const char* name(myfabric::ServerStatus status) {
    constexpr const char* names[] = {"faulty", "spare", "secondary", "primary"};
    return names[static_cast<int>(status)];
}

void print(const std::vector<myfabric::ServerInfo>& servers) {
    for (const myfabric::ServerInfo& server : servers)
        std::cout << "  " << server.group << "  " << server.address() << "  " << name(server.status)
                  << "  weight " << server.weight << "  " << server.uuid << '\n';
}

void show(myfabric::Fabric& farm) {
    std::cout << farm.name() << '\n';
    for (const myfabric::ShardingInfo& shard : farm.get_sharding_information())
        std::cout << "  " << shard.schema << '.' << shard.table << " by " << shard.column << ' '
                  << shard.sharding_type << ": from " << shard.lower_bound << " in group "
                  << shard.group_id << '\n';
    // What the API has no method for: any command of the node, its result sets by column name.
    const myfabric::ResultSet servers = farm.execute("dump.servers", {std::int64_t{0}, ""}).front();
    std::cout << "  " << servers.rows.size() << " servers are usable\n";
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::string> given(argv + 1, argv + argc);
    if (given.size() < 4) {
        std::cerr << "usage: fabric_client show|group|key|promote NODE USER PASSWORD [...]\n";
        return 2;
    }
    try {
        myfabric::FabricConfig config;
        config.host = given[1];
        config.user = given[2];
        config.password = given[3];
        if (config.host.ends_with(".json")) config.protocol = "file";
        if (const char* protocol = std::getenv("FABRIC_PROTOCOL")) config.protocol = protocol;
        myfabric::Fabric farm(config);
        farm.connect();

        const std::string& what = given[0];
        if (what == "show") {
            show(farm);
        } else if (what == "group" && given.size() == 5) {
            print(farm.get_group_servers(given[4]));
        } else if (what == "key" && given.size() == 6) {
            print(farm.lookup_servers({given[4]}, given[5]));
        } else if (what == "promote" && given.size() == 5) {
            farm.promote_server(given[4]);
            print({farm.get_group_server(given[4])});
        } else {
            std::cerr << "do not know what to do with " << what << '\n';
            return 2;
        }
    } catch (const myfabric::FabricError& error) {
        std::cerr << error.what() << '\n';
        return 1;
    }
    return 0;
}

#include "sources/make_source.h"

#include "base/text.h"
#include "platform/process.h"
#include "platform/shared_file.h"
#include "sources/farm_file.h"
#include "sources/mysql_source.h"
#include "sources/node_functions.h"
#include "sources/servers_source.h"
#include "sources/shared_source.h"
#include "sources/xmlrpc.h"

namespace myfabric::sources {
namespace {

using topology::FarmOptions;
using topology::Protocol;
using topology::Source;

struct Maker {
    Protocol protocol;
    std::unique_ptr<Source> (*make)(const FarmOptions&);
};

template <class AnySource>
std::unique_ptr<Source> made(const FarmOptions& options) {
    return std::make_unique<AnySource>(options);
}

/// One that lacks its module fails here, once, and not at each of its nodes.
std::unique_ptr<Source> node(const FarmOptions& options) {
    node_functions();
    return made<XmlRpcSource>(options);
}

std::unique_ptr<Source> farm_file(const FarmOptions& options) {
    return std::make_unique<FarmFile>(std::string(trim(options.hosts)), options);
}

constexpr Maker makers[] = {
    {Protocol::xmlrpc, node},
    {Protocol::mysql, made<MysqlSource>},
    {Protocol::file, farm_file},
    {Protocol::replication, made<ServersSource>},
    {Protocol::galera, made<ServersSource>},
    {Protocol::group_replication, made<ServersSource>},
};

}  // namespace

std::unique_ptr<Source> make_source(const FarmOptions& options) {
    for (const Maker& maker : makers) {
        if (maker.protocol != options.protocol) continue;
        std::unique_ptr<Source> source = maker.make(options);
        // A program with more rights than its user does not go by the user's files.
        if (!options.among_processes || source->loads_at_once() || platform::privileged())
            return source;
        return std::make_unique<SharedSource>(std::move(source), options,
                                              platform::runtime_folder());
    }
    throw Error(state::general_error, "an unknown Fabric protocol");
}

std::shared_ptr<topology::Farm> make_farm(const FarmOptions& options) {
    return std::make_shared<topology::Farm>(options, [options] { return make_source(options); });
}

}  // namespace myfabric::sources

#include "sources/make_source.h"

#include "base/text.h"
#include "sources/farm_file.h"
#include "sources/mysql_source.h"
#include "sources/servers_source.h"
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

std::unique_ptr<Source> farm_file(const FarmOptions& options) {
    return std::make_unique<FarmFile>(std::string(trim(options.hosts)), options);
}

constexpr Maker makers[] = {
    {Protocol::xmlrpc, made<XmlRpcSource>},
    {Protocol::mysql, made<MysqlSource>},
    {Protocol::file, farm_file},
    {Protocol::replication, made<ServersSource>},
    {Protocol::galera, made<ServersSource>},
    {Protocol::group_replication, made<ServersSource>},
};

}  // namespace

std::unique_ptr<Source> make_source(const FarmOptions& options) {
    for (const Maker& maker : makers)
        if (maker.protocol == options.protocol) return maker.make(options);
    throw Error(state::general_error, "an unknown Fabric protocol");
}

std::shared_ptr<topology::Farm> make_farm(const FarmOptions& options) {
    return std::make_shared<topology::Farm>(options, [options] { return make_source(options); });
}

}  // namespace myfabric::sources

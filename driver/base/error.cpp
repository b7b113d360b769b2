#include "base/error.h"

namespace myfabric {

Error::Error(const SqlState& state, std::string message, int native) {
    if (message.empty()) message = state.text;
    records_.push_back({std::string(state.code), native, std::move(message), Origin::driver});
}

Error Error::from_server(std::string state, int native, std::string message) {
    return Error(
        std::vector<Record>{{std::move(state), native, std::move(message), Origin::server}});
}

Error Error::from_fabric(const SqlState& state, std::string message, int native) {
    return Error(
        std::vector<Record>{{std::string(state.code), native, std::move(message), Origin::fabric}});
}

Error& Error::also(const std::vector<Record>& more) {
    records_.insert(records_.end(), more.begin(), more.end());
    return *this;
}

}  // namespace myfabric

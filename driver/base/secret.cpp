#include "base/secret.h"

#include <cstring>

namespace myfabric {

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());  // allocates nothing
    // A plain memset of what is never read again would be left out.
    explicit_bzero(text.data(), text.size());
    text.clear();
}

}  // namespace myfabric

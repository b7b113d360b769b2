// A private temporary file for rows that do not fit into memory.
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/private_file.h"

namespace myfabric::results {

/// Has no name and only this user's rights; made by the first write, gone with the object. Lies in
/// $TMPDIR, else /tmp. Both functions throw Error HY000 naming the folder and what is wrong.
class SpillFile {
public:
    /// Writes after what is there; returns the offset.
    std::uint64_t append(const char* bytes, std::size_t size);
    void read(std::uint64_t offset, char* bytes, std::size_t size) const;
    /// Bytes written.
    std::uint64_t size() const { return size_; }

private:
    platform::TemporaryFile file_;
    std::uint64_t size_ = 0;
};

}  // namespace myfabric::results

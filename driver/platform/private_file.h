// Files that only their owner may read: logs, and rows that do not fit into memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace myfabric::platform {

/// Makes the file, or makes an existing one private (0600), before anything is written to it.
/// Throws std::runtime_error with the reason for what cannot be opened, is no regular file, is a
/// symbolic link or belongs to another user: another user may have left it in a folder for all.
void make_private_file(const std::string& path);

/// A file without a name that only this process can reach; gone with the object.
class TemporaryFile {
public:
    /// Not open yet.
    TemporaryFile() = default;
    ~TemporaryFile();
    TemporaryFile(TemporaryFile&& other) noexcept;
    TemporaryFile& operator=(TemporaryFile&& other) noexcept;

    bool is_open() const { return file_ >= 0; }

    /// These throw std::runtime_error with the system's reason.
    void open(const std::string& folder);
    void write(std::uint64_t offset, const char* bytes, std::size_t size);
    void read(std::uint64_t offset, char* bytes, std::size_t size) const;

private:
    int file_ = -1;
};

}  // namespace myfabric::platform

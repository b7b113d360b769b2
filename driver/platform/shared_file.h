// Files that the processes of one user share while the machine runs.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace myfabric::platform {

/// A folder that only this user can write to and look into: the system's (/run/user/1000), else one
/// in /tmp that is made with such rights. It is found by the user's number alone, no variable of
/// the environment is obeyed. Empty when there is none that can be trusted.
std::string runtime_folder();

/// The file's text; nothing for a file that is not there, is no regular file of this user with the
/// rights 0600, is a symbolic link, or has more than `limit` bytes.
std::optional<std::string> read_shared_file(const std::string& path, std::size_t limit);

/// Puts a file of the rights 0600 in the place of the one that is there, at once: whoever reads it
/// sees the old or the new one, whole. False when that was not possible.
bool replace_shared_file(const std::string& path, std::string_view text) noexcept;

/// A lock among processes that name the same file. It ends with the object, and with the process;
/// two of one process do not keep each other out.
class ProcessLock {
public:
    /// Makes the file if it is not there. Holds nothing yet.
    explicit ProcessLock(const std::string& path);
    ~ProcessLock();
    ProcessLock(const ProcessLock&) = delete;
    ProcessLock& operator=(const ProcessLock&) = delete;

    /// Whether there is a file to lock.
    bool possible() const { return file_ >= 0; }
    /// Does not wait. True also when it is held already.
    bool try_lock();

private:
    int file_;
};

/// When this machine was started, as a text that no other start has; empty when it is not known.
std::string boot_id();

}  // namespace myfabric::platform

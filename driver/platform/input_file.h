// A file that is read whole, and what shows that it has changed since.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <string>

namespace myfabric::platform {

/// Which file, how long and of when. Equal stamps: the same content, as far as one can know.
class FileStamp {
public:
    FileStamp() = default;
    explicit FileStamp(const struct stat& status) : status_(status) {}
    bool operator==(const FileStamp& other) const;

private:
    struct stat status_ {};
};

/// Functions throw std::runtime_error with the reason.
class InputFile {
public:
    /// For a regular file only: a pipe or a device could keep the caller waiting.
    explicit InputFile(const std::string& path);
    ~InputFile();
    InputFile(const InputFile&) = delete;
    InputFile& operator=(const InputFile&) = delete;

    const FileStamp& stamp() const { return stamp_; }
    /// All of it; more than `limit` bytes are an error.
    std::string text(std::size_t limit) const;

private:
    int descriptor_;
    FileStamp stamp_;
};

}  // namespace myfabric::platform

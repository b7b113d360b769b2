#include "results/spill_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>

#include "base/error.h"

namespace myfabric::results {
namespace {

std::string folder() {
    const char* set = std::getenv("TMPDIR");
    return set && *set ? set : "/tmp";
}

[[noreturn]] void fail(const char* what) {
    throw Error(state::general_error, std::string(what) + " in the folder " + folder() +
                                          " for rows beyond memory: " + std::strerror(errno) +
                                          "; set TMPDIR to a folder with room");
}

}  // namespace

SpillFile::~SpillFile() {
    if (file_ >= 0) ::close(file_);
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)), size_(std::exchange(other.size_, 0)) {}

SpillFile& SpillFile::operator=(SpillFile&& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(size_, other.size_);
    return *this;
}

void SpillFile::open() {
#ifdef O_TMPFILE
    file_ = ::open(folder().c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file_ >= 0) return;
#endif
    // A file system without unnamed files.
    std::string name = folder() + "/myfabric-XXXXXX";
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) fail("no temporary file can be made");
    ::unlink(name.c_str());
}

std::uint64_t SpillFile::append(const char* bytes, std::size_t size) {
    if (file_ < 0) open();
    const std::uint64_t start = size_;
    for (std::size_t done = 0; done < size;) {
        const ssize_t written =
            ::pwrite(file_, bytes + done, size - done, static_cast<off_t>(start + done));
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail("the temporary file cannot be written");
        done += static_cast<std::size_t>(written);
    }
    size_ += size;
    return start;
}

void SpillFile::read(std::uint64_t offset, char* bytes, std::size_t size) const {
    for (std::size_t done = 0; done < size;) {
        const ssize_t got =
            ::pread(file_, bytes + done, size - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) fail("the temporary file cannot be read");
        done += static_cast<std::size_t>(got);
    }
}

}  // namespace myfabric::results

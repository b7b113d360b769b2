#include "platform/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace myfabric::platform {
namespace {

[[noreturn]] void throw_errno() {
    throw std::runtime_error(std::strerror(errno));
}

}  // namespace

void make_private_file(const std::string& path) {
    const int file =
        open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK,
             S_IRUSR | S_IWUSR);
    if (file < 0) throw_errno();
    struct stat status {};
    const bool known = fstat(file, &status) == 0;
    const bool own = known && S_ISREG(status.st_mode) && status.st_uid == geteuid();
    const bool closed = own && fchmod(file, S_IRUSR | S_IWUSR) == 0;
    close(file);
    if (!closed) throw std::runtime_error("it is no file of this user");
}

TemporaryFile::~TemporaryFile() {
    if (file_ >= 0) ::close(file_);
}

TemporaryFile::TemporaryFile(TemporaryFile&& other) noexcept
    : file_(std::exchange(other.file_, -1)) {}

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept {
    std::swap(file_, other.file_);
    return *this;
}

void TemporaryFile::open(const std::string& folder) {
#ifdef O_TMPFILE
    file_ = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file_ >= 0) return;
#endif
    // A file system without unnamed files.
    std::string name = folder + "/myfabric-XXXXXX";
    file_ = ::mkostemp(name.data(), O_CLOEXEC);
    if (file_ < 0) throw_errno();
    ::unlink(name.c_str());
}

void TemporaryFile::write(std::uint64_t offset, const char* bytes, std::size_t size) {
    for (std::size_t done = 0; done < size;) {
        const ssize_t written =
            ::pwrite(file_, bytes + done, size - done, static_cast<off_t>(offset + done));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) throw_errno();
        if (written == 0) throw std::runtime_error("nothing could be written");
        done += static_cast<std::size_t>(written);
    }
}

void TemporaryFile::read(std::uint64_t offset, char* bytes, std::size_t size) const {
    for (std::size_t done = 0; done < size;) {
        const ssize_t got =
            ::pread(file_, bytes + done, size - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_errno();
        if (got == 0) throw std::runtime_error("it ends too early");
        done += static_cast<std::size_t>(got);
    }
}

}  // namespace myfabric::platform

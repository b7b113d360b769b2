#include "platform/input_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace myfabric::platform {

bool FileStamp::operator==(const FileStamp& other) const {
    const struct stat& a = status_;
    const struct stat& b = other.status_;
    return a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size &&
           a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec;
}

InputFile::InputFile(const std::string& path)
    : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {
    if (descriptor_ < 0) throw std::runtime_error(std::strerror(errno));
    struct stat status {};
    const int failed = fstat(descriptor_, &status) != 0 ? errno : 0;
    if (!failed && S_ISREG(status.st_mode)) {
        stamp_ = FileStamp(status);
        return;
    }
    close(descriptor_);
    throw std::runtime_error(failed ? std::strerror(failed) : "it is not a file");
}

InputFile::~InputFile() {
    close(descriptor_);
}

std::string InputFile::text(std::size_t limit) const {
    std::string text;
    std::array<char, 16384> part;
    for (;;) {
        const ssize_t size = read(descriptor_, part.data(), part.size());
        if (size == 0) return text;
        if (size < 0 && errno == EINTR) continue;
        if (size < 0) throw std::runtime_error(std::strerror(errno));
        text.append(part.data(), static_cast<std::size_t>(size));
        if (text.size() > limit)
            throw std::runtime_error("it is larger than " + std::to_string(limit >> 20) + " MiB");
    }
}

}  // namespace myfabric::platform

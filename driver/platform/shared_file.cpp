#include "platform/shared_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "platform/process.h"

namespace myfabric::platform {
namespace {

constexpr mode_t only_owner = S_IRUSR | S_IWUSR;
constexpr mode_t others = S_IRWXG | S_IRWXO;

/// A descriptor that is closed.
class Descriptor {
public:
    explicit Descriptor(int file) : file_(file) {}
    ~Descriptor() {
        if (file_ >= 0) close(file_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int get() const { return file_; }
    explicit operator bool() const { return file_ >= 0; }

private:
    const int file_;
};

/// A folder itself, and no link to one, that nobody else may enter.
bool is_own_folder(const std::string& path) {
    struct stat status {};
    return lstat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
           status.st_uid == geteuid() && !(status.st_mode & others);
}

bool is_own_file(int file) {
    struct stat status {};
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
           !(status.st_mode & others);
}

/// The whole text, in however many steps.
bool write_all(int file, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = write(file, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

}  // namespace

std::string runtime_folder() {
    const std::string user = std::to_string(geteuid());
    if (std::string folder = "/run/user/" + user; is_own_folder(folder)) return folder;
    std::string folder = "/tmp/myfabric-" + user;
    mkdir(folder.c_str(), S_IRWXU);  // it may be there
    return is_own_folder(folder) ? folder : std::string();
}

std::optional<std::string> read_shared_file(const std::string& path, std::size_t limit) {
    const Descriptor file(open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!file || !is_own_file(file.get()) || fstat(file.get(), &status) != 0) return std::nullopt;
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > limit) return std::nullopt;
    std::string text(size, '\0');
    for (std::size_t done = 0; done < size;) {
        const ssize_t got = read(file.get(), text.data() + done, size - done);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return std::nullopt;
        done += static_cast<std::size_t>(got);
    }
    return text;
}

bool replace_shared_file(const std::string& path, std::string_view text) noexcept {
    try {
        const std::string fresh = path + "." + std::to_string(process_id());
        {
            unlink(fresh.c_str());  // of a process of this number that ended in the midst of it
            const Descriptor file(open(
                fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, only_owner));
            if (!file) return false;
            if (write_all(file.get(), text) && rename(fresh.c_str(), path.c_str()) == 0)
                return true;
        }
        unlink(fresh.c_str());
    } catch (...) {
        // Without memory nothing is shared.
    }
    return false;
}

ProcessLock::ProcessLock(const std::string& path)
    : file_(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, only_owner)) {
    if (file_ >= 0 && !is_own_file(file_)) close(std::exchange(file_, -1));
}

ProcessLock::~ProcessLock() {
    if (file_ >= 0) close(file_);
}

bool ProcessLock::try_lock() {
    // Of the process, so that a forked child does not go on holding it.
    struct flock whole {};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return fcntl(file_, F_SETLK, &whole) == 0;
}

std::string boot_id() {
    const Descriptor file(open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC));
    std::array<char, 64> text{};
    const ssize_t size = file ? read(file.get(), text.data(), text.size()) : 0;
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : std::string();
}

}  // namespace myfabric::platform

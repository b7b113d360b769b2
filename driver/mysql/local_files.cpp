#include "mysql/local_files.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <string>

namespace myfabric::mysql {
namespace {

constexpr int cannot_read = 2;  // EE_READ of both libraries

struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
};

struct Sent {
    std::unique_ptr<std::FILE, Close> file;
    std::string failure;
};

int begin(void** state, const char* name, void* connection) {
    auto* const sent = new (std::nothrow) Sent;
    *state = sent;
    if (!sent) return 1;
    try {
        const auto* const files = static_cast<const LocalFiles*>(connection);
        if (!files || !files->names(files->statement, name, files->backslash_escapes)) {
            sent->failure = "the server asked for a file that the statement does not name";
            return 1;
        }
        sent->file.reset(std::fopen(name, "rbe"));
        if (!sent->file)
            sent->failure =
                std::string("the file '") + name + "' cannot be opened: " + std::strerror(errno);
    } catch (...) {
        return 1;
    }
    return sent->file ? 0 : 1;
}

int read(void* state, char* out, unsigned room) {
    std::FILE* const file = static_cast<Sent*>(state)->file.get();
    const std::size_t got = std::fread(out, 1, room, file);
    return got == 0 && std::ferror(file) ? -1 : static_cast<int>(got);
}

void end(void* state) {
    delete static_cast<Sent*>(state);
}

int failure(void* state, char* out, unsigned room) {
    const auto* const sent = static_cast<const Sent*>(state);
    std::snprintf(
        out, room, "%s",
        sent && !sent->failure.empty() ? sent->failure.c_str() : "the local file cannot be read");
    return cannot_read;
}

}  // namespace

void guard_local_files(MYSQL* handle, LocalFiles* files) {
    mysql_set_local_infile_handler(handle, begin, read, end, failure, files);
}

}  // namespace myfabric::mysql

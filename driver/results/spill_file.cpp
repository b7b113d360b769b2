#include "results/spill_file.h"

#include <exception>
#include <string>

#include "base/error.h"
#include "platform/process.h"

namespace myfabric::results {
namespace {

std::string folder() {
    const char* set = platform::environment("TMPDIR");
    return set && *set ? set : "/tmp";
}

[[noreturn]] void fail(const char* what, const std::exception& why) {
    throw Error(state::general_error, std::string(what) + " in the folder " + folder() +
                                          " for rows beyond memory: " + why.what() +
                                          "; set TMPDIR to a folder with room");
}

}  // namespace

std::uint64_t SpillFile::append(const char* bytes, std::size_t size) {
    try {
        if (!file_.is_open()) file_.open(folder());
    } catch (const std::exception& error) {
        fail("no temporary file can be made", error);
    }
    const std::uint64_t start = size_;
    try {
        file_.write(start, bytes, size);
    } catch (const std::exception& error) {
        fail("the temporary file cannot be written", error);
    }
    size_ += size;
    return start;
}

void SpillFile::read(std::uint64_t offset, char* bytes, std::size_t size) const {
    try {
        file_.read(offset, bytes, size);
    } catch (const std::exception& error) {
        fail("the temporary file cannot be read", error);
    }
}

}  // namespace myfabric::results

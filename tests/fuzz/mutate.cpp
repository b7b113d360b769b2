// Runs a fuzzer where the compiler has no libFuzzer: what is in the folders, then changed copies of
// it, without knowing what they reach.
//
//     fuzz_NAME [--seconds N] [--seed N] FOLDER_OR_FILE...
#include <sanitizer/common_interface_defs.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" __attribute__((weak)) int LLVMFuzzerInitialize(int* count, char*** arguments);
/// A trap and an abort are findings as well.
extern "C" const char* __asan_default_options();
extern "C" const char* __asan_default_options() {
    return "handle_abort=1:handle_sigill=1:handle_segv=1";
}

namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest = 8192;
std::string input;  // the one that runs

void keep_finding() {
    const char* const name = "fuzz-finding";
    std::ofstream(name, std::ios::binary).write(input.data(), static_cast<long>(input.size()));
    std::fprintf(stderr, "the input is in %s\n", fs::absolute(name).c_str());
}

void run(std::string given) {
    input = std::move(given);
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::vector<std::string> read(const char* path) {
    std::vector<fs::path> files{path};
    if (fs::is_directory(path)) files.assign(fs::directory_iterator(path), {});
    std::sort(files.begin(), files.end());
    std::vector<std::string> texts;
    for (const fs::path& file : files) {
        std::ifstream in(file, std::ios::binary);
        texts.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    }
    return texts;
}

class Changes {
public:
    Changes(const std::vector<std::string>& seeds, unsigned long seed)
        : seeds_(seeds), random_(seed) {}

    std::string next() {
        std::string text = any();
        for (std::size_t left = below(6) + 1; left; --left) change(text);
        if (text.size() > longest) text.resize(longest);
        return text;
    }

private:
    std::size_t below(std::size_t limit) { return limit ? random_() % limit : 0; }
    const std::string& any() { return seeds_[below(seeds_.size())]; }
    std::string part_of(const std::string& text) {
        const std::size_t at = below(text.size() + 1);
        return text.substr(at, below(text.size() - at + 1));
    }

    void change(std::string& text) {
        const std::size_t at = below(text.size() + 1);
        static constexpr char telling[] =
            "\x00\x01\x7f\xff\x80\xfb\xfc\xfd\xfe'\"`?{};<>&%[]()0-9.,";
        switch (below(8)) {
            case 0:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ 1 << below(8));
                break;
            case 1:
                if (at < text.size()) text[at] = telling[below(sizeof telling - 1)];
                break;
            case 2:
                if (at < text.size()) text[at] = static_cast<char>(random_());
                break;
            case 3:
                text.insert(at, 1, telling[below(sizeof telling - 1)]);
                break;
            case 4:
                text.erase(at, below(below(2) ? 4 : text.size() + 1));
                break;
            case 5:
                text.insert(at, part_of(text));
                break;
            case 6:
                text.insert(at, part_of(any()));
                break;
            default:
                for (std::size_t i = at; i < text.size() && i < at + 8; ++i)
                    text[i] = static_cast<char>(random_());
        }
    }

    const std::vector<std::string>& seeds_;
    std::mt19937_64 random_;
};

}  // namespace

int main(int count, char** arguments) {
    double seconds = 0;
    unsigned long seed = std::random_device()();
    std::vector<std::string> seeds{""};
    if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&count, &arguments);
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--seconds" && i + 1 < count)
            seconds = std::stod(arguments[++i]);
        else if (argument == "--seed" && i + 1 < count)
            seed = std::stoul(arguments[++i]);
        else
            for (std::string& text : read(arguments[i])) seeds.push_back(std::move(text));
    }
    __sanitizer_set_death_callback(keep_finding);
    std::printf("%zu inputs, then changes of seed %lu for %g s\n", seeds.size(), seed, seconds);
    std::fflush(stdout);
    for (const std::string& text : seeds) run(text);
    Changes changes(seeds, seed);
    std::size_t runs = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    for (; std::chrono::steady_clock::now() < end; ++runs) run(changes.next());
    std::printf("%zu runs\n", runs);
    return 0;
}

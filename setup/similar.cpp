#include "setup/similar.h"

#include <algorithm>

#include "base/text.h"

namespace myfabric::setup {

std::size_t letters_apart(std::string_view first, std::string_view second) {
    const std::string a = to_lower(first), b = to_lower(second);
    // Three rows of the table of distances between the beginnings of both.
    std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], before[j - 2] + 1);
        }
        before = std::move(last);
        last = row;
    }
    return last[b.size()];
}

std::string most_similar(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t fewest = word.size() + 1;
    for (const std::string& each : known) {
        const std::size_t distance = letters_apart(word, each);
        if (distance < fewest) {
            fewest = distance;
            best = each;
        }
    }
    return fewest <= std::max<std::size_t>(1, best.size() / 3) ? best : "";
}

}  // namespace myfabric::setup

#include "setup/bench.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>

#include "base/error.h"
#include "setup/manager.h"

namespace myfabric::setup {
namespace {

using Clock = std::chrono::steady_clock;
using Json = nlohmann::ordered_json;

/// A hundred thousand rows of four columns out of nothing, on every version of every server.
std::string rows_out_of_nothing() {
    const std::string ten =
        "(SELECT 0 d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 "
        "UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL "
        "SELECT 9)";
    return "SELECT a.d + 10 * b.d, 'some text of thirty characters', c.d * 1.5, "
           "CAST('2020-02-29' AS DATE) FROM " +
           ten + " a, " + ten + " b, " + ten + " c, " + ten + " d, " + ten + " e";
}

double microseconds(Clock::duration time) {
    return std::chrono::duration<double, std::micro>(time).count();
}

class Bench {
public:
    Bench(Clock::duration each, bool json, std::ostream& progress, std::ostream& out)
        : each_(each), json_(json), progress_(progress), out_(out) {}

    /// Does it again and again, three times at least.
    void times(const std::string& what, const std::function<void()>& once) {
        progress_ << "measuring: " << what << "\n" << std::flush;
        std::vector<double> samples;
        const Clock::time_point end = Clock::now() + each_;
        do {
            const Clock::time_point begin = Clock::now();
            once();
            samples.push_back(microseconds(Clock::now() - begin));
        } while (samples.size() < 3 || Clock::now() < end);
        const double median = quantile(samples, 0.5), slow = quantile(samples, 0.99);
        answer_.push_back({{"what", what},
                           {"median_us", std::round(median * 10) / 10},
                           {"p99_us", std::round(slow * 10) / 10},
                           {"count", samples.size()}});
    }

    void rate(const std::string& what, const std::function<std::size_t()>& once) {
        progress_ << "measuring: " << what << "\n" << std::flush;
        std::size_t count = 0;
        const Clock::time_point begin = Clock::now();
        do count += once();
        while (Clock::now() < begin + each_);
        const double seconds = microseconds(Clock::now() - begin) / 1e6;
        answer_.push_back({{"what", what},
                           {"per_second", std::round(static_cast<double>(count) / seconds)},
                           {"count", count}});
    }

    void print() {
        if (json_) {
            out_ << answer_.dump(2) << "\n";
            return;
        }
        char line[160];
        for (const Json& row : answer_) {
            const std::string what = row["what"];
            if (row.contains("per_second"))
                std::snprintf(line, sizeof line, "%-44s %12.0f a second\n", what.c_str(),
                              row["per_second"].get<double>());
            else
                std::snprintf(line, sizeof line, "%-44s %10.3f ms, 99 %% below %.3f ms\n",
                              what.c_str(), row["median_us"].get<double>() / 1000,
                              row["p99_us"].get<double>() / 1000);
            out_ << line;
        }
    }

private:
    const Clock::duration each_;
    const bool json_;
    std::ostream& progress_;
    std::ostream& out_;
    Json answer_ = Json::array();
};

}  // namespace

double quantile(std::vector<double>& samples, double part) {
    if (samples.empty()) return 0;
    std::ranges::sort(samples);
    const auto at = static_cast<std::size_t>(part * static_cast<double>(samples.size()));
    return samples[std::min(at, samples.size() - 1)];
}

void bench(const std::string& data_source, bool farm, std::chrono::seconds time, bool json,
           std::ostream& progress, std::ostream& out) {
    Bench bench(Clock::duration(time) / 5, json, progress, out);
    bench.times("connect and disconnect", [&] { ManagerConnection connection(data_source); });
    ManagerConnection connection(data_source);
    bench.times("round trip (SELECT 1)", [&] { connection.run("SELECT 1"); });
    const std::string many = rows_out_of_nothing();
    bench.rate("rows of 4 columns, one by one", [&] { return connection.run(many); });
    bench.rate("rows of 4 columns, 1000 at once", [&] { return connection.run(many, 1000); });
    if (farm) {
        bool reads = false;
        bench.times("move between primary and secondary", [&] {
            reads = !reads;
            connection.run(std::string("CALL fabric.set_property('Mode', '") +
                           (reads ? "READONLY" : "READWRITE") + "')");
            connection.run("SELECT 1");
        });
    }
    bench.print();
}

}  // namespace myfabric::setup

#include "router/destination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "unit/router/scripted_farm.h"

namespace myfabric::router {
namespace {

using topology::Mode;
using topology::Server;
using topology::Status;
using topology::Target;
using topology::Topology;

Server on(unsigned port, Status status) {
    Server made = server("g", "db", status);
    made.port = port;
    return made;
}

TEST(Serving, GoesByTheSnapshot) {
    const Server primary = on(1, Status::primary), secondary = on(2, Status::secondary),
                 faulty = on(1, Status::faulty), spare = on(1, Status::spare),
                 other = on(2, Status::primary);
    Server contested = faulty;
    contested.contested = true;
    const struct {
        const char* name;
        std::vector<Server> listed;
        Mode mode;
        Serving expected;  // db:1
    } samples[] = {
        {"it is the primary", {primary, secondary}, Mode::read_write, Serving::yes},
        {"another is the primary", {other}, Mode::read_write, Serving::no},
        {"the first of two primaries", {primary, other}, Mode::read_write, Serving::yes},
        {"the second of two primaries", {other, primary}, Mode::read_write, Serving::no},
        {"faulty, and another is the primary", {faulty, other}, Mode::read_write, Serving::no},
        {"a failover is going on, listed", {faulty}, Mode::read_write, Serving::still_listed},
        {"another one takes writes, too", {contested}, Mode::read_write, Serving::no},
        {"a failover is going on, gone", {secondary}, Mode::read_write, Serving::no},
        {"reads go to a primary, too", {primary, secondary}, Mode::read_only, Serving::yes},
        {"reads go to a secondary",
         {other, on(1, Status::secondary)},
         Mode::read_only,
         Serving::yes},
        {"reads do not go to a faulty server", {faulty, other}, Mode::read_only, Serving::no},
        {"reads do not go to a spare", {spare, other}, Mode::read_only, Serving::no},
        {"nobody is listed", {}, Mode::read_write, Serving::no},
    };
    for (const auto& sample : samples) {
        Topology snapshot;
        snapshot.groups["g"] = sample.listed;
        EXPECT_EQ(sample.expected, serving(snapshot, "g", sample.mode, "db:1")) << sample.name;
    }
    EXPECT_EQ(Serving::unknown, serving({}, "g", Mode::read_write, "db:1"));
}

TEST(AutomaticMode, SendsPlainReadsToSecondaries) {
    const struct {
        const char* name;
        bool plain_read, autocommit, in_transaction, state_at_home;
        Mode expected;
    } samples[] = {
        {"a plain read", true, true, false, false, Mode::read_only},
        {"a write", false, true, false, false, Mode::read_write},
        {"a read that would begin a transaction", true, false, false, false, Mode::read_write},
        {"a read in a transaction", true, true, true, false, Mode::read_write},
        {"a read that may need temporary tables", true, true, false, true, Mode::read_write},
    };
    for (const auto& sample : samples) {
        Purpose purpose;
        purpose.plain_read = sample.plain_read;
        EXPECT_EQ(sample.expected, automatic_mode(purpose, sample.autocommit, sample.in_transaction,
                                                  sample.state_at_home))
            << sample.name;
    }
}

Topology two_groups() {
    Topology topology;
    topology.groups["g"] = {on(1, Status::primary), on(2, Status::secondary)};
    topology.groups["other"] = {server("other", "db3", Status::primary)};
    return topology;
}

Target of(const char* group, Mode mode = Mode::read_write) {
    Target target;
    target.group = group;
    target.mode = mode;
    return target;
}

TEST(Decide, ByTargetSnapshotAndTheSessionThatIsThere) {
    using Kind = Decision::Kind;
    Topology moved = two_groups();
    moved.groups["g"] = {on(2, Status::primary), on(1, Status::secondary)};
    Topology failing = two_groups();
    failing.groups["g"] = {on(1, Status::faulty), on(2, Status::secondary)};
    Topology empty;
    const Standing idle{{"g", {}, Mode::read_write}, "db:1", false};
    const Standing busy{{"g", {}, Mode::read_write}, "db:1", true};
    const struct {
        const char* name;
        Topology snapshot;
        Target target;
        bool elsewhere;
        Standing standing;
        Kind expected;
    } samples[] = {
        {"nothing changed", two_groups(), of("g"), false, idle, Kind::stay},
        {"another target, the same server", two_groups(), of("g"), true, busy, Kind::stay},
        {"another group", two_groups(), of("other"), true, idle, Kind::go},
        {"another group in a transaction", two_groups(), of("other"), true, busy, Kind::refuse},
        {"another mode", two_groups(), of("g", Mode::read_only), true, idle, Kind::go},
        {"another mode in a transaction", two_groups(), of("g", Mode::read_only), true, busy,
         Kind::refuse},
        {"the primary moved", moved, of("g"), false, idle, Kind::go},
        {"the primary moved in a transaction", moved, of("g"), false, busy, Kind::lost},
        {"a failover is going on", failing, of("g"), false, idle, Kind::stay},
        {"the same, for a new target", failing, of("g"), true, idle, Kind::go},
        {"the farm lost its memory in a transaction", empty, of("g"), false, busy, Kind::as_it_is},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(
            sample.expected,
            decide(sample.snapshot, sample.target, sample.elsewhere, "", sample.standing).kind)
            << sample.name;
    EXPECT_THROW(decide(empty, of("g"), false, "", idle), Error);
    EXPECT_THROW(decide(empty, of("g"), true, "", busy), Error);
}

TEST(LeadsAway, ComparesGroupAndMode) {
    const struct {
        const char* name;
        Target target, home;
        bool expected;
    } samples[] = {
        {"the same", of("g"), of("g"), false},
        {"another group", of("other"), of("g"), true},
        {"another mode", of("g", Mode::read_only), of("g"), true},
        {"the mode that AUTO has", of("g"), of("g", Mode::automatic), false},
        {"one that it does not have", of("g", Mode::read_only), of("g", Mode::automatic), true},
    };
    for (const auto& sample : samples)
        EXPECT_EQ(sample.expected, leads_away(two_groups(), sample.target, sample.home, ""))
            << sample.name;
}

TEST(Course, TellsWhenTheTargetIsAnother) {
    Course course;
    EXPECT_TRUE(course.aim({}, of("g"), Mode::read_write));
    course.reached();
    EXPECT_FALSE(course.aim({}, of("g"), Mode::read_write));
    const Target hinted = of("other");
    Purpose with_hint;
    with_hint.target = &hinted;
    EXPECT_TRUE(course.aim(with_hint, of("g"), Mode::read_write));
    EXPECT_FALSE(course.aim({}, of("g"), Mode::read_write)) << "back before anything moved";
    EXPECT_TRUE(course.aim({}, of("g"), Mode::read_only));
    course.reached();
    course.target_changed = true;
    EXPECT_FALSE(course.aim({}, of("g"), Mode::read_only)) << "set to what it was";
}

}  // namespace
}  // namespace myfabric::router

#include "router/failover.h"

#include <gtest/gtest.h>

namespace myfabric::router {
namespace {

struct Sample {
    const char* name;
    Failure failure;
    Situation situation;
    Next expected;
};

constexpr Situation idle_farm = [] {
    Situation situation;
    situation.farm = true;
    return situation;
}();

constexpr Situation with(Situation base, auto&& change) {
    change(base);
    return base;
}

const Sample samples[] = {
    {"an error of the statement is its own", {Cause::statement}, idle_farm, Next::raise},
    {"a refused login is told", {Cause::denied}, idle_farm, Next::raise},
    {"read, link lost",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.effect = Effect::read; }),
     Next::retry},
    {"write that was not sent", {Cause::link_lost, true}, idle_farm, Next::retry},
    {"write without an answer", {Cause::link_lost}, idle_farm, Next::outcome_unknown},
    {"plain DML with autocommit off went with the link",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.implicitly_rolled_back = true; }),
     Next::retry},
    {"inside a transaction",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.in_transaction = true; }),
     Next::transaction_lost},
    {"read inside a transaction",
     {Cause::link_lost},
     with(idle_farm,
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::read;
          }),
     Next::transaction_lost},
    {"COMMIT in flight",
     {Cause::link_lost},
     with(idle_farm,
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::commit;
          }),
     Next::commit_unknown},
    {"COMMIT that was not sent",
     {Cause::link_lost, true},
     with(idle_farm,
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::commit;
          }),
     Next::transaction_lost},
    {"COMMIT of nothing",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.effect = Effect::commit; }),
     Next::done},
    {"ROLLBACK has come about",
     {Cause::link_lost},
     with(idle_farm,
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::rollback;
          }),
     Next::done},
    {"temporary tables are not lost silently",
     {Cause::link_lost},
     with(idle_farm,
          [](auto& s) {
              s.effect = Effect::read;
              s.unrestorable = true;
          }),
     Next::state_lost},
    {"write on a demoted primary", {Cause::read_only}, idle_farm, Next::retry},
    {"write on a node that is not ready", {Cause::not_ready}, idle_farm, Next::retry},
    {"demoted inside a transaction",
     {Cause::read_only},
     with(idle_farm, [](auto& s) { s.in_transaction = true; }),
     Next::transaction_lost},
    {"a single read-only server stays so",
     {Cause::read_only},
     with(idle_farm, [](auto& s) { s.farm = false; }),
     Next::raise},
    {"a single server is connected again",
     {Cause::link_lost, true},
     with(idle_farm, [](auto& s) { s.farm = false; }),
     Next::retry},
    {"text COMMIT, BEGIN, DDL or autocommit=1 in flight",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.in_transaction = s.may_commit = true; }),
     Next::commit_unknown},
    {"the same, not sent",
     {Cause::link_lost, true},
     with(idle_farm, [](auto& s) { s.in_transaction = s.may_commit = true; }),
     Next::transaction_lost},
    {"a transaction that wrote to an engine without transactions",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.in_transaction = s.untransactional = true; }),
     Next::outcome_unknown},
    {"a write without an answer is unknown, whatever else was lost",
     {Cause::link_lost},
     with(idle_farm, [](auto& s) { s.unrestorable = true; }),
     Next::outcome_unknown},
    {"CALL outside of a transaction on a demoted primary: a part may have run",
     {Cause::read_only},
     with(idle_farm, [](auto& s) { s.in_parts = true; }),
     Next::outcome_unknown},
    {"CALL in a transaction on a demoted primary",
     {Cause::read_only},
     with(idle_farm, [](auto& s) { s.in_parts = s.in_transaction = true; }),
     Next::outcome_unknown},
    {"ROLLBACK refused by a node that is not ready",
     {Cause::not_ready},
     with(idle_farm,
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::rollback;
          }),
     Next::done},
    {"ROLLBACK refused by a single server that became read-only",
     {Cause::read_only},
     with(Situation{},
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::rollback;
          }),
     Next::done},
    {"COMMIT refused: rolled back",
     {Cause::read_only},
     with(idle_farm,
          [](auto& s) {
              s.in_transaction = true;
              s.effect = Effect::commit;
          }),
     Next::transaction_lost},
    {"temporary tables do not make an interrupted statement a lost one",
     {Cause::interrupted},
     with(idle_farm, [](auto& s) { s.unrestorable = true; }),
     Next::raise},
    {"a full server is no lost one", {Cause::turned_away}, idle_farm, Next::raise},
};

TEST(NextStep, FollowsTheFailureTable) {
    for (const Sample& sample : samples)
        EXPECT_EQ(sample.expected, next_step(sample.failure, sample.situation)) << sample.name;
}

}  // namespace
}  // namespace myfabric::router

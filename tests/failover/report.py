"""The numbers of a run: what was reported, how long there was no service, and what was violated."""

import bisect
import collections
import statistics

from judge import OK, UNKNOWN, Violation

# Single statements in autocommit by clients that do not pause: the measure of service.
MEASURED = ("insert", "count")
NOT_MEASURED = ("idle", "late", "array", "several")
PLANNED = "planned switchover"
TITLES = ("without service, s", "new primary shown", "first success then")
TTL = 1.0
LATE = TTL + 3.0  # seconds after the new primary was shown: TTL, and what a busy machine may add


def is_measure(attempt):
    slow = any(f"-{word}" in attempt.worker for word in NOT_MEASURED)
    return attempt.kind in MEASURED and not slow


def successes(attempts):
    """group -> worker -> sorted times at which its statements succeeded."""
    times = collections.defaultdict(lambda: collections.defaultdict(list))
    for attempt in attempts:
        if attempt.outcome == OK and is_measure(attempt):
            times[attempt.group][attempt.worker].append(attempt.ended)
    for workers in times.values():
        for ends in workers.values():
            ends.sort()
    return times


def without_service(ends, cases):
    """For each case, in the order of their beginning, the longest time between two successes of one
    client. A time that reaches into several cases counts for the first of them."""
    longest = [0.0] * len(cases)
    at = 0
    for before, after in zip(ends, ends[1:]):
        while at < len(cases) and cases[at].ended < before:
            at += 1
        if at < len(cases) and cases[at].began <= after:
            longest[at] = max(longest[at], after - before)
    return longest


def first_after(ends, moment):
    at = bisect.bisect_right(ends, moment)
    return ends[at] if at < len(ends) else None


def late(attempts, cases):
    """Statements that still waited for a replaced server when the new one had long been shown."""
    found = []
    moves = [case for case in cases if case.shown]
    # One for each statement: an array has as many attempts as sets.
    for attempt in {(one.worker, one.began): one for one in attempts}.values():
        for case in moves:
            if (
                attempt.home == case.group
                and attempt.began < case.shown
                and attempt.ended > case.shown + LATE
            ):
                text = (
                    f"{attempt.kind} {attempt.describe()}: began "
                    f"{case.shown - attempt.began:.2f} s before the new primary was shown, "
                    f"ended {attempt.ended - case.shown:.2f} s after it ({case.name})"
                )
                found.append(Violation("hung", text, case.group, attempt.ended))
    return found


def mistakes(attempts):
    """Statements that no server can run: then the clients prove nothing. One text for each kind."""
    wrong = {
        f"{attempt.kind} of {attempt.worker}": attempt.text
        for attempt in attempts
        if attempt.state.startswith(("42", "07", "HYC"))
    }
    return [f"{name}: {text}" for name, text in wrong.items()]


def failed_at_switchovers(attempts, cases):
    """Single statements in autocommit that did not succeed while a primary was replaced by plan."""
    planned = [case for case in cases if case.name == PLANNED]
    return [
        attempt
        for attempt in attempts
        if is_measure(attempt)
        and attempt.outcome != OK
        and any(
            attempt.group == case.group and case.began <= attempt.ended <= case.ended
            for case in planned
        )
    ]


class Report:
    def __init__(self, kind, seed, attempts, cases, violations, failures):
        self.kind = kind
        self.seed = seed
        self.cases = cases
        self.violations = violations
        self.failures = failures
        self.statements = sum(attempt.kind != "connect" for attempt in attempts)
        self.outcomes = collections.Counter(attempt.outcome for attempt in attempts)
        self.states = collections.Counter(
            f"{attempt.kind} {attempt.state}" for attempt in attempts if attempt.state
        )
        failed = failed_at_switchovers(attempts, cases)
        self.failed_at_switchovers = len(failed)
        self.told_at_switchovers = [
            f"{one.kind} {one.describe()}: {one.state} {one.text}" for one in failed
        ]
        self.longest = max((one.ended - one.began for one in attempts if one.ended), default=0.0)
        self.rows = self._measure(successes(attempts))

    @property
    def good(self):
        return bool(self.cases) and not self.violations and not self.failures

    def _measure(self, times):
        """fault -> lists of times: without service, until the new primary was shown, and from then
        until every client had gone on."""
        rows = {}
        self.slowest = []
        self.cases.sort(key=lambda case: case.began)
        gap_of = {}
        for group, workers in times.items():
            cases = [case for case in self.cases if case.group == group]
            measured = [without_service(ends, cases) for ends in workers.values()]
            for case, longest in zip(cases, zip(*measured)):
                gap_of[id(case)] = max(longest)
        for case in self.cases:
            workers = times[case.group]
            gaps, shown, resumed = rows.setdefault(case.name, ([], [], []))
            gaps.append(gap_of.get(id(case), 0.0))
            if case.shown:
                shown.append(case.shown - case.began)
                firsts = {
                    name: first - case.shown
                    for name, ends in workers.items()
                    if (first := first_after(ends, case.shown))
                }
                last = max(firsts, key=firsts.get, default=None)
                resumed.append(firsts.get(last, 0))
                self.slowest.append((case, last, firsts.get(last, 0)))
        return rows

    def fault_of(self, violation):
        """The fault during which, or just after which, the client was told."""
        before = [
            case
            for case in self.cases
            if case.began <= violation.at and violation.group in (case.group, "")
        ]
        return max(before, key=lambda case: case.began).name if before and violation.at else ""

    def as_dictionary(self):
        return {
            "farm": self.kind,
            "seed": self.seed,
            "faults": len(self.cases),
            "statements": self.statements,
            "unknown": self.outcomes[UNKNOWN],
            "outcomes": dict(self.outcomes),
            "states": dict(self.states),
            "failed_at_planned_switchovers": self.failed_at_switchovers,
            "told_at_planned_switchovers": self.told_at_switchovers,
            "longest_call": round(self.longest, 3),
            "failures": self.failures,
            "violations": [
                {
                    "kind": one.kind,
                    "group": one.group,
                    "fault": self.fault_of(one),
                    "text": one.text,
                }
                for one in self.violations
            ],
            "moves": [
                {
                    "fault": case.name,
                    "group": case.group,
                    "shown": round(case.shown, 3),
                    "last_client": last,
                    "resumed": round(after, 3),
                }
                for case, last, after in self.slowest
            ],
            "service": {
                name: {
                    "faults": len(gaps),
                    "without_service": summary(gaps),
                    "shown": summary(shown),
                    "resumed_after_shown": summary(resumed),
                }
                for name, (gaps, shown, resumed) in self.rows.items()
            },
        }

    def as_text(self):
        lines = [
            f"{self.kind}, seed {self.seed}: {len(self.cases)} faults, "
            f"{self.statements} statements, {self.outcomes[UNKNOWN]} unknown outcomes, "
            f"{len(self.violations)} violations",
            "",
            f"{'':42}{'':>7}" + "".join(f"{title:>20}" for title in TITLES),
            f"{'fault':42}{'number':>7}" + f"{'median   worst':>20}" * len(TITLES),
        ]
        for name, (gaps, shown, resumed) in sorted(self.rows.items()):
            lines.append(
                f"{name:42}{len(gaps):7}{cell(gaps):>20}{cell(shown):>20}{cell(resumed):>20}"
            )
        told = [f"{state} {count}" for state, count in sorted(self.states.items())]
        lines += ["", f"errors reported: {', '.join(told) or 'none'}"]
        lines.append(f"longest call: {self.longest:.2f} s")
        if PLANNED in self.rows:
            lines.append(f"statements that failed at planned switchovers: {self.failed_at_switchovers}")
            lines += [f"    {text}" for text in self.told_at_switchovers]
        lines += self.told_violations()
        lines += [f"FAILURE of the harness: {failure}" for failure in self.failures]
        return "\n".join(lines)

    def told_violations(self, each=3):
        """A few of each kind and fault, and how many more there are."""
        alike = collections.defaultdict(list)
        for violation in self.violations:
            alike[violation.kind, self.fault_of(violation)].append(violation)
        lines = []
        for (kind, fault), found in alike.items():
            lines.append(f"VIOLATION {kind}, {len(found)} times{f', {fault}' if fault else ''}")
            lines += [f"    {one.group}: {one.text}" for one in found[:each]]
        return lines


def summary(values):
    if not values:
        return None
    return {"median": round(statistics.median(values), 3), "worst": round(max(values), 3)}


def cell(values):
    return f"{statistics.median(values):6.2f}  {max(values):6.2f}" if values else ""

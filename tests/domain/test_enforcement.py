"""What reports say of a gateway, and what of it is an alarm."""

from datetime import timedelta

import pytest

from consent.domain.enforcement import Alarm, Count, Process, standing, unchecked
from consent.domain.reports import Report, counts_in
from consent.domain.vocabulary import ALLOWING, Reason
from tests.factories import NOW
from tests.vectors.checks import CASES


def process(heard_ago=1, lag=0.2, **changes):
    """Return a process heard of some seconds ago, which lagged behind then."""
    heard_at = NOW - timedelta(seconds=heard_ago)
    as_of = None if lag is None else heard_at - timedelta(seconds=lag)
    return Process("edge", "0" * 32, heard_at, as_of, 0, closed=False)._replace(
        **changes
    )


def counted(days_ago, times, outcome="granted"):
    """Return a count for analytics."""
    day = NOW.date() - timedelta(days=days_ago)
    return Count("edge", day, "analytics", outcome, times)


def alarms(processes=(), counts=()):
    """Return what is raised."""
    return [one.alarm for one in standing("edge", processes, counts, NOW).alarms]


@pytest.mark.parametrize(
    ("one", "raised"),
    [
        (process(heard_ago=59, lag=29), []),
        (process(heard_ago=61), [Alarm.SILENT]),
        (process(lag=61), [Alarm.STOPPED_FOLLOWING]),
        (process(lag=None), [Alarm.STOPPED_FOLLOWING]),
        (process(lag=31), [Alarm.FAR_BEHIND]),
        (process(heard_ago=61, closed=True), []),
        (process(lag=-5), []),
    ],
)
def test_who_stopped_or_lags_is_an_alarm_and_who_ended_is_none(one, raised):
    assert alarms([process(), one]) == raised


def test_several_processes_are_one_alarm_that_counts_them():
    (raised,) = standing("edge", [process(61), process(99), process()], [], NOW).alarms

    assert raised.detail == "2 of 3 processes: not heard of for 60 seconds"


@pytest.mark.parametrize(
    ("counts", "raised"),
    [
        ([counted(0, 5), counted(0, 5, "forwarded")], []),
        ([counted(0, 5), counted(0, 6, "forwarded")], [Alarm.UNCHECKED]),
        ([counted(0, 9, "withdrawn"), counted(0, 1, "forwarded")], [Alarm.UNCHECKED]),
        ([counted(1, 5), counted(1, 6, "forwarded")], [Alarm.UNCHECKED]),
        ([counted(1, 5), counted(0, 5, "forwarded")], []),
        ([counted(2, 5), counted(0, 5, "forwarded")], [Alarm.UNCHECKED]),
        ([counted(2, 5), counted(2, 9, "forwarded")], []),
    ],
)
def test_more_events_than_were_allowed_are_an_alarm(counts, raised):
    assert alarms(counts=counts) == raised


def test_what_one_purpose_allows_covers_no_other():
    others = counted(0, 9)._replace(purpose="marketing")

    assert alarms(counts=[others, counted(0, 1, "forwarded")]) == [Alarm.UNCHECKED]


def test_sums_are_those_of_today_and_of_seven_days():
    outcomes = ["granted", "withdrawn", "forwarded"]
    counts = [counted(ago, 1, word) for ago in (0, 6, 7) for word in outcomes]

    (work,) = standing("edge", [], counts, NOW).work

    assert (work.today.checked, work.week.checked) == (2, 4)
    assert (work.week.allowed, work.week.forwarded) == (2, 2)
    assert work.week.denied == {"withdrawn": 2}


def test_nothing_is_missing_where_nothing_was_counted():
    assert unchecked([]) == 0


def test_reasons_that_allow_are_those_of_the_rule():
    assert {case["reason"] for case in CASES if case["allowed"]} == ALLOWING


def test_a_purpose_that_the_site_never_had_is_not_named():
    report = Report(
        instance="0" * 32,
        sequence=1,
        decided={"analytics": {Reason.GRANTED: 2}, "visitor-4711": {Reason.UNKNOWN: 1}},
        forwarded={"visitor-4712": 1, "visitor-4713": 2},
    )

    assert counts_in(report, {"analytics"}) == {
        ("analytics", "granted"): 2,
        ("", "unknown"): 1,
        ("", "forwarded"): 3,
    }

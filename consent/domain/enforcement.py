"""Whether gateways enforce what was chosen, told from what they report."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from consent.domain.tallies import FORWARDED
from consent.domain.vocabulary import ALLOWING

DAYS = 7
STOPPED_SECONDS = 60
FAR_BEHIND_SECONDS = 30
_DAY = timedelta(days=1)


class Process(NamedTuple):
    """What was heard last of one process of a gateway.

    It follows the ledger as of `as_of`, and lacked `behind` entries of it then.
    """

    gateway: str
    instance: str
    heard_at: datetime
    as_of: datetime | None
    behind: int | None
    closed: bool

    @property
    def lag_seconds(self) -> float | None:
        """How old what it knew was when it was heard of."""
        if self.as_of is None:
            return None
        return max(0.0, (self.heard_at - self.as_of).total_seconds())


class Count(NamedTuple):
    """How often something came out for a purpose on one day (UTC)."""

    gateway: str
    day: date
    purpose: str
    outcome: str
    times: int


class Totals(msgspec.Struct, frozen=True):
    """How often was decided, and how; `forwarded` are events that were passed on."""

    checked: int
    allowed: int
    denied: dict[str, int]
    forwarded: int


class Work(msgspec.Struct, frozen=True):
    """What a gateway did for one purpose."""

    purpose: str
    today: Totals
    week: Totals


class Alarm(StrEnum):
    """What an operator has to look at."""

    SILENT = "silent"
    STOPPED_FOLLOWING = "stopped_following"
    FAR_BEHIND = "far_behind"
    UNCHECKED = "unchecked"


class Raised(msgspec.Struct, frozen=True):
    """An alarm, and what of it."""

    alarm: Alarm
    detail: str


class Standing(msgspec.Struct, frozen=True):
    """Where a gateway stands: its processes that did not end, what it did, alarms.

    Of several processes, lags are those of the one that is furthest behind.
    """

    gateway: str
    processes: int
    heard_at: datetime | None
    lag_seconds: float | None
    behind: int | None
    work: list[Work]
    alarms: list[Raised]


def standing(
    gateway: str, processes: Iterable[Process], counts: Iterable[Count], now: datetime
) -> Standing:
    """Return where one gateway stands by what it reported."""
    running = [one for one in processes if not one.closed]
    counted = list(counts)
    lags = [lag for one in running if (lag := one.lag_seconds) is not None]
    return Standing(
        gateway=gateway,
        processes=len(running),
        heard_at=max((one.heard_at for one in running), default=None),
        lag_seconds=max(lags, default=None),
        behind=max(
            (n for one in running if (n := one.behind) is not None), default=None
        ),
        work=list(_work(counted, now.date())),
        alarms=[*_about_following(running, now), *_unchecked(counted, now.date())],
    )


def totals(counts: Iterable[Count]) -> Totals:
    """Return the sums of counts."""
    sums: Counter[str] = Counter()
    for one in counts:
        sums[one.outcome] += one.times
    forwarded = sums.pop(FORWARDED, 0)
    return Totals(
        checked=sums.total(),
        allowed=sum(sums[reason] for reason in ALLOWING),
        denied={word: n for word, n in sums.most_common() if word not in ALLOWING},
        forwarded=forwarded,
    )


def unchecked(days: Sequence[Totals]) -> int:
    """Return how many events were certainly passed on without being allowed.

    What was allowed on one day may be passed on the day after, so the first day only
    counts for that.
    """
    missing = spare = 0
    for place, day in enumerate(days):
        balance = spare + day.allowed - day.forwarded
        missing += max(0, -balance) if place else 0
        spare = max(0, day.allowed - day.forwarded)
    return missing


def _work(counts: Sequence[Count], today: date) -> Iterable[Work]:
    for purpose in sorted({one.purpose for one in counts}):
        week = [
            one
            for one in counts
            if one.purpose == purpose and today - one.day < DAYS * _DAY
        ]
        yield Work(
            purpose, totals(one for one in week if one.day == today), totals(week)
        )


def _unchecked(counts: Sequence[Count], today: date) -> Iterable[Raised]:
    """Tell of today and yesterday, so that who looks once a day misses nothing."""
    days = [today - 2 * _DAY, today - _DAY, today]
    for purpose in sorted({one.purpose for one in counts}):
        mine = [one for one in counts if one.purpose == purpose]
        by_day = [totals(one for one in mine if one.day == day) for day in days]
        if times := unchecked(by_day):
            what = (
                f"passed on for {purpose or 'an unknown purpose'} without being allowed"
            )
            yield Raised(Alarm.UNCHECKED, f"events {what}: {times:,}")


def _about_following(running: Sequence[Process], now: datetime) -> Iterable[Raised]:
    alarms = Counter(filter(None, (_alarm_of(one, now) for one in running)))
    details = {
        Alarm.SILENT: f"not heard of for {STOPPED_SECONDS} seconds",
        Alarm.STOPPED_FOLLOWING: f"not followed for {STOPPED_SECONDS} seconds",
        Alarm.FAR_BEHIND: f"more than {FAR_BEHIND_SECONDS} seconds behind",
    }
    for alarm, times in alarms.items():
        detail = f"{times} of {len(running)} processes: {details[alarm]}"
        yield Raised(alarm, detail)


def _alarm_of(process: Process, now: datetime) -> Alarm | None:
    if now - process.heard_at > timedelta(seconds=STOPPED_SECONDS):
        return Alarm.SILENT
    lag = process.lag_seconds
    if lag is None or lag > STOPPED_SECONDS:
        return Alarm.STOPPED_FOLLOWING
    return Alarm.FAR_BEHIND if lag > FAR_BEHIND_SECONDS else None

"""What a gateway reports: how often, for what and why it decided; never for whom."""

from collections import Counter
from collections.abc import Container
from typing import Annotated

import msgspec
from msgspec import Meta

from consent.domain.declared import Key, matching
from consent.domain.tallies import FORWARDED, UNNAMED, Batch
from consent.domain.vocabulary import Reason

MAX_PURPOSES = 200
GatewayName = Key
Instance = Annotated[str, matching(r"[0-9a-f]{32}")]
PurposeName = Annotated[str, matching(r"([a-z][a-z0-9-]{0,31})?")]
Times = Annotated[int, Meta(ge=1, le=10**12)]
Whole = Annotated[int, Meta(ge=0, le=2**53)]
Seconds = Annotated[float, Meta(ge=0, le=2**33)]
# Schemas have no keys of a certain kind unless they are told.
Outcomes = Annotated[
    dict[Reason, Times],
    Meta(extra_json_schema={"propertyNames": {"enum": [*map(str, Reason)]}}),
]
Decided = Annotated[dict[PurposeName, Outcomes], Meta(max_length=MAX_PURPOSES)]
Forwarded = Annotated[dict[PurposeName, Times], Meta(max_length=MAX_PURPOSES)]


class Followed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a gateway follows: so many entries, as of the service's clock then."""

    size: Whole
    as_of: Seconds


class Report(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
):
    """One batch of one process.

    `instance` is random, of the process alone; a `sequence` that was taken before
    counts nothing again; `closed` says that the process may not be heard of any more.
    """

    instance: Instance
    sequence: Whole
    decided: Decided
    forwarded: Forwarded = msgspec.field(default_factory=dict)
    position: Followed | None = None
    closed: bool = False


def report_of(
    instance: str, batch: Batch, position: Followed | None, *, closed: bool
) -> Report:
    """Return the report that tells a batch."""
    return Report(
        instance=instance,
        sequence=batch.sequence,
        decided=batch.decided,
        forwarded=batch.forwarded,
        position=position,
        closed=closed,
    )


def counts_in(report: Report, purposes: Container[str]) -> dict[tuple[str, str], int]:
    """Return the counts of a report by purpose and outcome.

    A purpose that the site never had is not named: it may hold anything.
    """
    told: list[tuple[str, str, int]] = [
        (purpose, outcome, times)
        for purpose, outcomes in report.decided.items()
        for outcome, times in outcomes.items()
    ]
    told += [(purpose, FORWARDED, times) for purpose, times in report.forwarded.items()]
    counts: Counter[tuple[str, str]] = Counter()
    for purpose, outcome, times in told:
        counts[purpose if purpose in purposes else UNNAMED, str(outcome)] += times
    return counts

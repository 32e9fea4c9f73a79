"""Take in what gateways report, and tell where each stands."""

from datetime import UTC, date, datetime, timedelta

import msgspec

from consent.domain.enforcement import DAYS, Process, Standing, standing
from consent.domain.reports import Followed, GatewayName, Report, counts_in
from consent.errors import NotFound
from consent.services import apikeys
from consent.services.runtime import Runtime
from consent.store import gateways
from consent.store.ledger import SiteRow, site_row

KEPT_DAYS = 400
FORGOTTEN_AFTER = timedelta(days=1)
"""After this long a process is not looked for any more, and its counts remain."""


def hear(
    runtime: Runtime, site: str, gateway: str, report: Report, key: str | None
) -> None:
    """Take in a report, once; `key` is the API key shown.

    Raises UnknownSite, InvalidApiKey, Unavailable, and NotFound for a name that no
    gateway may have.
    """
    apikeys.require(runtime, site, key)
    try:
        msgspec.convert(gateway, GatewayName)
    except msgspec.ValidationError as exc:
        raise NotFound(f"no gateway is named {gateway!r}") from exc
    take(runtime, site, gateway, report)


def take(runtime: Runtime, site: str, gateway: str, report: Report) -> None:
    """Take in a report, once; raises UnknownSite, Unavailable."""
    state, now = runtime.follower.state(site), runtime.clock.now()
    purposes = {one for terms in state.terms.values() for one in terms.purposes}
    with runtime.database.writing() as connection:
        row = site_row(connection, site)
        process = _process(row, gateway, report, now)
        if gateways.hear(connection, row, process, report.sequence):
            counts = counts_in(report, purposes)
            gateways.add(connection, row, gateway, now.date(), counts)


def standings(runtime: Runtime, site: str) -> list[Standing]:
    """Return where each gateway of a site stands, by name; raises UnknownSite."""
    now = runtime.clock.now()
    with runtime.database.reading() as connection:
        row = site_row(connection, site)
        processes = gateways.processes(connection, row)
        counts = gateways.counts(connection, row, _days_ago(now, DAYS - 1))
    names = {one.gateway for one in processes} | {one.gateway for one in counts}
    return [
        standing(
            name,
            [one for one in processes if one.gateway == name],
            [one for one in counts if one.gateway == name],
            now,
        )
        for name in sorted(names)
    ]


def forget(runtime: Runtime) -> None:
    """Remove what was reported long ago; raises Unavailable."""
    now = runtime.clock.now()
    with runtime.database.writing() as connection:
        gateways.forget(connection, now - FORGOTTEN_AFTER, _days_ago(now, KEPT_DAYS))


def _days_ago(now: datetime, days: int) -> date:
    return now.date() - timedelta(days=days)


def _process(row: SiteRow, gateway: str, report: Report, now: datetime) -> Process:
    position = report.position
    return Process(
        gateway=gateway,
        instance=report.instance,
        heard_at=now,
        as_of=_as_of(position),
        behind=max(0, row.size - position.size) if position else None,
        closed=report.closed,
    )


def _as_of(position: Followed | None) -> datetime | None:
    return datetime.fromtimestamp(position.as_of, UTC) if position else None

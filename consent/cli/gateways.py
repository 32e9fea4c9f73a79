"""What gateways report, and what about it needs a look."""

import sys
from collections.abc import Sequence
from datetime import datetime

import click
import msgspec
from rich.table import Table

from consent.cli.opening import opened
from consent.cli.printing import print_table
from consent.domain.enforcement import Standing, Totals
from consent.services import gateways as reported


@click.command()
@click.argument("site")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def gateways(site: str, *, as_json: bool) -> None:
    """List the gateways of a site, what they did, and alarms.

    Exits with 1 if there is an alarm. See docs/enforcement.md.
    """
    with opened() as runtime:
        found = reported.standings(runtime, site)
        now = runtime.clock.now()
    if as_json:
        click.echo(msgspec.json.encode(found))
    else:
        _show(found, now)
    if any(one.alarms for one in found):
        sys.exit(1)


def _show(found: Sequence[Standing], now: datetime) -> None:
    if not found:
        click.echo("No gateway has reported.")
        return
    print_table(_following(found, now))
    print_table(_work(found))
    for one in found:
        for raised in one.alarms:
            click.echo(f"alarm: {one.gateway}: {raised.alarm}: {raised.detail}")


def _following(found: Sequence[Standing], now: datetime) -> Table:
    table = Table("gateway", "processes", "last heard", "lag", "entries behind")
    for one in found:
        ago = (now - one.heard_at).total_seconds() if one.heard_at else None
        behind = "" if one.behind is None else f"{one.behind:,}"
        lags = (_seconds(ago), _seconds(one.lag_seconds), behind)
        table.add_row(one.gateway, str(one.processes), *lags)
    return table


def _work(found: Sequence[Standing]) -> Table:
    table = Table(
        "gateway", "purpose", "days", "checked", "allowed", "forwarded", "denied"
    )
    for one in found:
        for work in one.work:
            purpose = work.purpose or "(unknown)"
            for days, totals in (("today", work.today), ("7 days", work.week)):
                table.add_row(one.gateway, purpose, days, *_numbers(totals))
    return table


def _numbers(totals: Totals) -> list[str]:
    numbers = (totals.checked, totals.allowed, totals.forwarded)
    denied = ", ".join(f"{reason} {n:,}" for reason, n in totals.denied.items())
    return [*(f"{number:,}" for number in numbers), denied or "none"]


def _seconds(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds:,.1f} s"

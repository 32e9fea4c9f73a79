"""Purge the contents of records whose term and proof period are over."""

from contextlib import suppress
from datetime import datetime, timedelta

from consent.domain.removals import Purge
from consent.errors import UnknownRecord
from consent.services.progress import Progress, no_progress
from consent.services.runtime import Runtime

BATCH = 5_000
"""Contents removed in one transaction: others write in between."""


def purge_line(runtime: Runtime, site: str, now: datetime) -> int:
    """Return the number below which every record served its time; raises UnknownSite.

    A term runs from a record's oldest grant, so it is over one term after the
    record at the latest; the longest term ever published counts. The proof period
    starts then.
    """
    state = runtime.follower.state(site)
    term_days = max(
        terms.term_days[regime]
        for terms in state.terms.values()
        for regime in terms.regimes.values()
    )
    proof_days = state.publication.notice.proof_days if state.publication else 0
    return runtime.ledger(site).first_since(
        now - timedelta(days=term_days + proof_days)
    )


def purge(
    runtime: Runtime,
    site: str,
    now: datetime,
    progress: Progress = no_progress,
) -> int:
    """Purge what served its time, batch by batch; return how many entries it passed.

    It can be stopped at any moment and run again.
    """
    start = done = runtime.ledger(site).purged_below()
    line = purge_line(runtime, site, now)
    for number in range(start, line, BATCH):
        below = min(number + BATCH, line)
        # Another process may have just done it, or no record is among them.
        with suppress(UnknownRecord):
            runtime.writer.append(Purge(site, below))
            done = below
        progress(below - start, line - start)
    if done > start:
        runtime.database.scrub()
    return done - start

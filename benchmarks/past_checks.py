"""How fast a file of past events is judged: `python -m benchmarks.past_checks [ROWS]`.

Makes a site with as many records as rows in a database of its own, and one event for
each record, so that no token is seen twice.
"""

import csv
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from itsdangerous.encoding import base64_encode

from consent.domain.choices import Choice
from consent.domain.entries import subject_of
from consent.domain.issuing import numbered_token
from consent.domain.notices import Notice
from consent.domain.publications import Draft
from consent.domain.terms import Terms, terms_of
from consent.domain.vocabulary import Decision, How
from consent.services.eventfiles import judge_file
from consent.services.runtime import Runtime, migrate_database
from consent.services.sitefiles import load
from consent.settings import Settings
from consent.store import writer

SITE_FILE = Path(__file__).parents[1] / "examples" / "hummingbytes.yaml"
BATCH = 5_000
STEP = timedelta(milliseconds=1)


def main() -> None:
    """Print what making the records took, and how many rows a second were judged."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with TemporaryDirectory() as folder:
        events, judged = Path(folder) / "events.csv", Path(folder) / "judged.csv"
        settings = Settings(
            database_url=f"sqlite:///{folder}/consent.sqlite3",
            token_keys=(base64_encode(secrets.token_bytes(32)).decode(),),
            checkpoint_guard=f"{folder}/checkpoints",
        )
        migrate_database(settings)
        notice = load(SITE_FILE.read_text("utf-8"), str(SITE_FILE))
        runtime = Runtime.open(settings)
        write_events(runtime, notice, rows, events)
        runtime.follower.poll()
        seconds = timed(lambda: runtime.past.history(notice.site))
        tell("history read", rows, seconds)
        seconds = timed(lambda: judge_file(runtime, notice.site, events, judged))
        tell("events judged by distinct tokens", rows, seconds)
        runtime.close()


def write_events(runtime: Runtime, notice: Notice, rows: int, target: Path) -> None:
    """Append a grant for each event, and write the event with its token."""
    at = datetime.now(UTC) - timedelta(days=1) - rows * STEP
    with target.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["event", "at", "purpose", "token"])
        with runtime.database.writing() as connection:
            draft = Draft(notice, "benchmark")
            (published,) = writer.append(connection, [draft], at).outcomes
        terms = terms_of(published)
        for first in range(0, rows, BATCH):
            now = at + first * STEP
            drafts = [grant(terms) for _ in range(min(BATCH, rows - first))]
            with runtime.database.writing() as connection:
                records = writer.append(connection, drafts, now).outcomes
            for number, record in enumerate(records, first):
                token = runtime.sign(numbered_token(record, terms))
                table.writerow([number, now.isoformat(), "analytics", token])


def grant(terms: Terms) -> Choice:
    """Return the choice of a visitor who was not there before."""
    return Choice(
        site=terms.site,
        key=secrets.token_bytes(16),
        subject=subject_of(terms.site, secrets.token_bytes(16)),
        how=How.BANNER,
        locale=terms.locales[0],
        shown=terms,
        in_force=terms,
        decisions={"analytics": Decision.GRANTED},
        vendors={},
        regime=terms.regime_in(None),
    )


def timed(work: Callable[[], object]) -> float:
    """Return how many seconds of one core a piece of work takes."""
    before = time.process_time()
    work()
    return time.process_time() - before


def tell(what: str, rows: int, seconds: float) -> None:
    """Print a rate."""
    print(f"{what}: {rows:,} in {seconds:.1f} s, {rows / seconds:,.0f}/s")  # noqa: T201


if __name__ == "__main__":
    main()

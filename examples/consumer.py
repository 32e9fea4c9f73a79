"""A queue of events whose consumer asks again at dispatch: may this be sent on now?

    python -m examples.consumer queue.sqlite add < events.jsonl
    python -m examples.consumer queue.sqlite send \\
        https://consent.example hummingbytes analytics https://collector.example/batch

Each event is a JSON object with its token in `consent_token`, which goes no further
than this queue. What is denied is dropped and counted. What nobody can tell, because
the service cannot be reached, waits; so does what the collector does not take.
"""

import argparse
import json
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import urllib3

from consent.gateway import Gateway, Reason
from consent.gateway.events import Event, judged

BATCH = 100
PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 300


class Queue:
    """Events in a SQLite file: they outlive the program, and leave once dealt with."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        # What is taken out is overwritten: nobody shall find tokens later.
        self._connection.execute("PRAGMA secure_delete = ON")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY, body TEXT)"
        )

    def add(self, events: Iterable[Event]) -> None:
        """Keep events."""
        rows = [(json.dumps(event),) for event in events]
        with self._connection as connection:
            connection.executemany("INSERT INTO event (body) VALUES (?)", rows)

    def oldest(self) -> dict[int, Event]:
        """Return a batch of the events that have waited longest, by their ids."""
        oldest = "SELECT id, body FROM event ORDER BY id LIMIT ?"
        rows = self._connection.execute(oldest, (BATCH,)).fetchall()
        return {number: json.loads(body) for number, body in rows}

    def remove(self, ids: Iterable[int]) -> None:
        """Forget events."""
        rows = [(number,) for number in ids]
        with self._connection as connection:
            connection.executemany("DELETE FROM event WHERE id = ?", rows)


class Collector:
    """Where events go, as a JSON list."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pool = urllib3.PoolManager(timeout=10, retries=False)

    def takes(self, events: list[Event]) -> bool:
        """Send events; tell whether they were taken."""
        try:
            answer = self._pool.request("POST", self._url, json=events, redirect=False)
        except (urllib3.exceptions.HTTPError, OSError):
            return False
        return 200 <= answer.status < 300


class Consumer:
    """Sends on what may be sent on at that moment; counts all by their reasons."""

    def __init__(
        self, queue: Queue, gateway: Gateway, collector: Collector, purpose: str
    ) -> None:
        self._queue = queue
        self._gateway = gateway
        self._collector = collector
        self._purpose = purpose
        self.counts: Counter[str] = Counter()

    def drain(self) -> None:
        """Deal with all that is queued, a batch after each pause, longer in trouble."""
        pause = PAUSE_SECONDS
        while batch := self._queue.oldest():
            dealt = self.dispatch(batch)
            pause = PAUSE_SECONDS if dealt else min(2 * pause, LONGEST_PAUSE_SECONDS)
            time.sleep(pause)

    def dispatch(self, batch: dict[int, Event]) -> bool:
        """Deal with a batch; False leaves it in the queue, to be asked about again.

        A crash before it is removed sends it twice: events need ids of their own.
        """
        found = judged(self._gateway, batch.values(), self._purpose)
        if any(verdict.reason is Reason.STALE for _, verdict in found):
            return False
        allowed = [event for event, verdict in found if verdict.allowed]
        if allowed and not self._collector.takes(allowed):
            return False
        self._queue.remove(batch)
        self.counts.update(verdict.reason.value for _, verdict in found)
        return True


def _events(lines: Iterable[str]) -> Iterator[Event]:
    for place, line in enumerate(lines, start=1):
        try:
            yield dict(json.loads(line))
        except (ValueError, TypeError, RecursionError) as exc:
            raise ValueError(f"line {place}: expected a JSON object") from exc


def main() -> None:
    """Add the events of standard input to a queue, or send on what is in it."""
    parser = argparse.ArgumentParser(description="Send queued events on, if allowed.")
    parser.add_argument("queue", type=Path)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("add")
    send = acts.add_parser("send")
    for name in ("service", "site", "purpose", "collector"):
        send.add_argument(name)
    asked = parser.parse_args()
    queue = Queue(asked.queue)
    if asked.act == "add":
        try:
            queue.add(_events(sys.stdin))
        except ValueError as exc:
            parser.exit(1, f"{exc}; nothing was added\n")
        return
    with Gateway(asked.service, asked.site) as gateway:
        gateway.wait()
        collector = Collector(asked.collector)
        consumer = Consumer(queue, gateway, collector, asked.purpose)
        consumer.drain()
    json.dump(consumer.counts, sys.stdout)


if __name__ == "__main__":
    main()

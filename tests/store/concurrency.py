"""Calls at the same moment, calls that have to wait, and what happens soon."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from consent.store import folds
from tests.factories import SITE

SOON_SECONDS = 10
"""How long to wait for what happens within a moment on a machine that is idle."""


def together(*calls):
    """Start calls at the same moment, a thread each; return results and errors."""
    start = threading.Barrier(len(calls))

    def run(call):
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        running = [pool.submit(run, call) for call in calls]
    return [one.exception() or one.result() for one in running]


@contextmanager
def kept_waiting(database, *calls):
    """Start calls, one after the other, while the site is locked; yield futures.

    None of them can write before the block ends; those but the first make one batch.
    """
    with ThreadPoolExecutor(len(calls)) as pool, database.writing() as connection:
        folds.lock(connection, SITE)
        running = []
        for call in calls:
            running.append(pool.submit(call))
            time.sleep(0.02)
        yield running


def eventually(condition, seconds=SOON_SECONDS):
    """Wait until a condition holds; return whether it does."""
    deadline = time.monotonic() + seconds
    while not (holds := condition()) and time.monotonic() < deadline:
        time.sleep(0.005)
    return holds

"""How long after a withdrawal was answered gateways deny, while records arrive."""

import subprocess
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import msgspec

from benchmarks.server import asking, paced
from benchmarks.server.programs import python
from examples.demo.places import ROOT

GATEWAYS, PROCESSES = 50, 2
RECORDS_A_SECOND = 1_000
WITHDRAWALS, APART_SECONDS = 30, 0.25


class Heard(NamedTuple):
    """Seconds until each gateway denied each token, and how many records arrived."""

    delays: list[float]
    records_a_second: float


def heard(address: str, folder: Path) -> Heard:
    """Withdraw one token after the other, and hear of it from every gateway."""
    tokens = [
        str(asking.posted(address + asking.RECORDS, asking.choice())["token"])
        for _ in range(WITHDRAWALS)
    ]
    file = folder / "withdrawn"
    file.write_text("\n".join(tokens), "ascii")
    with _watching(address, file) as watchers, _arriving(address) as arrived:
        answered = [_withdrawn(address, token) for token in tokens]
        denied = [moments for one in watchers for moments in _denied(one)]
    # A gateway may hear of it before the answer has been read.
    delays = [
        max(0.0, moment - then)
        for moments in denied
        for moment, then in zip(moments, answered, strict=True)
    ]
    return Heard(delays, arrived.result())


def _withdrawn(address: str, token: str) -> float:
    sleep(APART_SECONDS)
    asking.posted(address + asking.WITHDRAWALS, asking.withdrawal(token))
    return monotonic()


def _denied(watcher: subprocess.Popen[bytes]) -> list[list[float]]:
    told, _ = watcher.communicate(timeout=60)
    return msgspec.json.decode(told, type=list[list[float]])


@contextmanager
def _watching(address: str, file: Path) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    command = python("watching", address, str(GATEWAYS // PROCESSES), str(file))
    watchers = [
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)  # noqa: S603 - ours
        for _ in range(PROCESSES)
    ]
    try:
        for one in watchers:
            if one.stdout is None or one.stdout.readline() != b"ready\n":
                raise RuntimeError("the gateways did not start")
        yield watchers
    finally:
        for one in watchers:
            one.kill()
            one.wait()


@contextmanager
def _arriving(address: str) -> Iterator[Future[float]]:
    """Let records arrive for as long as withdrawals take; yields how many did."""
    wanted = int((WITHDRAWALS * APART_SECONDS + 1) * RECORDS_A_SECOND)
    requests = [asking.post(asking.RECORDS, asking.choice()) for _ in range(wanted)]
    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(_send, address, requests)


def _send(address: str, requests: Sequence[bytes]) -> float:
    started, seconds = monotonic(), len(requests) / RECORDS_A_SECOND
    answers = paced.latencies(address, requests, RECORDS_A_SECOND, seconds)
    return len(answers) / (monotonic() - started)

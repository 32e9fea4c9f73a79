"""As many requests as a program answers: wrk, with one thread."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

CONNECTIONS = 64
"""As many requests wait for a commit together in `consent serve`."""
PACED_CONNECTIONS = 256
_SCRIPT = Path(__file__).parent / "wrk.lua"


def rate(
    address: str, requests: Sequence[bytes], seconds: int, *, once: bool = False
) -> float:
    """Return how many requests a second were answered well.

    Raises RuntimeError if one was not, or if none may be sent twice and one was.
    """
    told = _told(address, requests, seconds, CONNECTIONS)
    if once and told["answers"] + 2 * CONNECTIONS > len(requests):
        raise RuntimeError(f"{len(requests)} requests are too few for {seconds} s")
    return told["answers"] / told["microseconds"] * 1e6


def percentiles(
    address: str, requests: Sequence[bytes], a_second: float, seconds: int
) -> tuple[float, float]:
    """Return the seconds within which half, and 99 %, of requests are answered.

    So many are sent a second, from many connections, each after a pause at random.
    Raises RuntimeError if one failed, or if not nearly so many were answered.
    """
    longest = round(2 * 1000 * PACED_CONNECTIONS / a_second)
    told = _told(address, requests, seconds, PACED_CONNECTIONS, str(longest))
    if told["answers"] < 0.8 * a_second * seconds:
        raise RuntimeError(f"{told['answers']} answers in {seconds} s are too few")
    return told["p50"] / 1e6, told["p99"] / 1e6


def _told(
    address: str,
    requests: Sequence[bytes],
    seconds: int,
    connections: int,
    *more: str,
) -> dict[str, int]:
    options = ["-t1", f"-c{connections}", f"-d{seconds}s", "--timeout=60s"]
    with NamedTemporaryFile() as file:
        file.write(b"\0".join(requests))
        file.flush()
        done = subprocess.run(  # noqa: S603 - a program of Debian's
            ["wrk", *options, "-s", str(_SCRIPT), address, file.name, *more],  # noqa: S607
            capture_output=True,
            check=True,
        )
    told: dict[str, int] = json.loads(done.stderr)
    if told["failed"]:
        raise RuntimeError(f"{told['failed']} of {told['answers']} requests failed")
    return told

"""As many requests as a program answers: wrk, with one thread."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

CONNECTIONS = 128
"""As many requests may wait for a commit together in `consent serve`."""
_SCRIPT = Path(__file__).parent / "wrk.lua"


def rate(
    address: str, requests: Sequence[bytes], seconds: int, *, once: bool = False
) -> float:
    """Return how many requests a second were answered well.

    Raises RuntimeError if one was not, or if none may be sent twice and one was.
    """
    with NamedTemporaryFile() as file:
        file.write(b"\0".join(requests))
        file.flush()
        told = _told(address, file.name, seconds)
    if told["failed"]:
        raise RuntimeError(f"{told['failed']} of {told['answers']} requests failed")
    if once and told["answers"] + 2 * CONNECTIONS > len(requests):
        raise RuntimeError(f"{len(requests)} requests are too few for {seconds} s")
    return told["answers"] / told["microseconds"] * 1e6


def _told(address: str, file: str, seconds: int) -> dict[str, int]:
    options = ["-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout=60s"]
    done = subprocess.run(  # noqa: S603 - a program of Debian's
        ["wrk", *options, "-s", str(_SCRIPT), address, file],  # noqa: S607
        capture_output=True,
        check=True,
    )
    told: dict[str, int] = json.loads(done.stderr)
    return told

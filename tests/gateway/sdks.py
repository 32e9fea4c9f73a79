"""Both SDKs, each in a process of its own, asked alike."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from itertools import count
from pathlib import Path

HERE = Path(__file__).parent
COMMANDS = {
    "python": [sys.executable, "-m", "tests.gateway.asked"],
    "node": ["node", HERE / "asked.mjs"],
}


class Sdk:
    """A process that has gateways of one SDK."""

    def __init__(self, process):
        self._process = process
        self._names = count()

    def follow(self, url, **options):
        """Start a gateway; return what it is asked by: token, and purpose."""
        name = next(self._names)
        self._send("start", name, url, options)

        def reason(token, purpose="analytics"):
            self._send("ask", name, token, purpose)
            return json.loads(self._process.stdout.readline())

        return reason

    def _send(self, *said):
        self._process.stdin.write(json.dumps(said) + "\n")
        self._process.stdin.flush()


@contextmanager
def running(kind, shift_seconds=0):
    """Run an SDK of a kind, its clock moved, until the block ends."""
    with subprocess.Popen(
        COMMANDS[kind],
        cwd=HERE.parents[1],
        env=os.environ | {"SHIFT": str(shift_seconds)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Sdk(process)
        process.stdin.close()
        assert process.wait(20) == 0

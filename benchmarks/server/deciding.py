"""Decide in this process, on one core: `python -m … ADDRESS TOKENS`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from benchmarks.server.asking import PURPOSE
from benchmarks.server.grounds import KNOWN
from consent.gateway import Gateway
from examples.demo.places import SITE

TIMES = 1_000


def main(address: str, file: str) -> None:
    """Print how many decisions a second there are, on new tokens and on known ones."""
    tokens = Path(file).read_text("ascii").split()
    with Gateway(address, SITE) as gateway:
        gateway.wait()
        found = {
            "new": _rate(gateway, tokens[KNOWN:]),
            # The first time they are new too.
            "known": _rate(gateway, tokens[:KNOWN])
            and _rate(gateway, tokens[:KNOWN], TIMES),
        }
        if not all(gateway.decide(token, PURPOSE).allowed for token in tokens):
            raise RuntimeError("a token was not granted")
    sys.stdout.write(json.dumps(found))


def _rate(gateway: Gateway, tokens: Sequence[str], times: int = 1) -> float:
    decide = gateway.decide
    started = perf_counter()
    for _ in range(times):
        for token in tokens:
            decide(token, PURPOSE)
    return times * len(tokens) / (perf_counter() - started)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Gateways that wait for tokens to be denied: `python -m … ADDRESS GATEWAYS TOKENS`."""

import json
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

from benchmarks.server.asking import PURPOSE
from consent.gateway import Gateway
from examples.demo.places import SITE

LOOK_SECONDS = 0.002


def main(address: str, gateways: str, file: str) -> None:
    """Tell when each gateway denied each token; they are withdrawn in their order."""
    tokens = Path(file).read_text("ascii").split()
    with ExitStack() as stack:
        following = [
            stack.enter_context(Gateway(address, SITE)) for _ in range(int(gateways))
        ]
        for gateway in following:
            gateway.wait()
            if not all(gateway.decide(token, PURPOSE).allowed for token in tokens):
                raise RuntimeError("a token was not granted")
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdout.write(json.dumps(_denials(following, tokens)))


def _denials(following: Sequence[Gateway], tokens: Sequence[str]) -> list[list[float]]:
    """Return for each gateway the moments at which it was first seen to deny."""
    seen: dict[Gateway, list[float]] = {gateway: [] for gateway in following}
    while any(len(moments) < len(tokens) for moments in seen.values()):
        for gateway, moments in seen.items():
            while len(moments) < len(tokens) and _denies(gateway, tokens[len(moments)]):
                moments.append(monotonic())
        sleep(LOOK_SECONDS)
    return list(seen.values())


def _denies(gateway: Gateway, token: str) -> bool:
    return not gateway.decide(token, PURPOSE).allowed


if __name__ == "__main__":
    main(*sys.argv[1:])

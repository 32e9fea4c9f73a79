"""What there is to measure on: ledgers, databases for a peer, tokens."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.ledger import prepare
from benchmarks.places import KINDS, Place, places
from benchmarks.server import asking

ENTRIES = 100_000
KNOWN = 1_000
"""Tokens that are shown again and again; all others are shown once."""


@dataclass(frozen=True)
class Grounds:
    """A ledger and an empty database of each kind, and the first ledger's tokens."""

    folder: Path
    ledgers: dict[str, Place]
    empty: dict[str, Place]
    tokens: Sequence[str]

    @property
    def checks(self) -> list[bytes]:
        """The check of each token."""
        return [asking.check(token) for token in self.tokens]

    @property
    def file(self) -> Path:
        """The tokens, a line for each."""
        return self.folder / "tokens"


@contextmanager
def prepared(folder: Path) -> Iterator[Grounds]:
    """Fill ledgers and sign tokens; databases run until the block ends."""
    with ExitStack() as stack:
        there = {
            kind: stack.enter_context(places(kind, folder, [ENTRIES, 0]))
            for kind in KINDS
        }
        ledgers = {kind: both[0] for kind, both in there.items()}
        for place in ledgers.values():
            prepare(place)
        empty = {kind: both[1] for kind, both in there.items()}
        tokens = asking.tokens(ledgers[KINDS[0]])
        grounds = Grounds(folder, ledgers, empty, tokens)
        grounds.file.write_text("\n".join(tokens), "ascii")
        yield grounds

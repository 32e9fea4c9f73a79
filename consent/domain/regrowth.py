"""Grow a tree again from its entries, and compare it with what is known of it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from consent.domain.checkpoints import Checkpoint
from consent.domain.merkle import Frontier, Node

Nodes = Callable[[int, int], bytes | None]
"""`nodes(level, number)`: the hash kept for a full tile; None if there is none."""


class Fault(NamedTuple):
    """What is wrong, and with which entry."""

    number: int | None
    what: str

    def __str__(self) -> str:
        """Return the fault as one line that a terminal can only print."""
        place = "" if self.number is None else f"entry {self.number} "
        return place + "".join(c if c.isprintable() else "\ufffd" for c in self.what)


class Regrowth:
    """A tree that grows entry by entry.

    It is compared with each checkpoint when it has its size, and with the node of
    each tile that it fills. Of what was signed, no node may be missing.
    """

    def __init__(
        self, signed: Iterable[Checkpoint] = (), nodes: Nodes | None = None
    ) -> None:
        self._frontier = Frontier()
        self._roots: dict[int, list[bytes]] = {}
        for one in signed:
            self._roots.setdefault(one.size, []).append(one.root)
        self._signed = max(self._roots, default=0)
        self._fitting = 0
        self._nodes = nodes

    @property
    def size(self) -> int:
        """How many entries it has."""
        return self._frontier.size

    def root(self) -> bytes:
        """Return the root over all entries so far."""
        return self._frontier.root()

    def extend(self, leaves: Sequence[bytes]) -> Iterator[Fault]:
        """Add the hashes of the next entries; yield what does not fit any more."""
        size, ends = self.size, self.size + len(leaves)
        # The root has to be known at each size that was signed.
        stops = sorted({n for n in self._roots if size < n < ends} | {ends})
        for start, stop in pairwise([size, *stops]):
            filled = self._frontier.extend(leaves[start - size : stop - size])
            yield from self._differing(filled)
            yield from self._unsigned()

    def lost(self, size: int) -> Iterator[Fault]:
        """Yield that more was signed than there is, if so."""
        if self._signed > size:
            lost = f"entries from number {size} on are lost"
            yield Fault(None, f"{lost}: {self._signed} were signed")

    def _differing(self, filled: Iterable[Node]) -> Iterator[Fault]:
        for node in filled if self._nodes else ():
            kept = self._nodes(node.level, node.number) if self._nodes else None
            leaves = f"entries {node.leaves.start} to {node.leaves.stop - 1}"
            if kept is None and node.leaves.stop <= self._signed:
                yield Fault(None, f"the hash over {leaves} is missing")
            elif kept not in {None, node.hash}:
                yield Fault(None, f"one of {leaves} was changed, or the hash over them")

    def _unsigned(self) -> Iterator[Fault]:
        roots = self._roots.get(self.size, ())
        if not roots:
            return
        if any(root != self.root() for root in roots):
            one = f"one of entries {self._fitting} to {self.size - 1}"
            yield Fault(None, f"{one} does not fit the checkpoint of {self.size}")
        else:
            self._fitting = self.size

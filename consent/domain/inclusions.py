"""Proofs that an entry is in a ledger, as text (C2SP tlog-proof)."""

from typing import NamedTuple

from nacl.signing import VerifyKey

from consent.domain import checkpoints, merkle
from consent.domain.base64 import decoded, encoded
from consent.domain.checkpoints import HASH_BYTES, Checkpoint
from consent.errors import InvalidProof

HEADER = "c2sp.org/tlog-proof@v1"
MAX_DIGITS = 20


class Inclusion(NamedTuple):
    """The way from an entry to a signed root; `note` is the signed checkpoint."""

    number: int
    path: tuple[bytes, ...]
    note: str

    def text(self) -> str:
        """Return the proof as programs of others read it."""
        lines = [HEADER, f"index {self.number}", *map(encoded, self.path)]
        return "\n".join(lines) + f"\n\n{self.note}"

    def checkpoint_over(self, entry: bytes, origin: str, key: VerifyKey) -> Checkpoint:
        """Return the signed checkpoint that the proof leads to from an entry.

        Raises InvalidProof if it leads elsewhere, or the key did not sign it.
        """
        checkpoint = checkpoints.read(self.note, origin, [key])
        leaf = merkle.leaf_hash(entry)
        if not merkle.is_included(
            leaf, self.number, checkpoint.size, self.path, checkpoint.root
        ):
            raise InvalidProof(f"entry {self.number} is not in the signed ledger")
        return checkpoint


def read(text: str) -> Inclusion:
    """Return the proof that a text holds; raises InvalidProof."""
    head, _, note = text.partition("\n\n")
    header, index, *path = head.split("\n") if "\n" in head else (head, "")
    number = index.removeprefix("index ")
    if header != HEADER or not (number.isdecimal() and len(number) < MAX_DIGITS):
        raise InvalidProof(f"expected a proof that begins with {HEADER}")
    hashes = tuple(decoded(line, HASH_BYTES) for line in path)
    inclusion = Inclusion(int(number), hashes, note)
    if inclusion.text() != text:
        raise InvalidProof("the proof is not in canonical form")
    return inclusion

"""Checkpoints: the signed size and root of a ledger, as C2SP signed notes.

A checkpoint (C2SP tlog-checkpoint) is three lines: origin, size, root. The key's
name is the origin, so one key signs for many ledgers and none passes for another.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from consent.domain.base64 import decoded, encoded
from consent.errors import InvalidProof

ED25519 = b"\x01"
"""The signature type of Ed25519 in C2SP signed-note."""
HASH_BYTES = 32
KEY_ID_BYTES = 4
MOST_SIGNATURES = 64


class Checkpoint(NamedTuple):
    """What is signed: the root over the first `size` entries of a ledger."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Return the text that is signed."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"


def sign(checkpoint: Checkpoint, key: SigningKey) -> str:
    """Return the signed note; the same key gives the same bytes each time."""
    text = checkpoint.text()
    signature = key.sign(text.encode()).signature
    named = _key_hash(checkpoint.origin, key.verify_key) + signature
    return f"{text}\n— {checkpoint.origin} {encoded(named)}\n"


def read(note: str, origin: str, keys: Iterable[VerifyKey]) -> Checkpoint:
    """Return the checkpoint that one of the keys signed for this origin.

    Signatures by others are passed over. Raises InvalidProof if no key signed, or if
    the signature of one of them is wrong.
    """
    text, lines = _split(note)
    checkpoint = _parse(text)
    if checkpoint.origin != origin:
        raise InvalidProof(f"the checkpoint is of {checkpoint.origin!r}")
    known = {_key_hash(origin, key): key for key in keys}
    is_signed = False
    for name, named in map(_signature, lines):
        key = known.get(named[:KEY_ID_BYTES]) if name == origin else None
        if key is None:
            continue
        if not _is_signed(text.encode(), named[KEY_ID_BYTES:], key):
            raise InvalidProof("the checkpoint's signature is wrong")
        is_signed = True
    if not is_signed:
        raise InvalidProof("no key that is trusted here signed the checkpoint")
    return checkpoint


def unverified(note: str) -> Checkpoint:
    """Return what a note says, whoever signed it; raises InvalidProof."""
    text, _ = _split(note)
    return _parse(text)


def verifier_key(origin: str, key: VerifyKey) -> str:
    """Return the public key as auditors configure it (C2SP signed-note, vkey)."""
    return f"{origin}+{_key_hash(origin, key).hex()}+{encoded(ED25519 + bytes(key))}"


def read_verifier_key(text: str) -> tuple[str, VerifyKey]:
    """Return origin and key of a verifier key; raises InvalidProof."""
    try:
        # A name has no plus, but base64 may.
        origin, key_hash, written = text.strip().split("+", 2)
        raw = decoded(written)
        kind, key = raw[:1], VerifyKey(raw[1:])
    except ValueError as exc:
        raise InvalidProof("expected a verifier key: name+hash+key") from exc
    if kind != ED25519 or key_hash != _key_hash(origin, key).hex():
        raise InvalidProof("the verifier key's hash is not that of its name and key")
    return origin, key


@dataclass(frozen=True)
class Trust:
    """Under which name a ledger has to be signed, and by which keys."""

    origin: str
    keys: tuple[VerifyKey, ...]

    @classmethod
    def of(cls, verifier_keys: Iterable[str]) -> "Trust":
        """Return the trust in verifier keys of one ledger; raises InvalidProof."""
        read = [read_verifier_key(key) for key in verifier_keys]
        origins = {origin for origin, _ in read}
        if len(origins) != 1:
            raise InvalidProof("expected the keys of one ledger")
        return cls(origins.pop(), tuple(key for _, key in read))

    def read(self, note: str) -> Checkpoint:
        """Return the checkpoint that a note proves; raises InvalidProof."""
        return read(note, self.origin, self.keys)


def _key_hash(name: str, key: VerifyKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + bytes(key)).digest()[
        :KEY_ID_BYTES
    ]


def _split(note: str) -> tuple[str, list[str]]:
    """Return the text of a note, and its signature lines."""
    text, separator, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if not separator or lines.pop() or not lines:
        raise InvalidProof("expected a signed note: text, empty line, signatures")
    if len(lines) > MOST_SIGNATURES:
        raise InvalidProof(f"a note has at most {MOST_SIGNATURES} signatures")
    if any(sign < " " and sign != "\n" for sign in note):
        raise InvalidProof("a note has no control characters")
    return f"{text}\n", lines


def _parse(text: str) -> Checkpoint:
    try:
        origin, size, root, *more = text.removesuffix("\n").split("\n")
        checkpoint = Checkpoint(origin, int(size), b64decode(root, validate=True))
    except ValueError as exc:
        raise InvalidProof("expected a checkpoint: origin, size, root") from exc
    if (
        not origin
        or not all(more)
        or checkpoint.size < 0
        or len(checkpoint.root) != HASH_BYTES
        or not text.startswith(checkpoint.text())
    ):
        raise InvalidProof("the checkpoint is not in canonical form")
    return checkpoint


def _signature(line: str) -> tuple[str, bytes]:
    try:
        dash, name, written = line.split(" ")
        named = decoded(written)
    except ValueError as exc:
        raise InvalidProof("expected signature lines: — name base64") from exc
    if dash != "—" or not name or "+" in name or len(named) <= KEY_ID_BYTES:
        raise InvalidProof("expected signature lines: — name base64")
    return name, named


def _is_signed(text: bytes, signature: bytes, key: VerifyKey) -> bool:
    try:
        key.verify(text, signature)
    except (BadSignatureError, ValueError):
        return False
    return True

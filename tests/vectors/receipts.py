"""Receipts, genuine and forged: `python -m tests.vectors.receipts` writes the file.

Verifiers in other languages read the same file: `valid` and `signed_by_another` are to
be found valid, each of `forged` is not. The other key has a plus sign in its base64.
"""

import json
from copy import deepcopy
from hashlib import sha256
from pathlib import Path

from msgspec.structs import replace

from consent.domain import checkpoints, entries, merkle, receipts
from consent.domain.base64 import decoded, encoded
from consent.domain.checkpoints import Checkpoint
from consent.domain.inclusions import Inclusion
from consent.domain.receipts import Sealed
from consent.domain.terms import terms_of
from consent.domain.tokens import private_key
from tests.factories import (
    CHECKPOINT_KEY,
    NOW,
    ORIGIN_OF_LEDGER,
    choice,
    make_notice,
    make_publication,
    site_file,
    text,
    vendor,
)

FILE = Path(__file__).with_name("receipts.json")
SIZE = 13
PUBLISHED, AGAIN, CHOSEN, AFTERWARDS, COPIED = 0, 3, 10, 11, 12

private = private_key(CHECKPOINT_KEY)
other = private_key("REREREREREREREREREREREREREREREREREREREREREQ")
KEY = checkpoints.verifier_key(ORIGIN_OF_LEDGER, private.verify_key)
OTHER_KEY = checkpoints.verifier_key(ORIGIN_OF_LEDGER, other.verify_key)


class Ledger:
    """A small ledger in memory: some contents, and commitments to whatever else."""

    def __init__(self, contents, size=SIZE, origin=ORIGIN_OF_LEDGER, key=private):
        self.contents = {n: entries.encode(body) for n, body in contents.items()}
        leaves = [merkle.leaf_hash(self.commitment(n)) for n in range(size)]
        self.hashes = lambda _level, start, stop: leaves[start:stop]
        self.size = size
        root = merkle.root(self.hashes, size)
        self.note = checkpoints.sign(Checkpoint(origin, size, root), key)

    def commitment(self, number):
        """Return what the ledger holds of an entry."""
        body = self.contents.get(number, b"")
        return entries.commitment(body, salt(number))

    def sealed(self, number):
        """Return the content of an entry with its proof."""
        path = merkle.inclusion_proof(self.hashes, number, self.size)
        inclusion = Inclusion(number, tuple(path), self.note)
        return Sealed(self.contents[number], salt(number), inclusion)


def salt(number):
    """Return the salt of an entry, the same each time."""
    return sha256(bytes([number])).digest()


def ledger(**place):
    """Return a ledger with two notices, and a choice on the second."""
    first = make_publication(number=PUBLISHED)
    declared = cookie("_new", "analytics")
    new = vendor("new", "analytics", country="US", cookies=[declared])
    vendors = [*site_file()["vendors"], new]
    second = make_publication(
        make_notice(vendors=vendors), previous=first, number=AGAIN
    )
    terms = terms_of(second)
    made = {"analytics": "granted", "marketing": "refused", "audience": "objected"}
    act = choice(terms, made, key=bytes(16), locale="de", layout="box", gpc=True)
    record = act.following(None, CHOSEN, NOW)
    later = replace(second, number=AFTERWARDS)
    contents = {one.number: one for one in (first, second, record, later)}
    return Ledger(contents | {COPIED: record}, **place)


def valid():
    """Return a genuine receipt."""
    return _receipt(ledger(), AGAIN, KEY)


def signed_by_another():
    """Return a receipt of a ledger that another key signed, and that says so."""
    return _receipt(ledger(key=other), AGAIN, OTHER_KEY)


def forged():
    """Yield the name of each forgery, and the receipt."""
    for exhibit in ("record", "publication"):
        for part in ("body", "salt"):
            yield f"{exhibit}: another {part}", _with(exhibit, part, _flipped)
    yield "another path", _with("record", "proof", _with_another_path)
    yield "another number", _with("record", "proof", _replaced("index 10", "index 9"))
    yield "a larger tree", _with("record", "proof", _replaced("\n13\n", "\n14\n"))
    yield "another signature", _with("record", "proof", _with_another_signature)
    yield "a path too short", _with("record", "proof", _with_shorter_path)
    yield "another key", _receipt(ledger(key=other), AGAIN, KEY)
    yield "a notice for a record", _receipt_of("publication", "publication")
    yield "a record for a notice", _receipt_of("record", "record")
    yield "a notice put in afterwards", _receipt(ledger(), AFTERWARDS, KEY)
    yield "a copy of the record", _receipt(ledger(), AGAIN, KEY, chosen=COPIED)
    yield "another notice", _receipt(ledger(), PUBLISHED, KEY)


def _receipt(of, published, key, chosen=CHOSEN):
    return receipts.receipt(of.sealed(chosen), of.sealed(published), key, "https")


def _receipt_of(record, publication):
    document = deepcopy(valid())
    of = valid()["evidence"]
    document["evidence"] |= {"record": of[record], "publication": of[publication]}
    return document


def cookie(name, purpose):
    """Return a cookie declaration as a site file has it."""
    described = {"description": text(f"What {name} is for."), "lifetime": "1 year"}
    return {"name": name, "purpose": purpose, **described}


def _with(exhibit, part, change):
    document = deepcopy(valid())
    found = document["evidence"][exhibit]
    found[part] = change(found[part])
    return document


def _flipped(text):
    raw = decoded(text)
    return encoded(raw[:-3] + bytes([raw[-3] ^ 1]) + raw[-2:])


def _replaced(old, new):
    def replaced(text):
        assert old in text
        return text.replace(old, new)

    return replaced


def _with_another_path(text):
    lines = text.split("\n")
    lines[2] = _flipped(lines[2])
    return "\n".join(lines)


def _with_shorter_path(text):
    lines = text.split("\n")
    return "\n".join([*lines[:2], *lines[3:]])


def _with_another_signature(text):
    head, _, signature = text.rstrip("\n").rpartition(" ")
    return f"{head} {_flipped(signature)}\n"


def document():
    """Return what the file holds."""
    made = [{"name": name, "receipt": receipt} for name, receipt in forged()]
    return {
        "valid": valid(),
        "signed_by_another": signed_by_another(),
        "forged": made,
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(document(), indent=1) + "\n", encoding="utf-8")

"""Receipts: what a visitor keeps of a record, with all that proves it.

A receipt holds the exact bytes of two entries, the record and the publication it was
made under, and the way from each to a signed checkpoint. Whatever people read in it
is built from those bytes again and compared.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec
from nacl.signing import VerifyKey

from consent.domain import checkpoints, dpv, entries, inclusions
from consent.domain.base64 import decoded, encoded
from consent.domain.checkpoints import Checkpoint
from consent.domain.dpv import CONTEXT, Node
from consent.domain.entries import SALT_BYTES, AnyBody, Publication, Record, commitment
from consent.domain.inclusions import Inclusion
from consent.errors import InvalidProof

MOST_QUOTED = 80
"""Characters of a text that a message repeats."""


class Sealed(NamedTuple):
    """The exact content of an entry, and the proof that the ledger holds it."""

    body: bytes
    salt: bytes
    inclusion: Inclusion


class Verified(NamedTuple):
    """What a receipt proves; `key` is the verifier key that was trusted."""

    record: Record
    publication: Publication
    checkpoint: Checkpoint
    key: str


class _Exhibit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    body: str
    salt: str
    proof: str


class _Evidence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    record: _Exhibit
    publication: _Exhibit


def receipt(record: Sealed, publication: Sealed, key: str, scheme: str) -> Node:
    """Return a receipt as JSON-LD; `key` verifies its checkpoints.

    The ledger's name tells where the service is, `scheme` how it is reached.
    """
    origin, _ = checkpoints.read_verifier_key(key)
    made, shown = _record(record.body), _publication(publication.body)
    address = _address(scheme, origin, made.site)
    evidence = {
        "key": key,
        "record": _exhibit(record),
        "publication": _exhibit(publication),
    }
    return {**dpv.describe(made, shown, address), "evidence": evidence}


def export(receipts: Iterable[Node]) -> Node:
    """Return many receipts as one document."""
    return {"@context": CONTEXT, "@graph": list(receipts)}


def read(text: str | bytes) -> list[Node]:
    """Return the receipts in a file, which is one receipt or an export.

    Raises InvalidProof. A name that comes twice would show readers one value and
    verifiers another.
    """
    try:
        document = json.loads(text, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as exc:
        raise InvalidProof("expected a receipt: JSON") from exc
    found = [document]
    if isinstance(document, dict) and "@graph" in document:
        found = document.pop("@graph")
        if _bytes(document) != _bytes({"@context": CONTEXT}):
            raise InvalidProof("expected an export: @context and @graph alone")
    is_list = isinstance(found, list) and found != []
    if not is_list or not all(isinstance(one, dict) for one in found):
        raise InvalidProof("expected a receipt, or an export of receipts")
    return found


def verify(document: Node, trusted: str | None = None) -> Verified:
    """Return what a receipt proves; raises InvalidProof if anything was changed.

    `trusted` is the published verifier key of the ledger. Without it the key in the
    receipt is believed, which proves that its parts agree, and nothing more.
    """
    try:
        evidence = msgspec.convert(document.get("evidence"), _Evidence)
    except msgspec.ValidationError as exc:
        raise InvalidProof(f"expected evidence: {exc}") from exc
    if trusted is not None and trusted.strip() != evidence.key:
        raise InvalidProof(f"the receipt names another key: {evidence.key}")
    origin, key = checkpoints.read_verifier_key(evidence.key)
    sealed, published = _sealed(evidence.record), _sealed(evidence.publication)
    record, publication = _record(sealed.body), _publication(published.body)
    checkpoint = _proven(sealed, record, origin, key)
    _proven(published, publication, origin, key)
    if (record.site, record.notice) != (publication.site, publication.version):
        raise InvalidProof(f"record {record.number} was made under another notice")
    if publication.number > record.number:
        raise InvalidProof("the notice was published after the record was made")
    scheme = str(document.get("@id")).partition("://")[0]
    rebuilt = receipt(sealed, published, evidence.key, scheme)
    if _bytes(rebuilt) != _bytes(document):
        raise InvalidProof(f"it says {_difference(rebuilt, document)}")
    return Verified(record, publication, checkpoint, evidence.key)


def _proven(sealed: Sealed, body: AnyBody, origin: str, key: VerifyKey) -> Checkpoint:
    if sealed.inclusion.number != body.number:
        raise InvalidProof(f"the proof is not about entry {body.number}")
    committed = commitment(sealed.body, sealed.salt)
    return sealed.inclusion.checkpoint_over(committed, origin, key)


def _exhibit(sealed: Sealed) -> dict[str, str]:
    return {
        "body": encoded(sealed.body),
        "salt": encoded(sealed.salt),
        "proof": sealed.inclusion.text(),
    }


def _sealed(exhibit: _Exhibit) -> Sealed:
    salt = decoded(exhibit.salt, SALT_BYTES)
    return Sealed(decoded(exhibit.body), salt, inclusions.read(exhibit.proof))


def _record(body: bytes) -> Record:
    found = _decoded(body)
    if not isinstance(found, Record):
        raise InvalidProof("the receipt is not about a record")
    return found


def _publication(body: bytes) -> Publication:
    found = _decoded(body)
    if not isinstance(found, Publication):
        raise InvalidProof("the receipt comes without its notice")
    return found


def _decoded(body: bytes) -> AnyBody:
    try:
        return entries.decode(body)
    except (msgspec.DecodeError, ValueError) as exc:
        raise InvalidProof("the content of an entry cannot be read") from exc


def _address(scheme: str, origin: str, site: str) -> str:
    """Return where the service is, of which the ledger's name tells all but how."""
    if scheme not in {"http", "https"}:
        raise InvalidProof("expected an @id of http or https")
    place, _, _ = origin.rpartition(f"/v1/{site}/ledger")
    if not place:
        raise InvalidProof(f"{origin} is not the ledger of {site}")
    return f"{scheme}://{place}"


def _each_once(pairs: list[tuple[str, Any]]) -> Node:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name comes twice")
    return found


def _bytes(value: object) -> bytes:
    # 1, 1.0 and true are equal in Python, but not the same to read.
    try:
        return msgspec.json.encode(value, order="deterministic")
    except (ValueError, OverflowError) as exc:
        raise InvalidProof(f"it says what no receipt says: {exc}") from exc


def _difference(expected: Any, found: Any, place: str = "") -> str:
    """Return the first place where a receipt does not say what was recorded."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in sorted({**expected, **found}, key=str):
            if _bytes(expected.get(name)) != _bytes(found.get(name)):
                inside = f"{place}/{name}"
                return _difference(expected.get(name), found.get(name), inside)
    if isinstance(expected, list) and isinstance(found, list):
        for index, (one, other) in enumerate(zip(expected, found, strict=False)):
            if _bytes(one) != _bytes(other):
                return _difference(one, other, f"{place}/{index}")
    said, recorded = str(found)[:MOST_QUOTED], str(expected)[:MOST_QUOTED]
    return f"{said!r} at {place or '/'}, and the record {recorded!r}"

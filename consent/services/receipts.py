"""Hand out receipts: to the record's own subject, and to nobody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import msgspec

from consent.domain import receipts
from consent.domain.dpv import Node
from consent.domain.entries import Publication, Record
from consent.domain.receipts import Sealed
from consent.errors import UnknownRecord
from consent.services import evidence, keys, notices, subjects
from consent.services.runtime import Runtime


@dataclass(frozen=True)
class Receipt:
    """A record with the notice it was made under, and the document that proves both."""

    record: Record
    publication: Publication
    document: Node


def receipt(runtime: Runtime, site: str, number: int, subject: bytes) -> Receipt:
    """Return the receipt of a subject's own record.

    Raises UnknownSite, UnknownRecord, or Unavailable if the ledger cannot be signed.
    """
    return _receipt(runtime, subjects.own_record(runtime, site, number, subject))


def export(runtime: Runtime, site: str, subject: bytes) -> Node:
    """Return all receipts of a subject, newest first, as one document.

    Raises UnknownSite, UnknownRecord if there are none, or Unavailable.
    """
    records = subjects.history(runtime, site, subject)
    if not records:
        raise UnknownRecord("there is no such record (any more)")
    return receipts.export(_receipt(runtime, one).document for one in records)


def export_pieces(runtime: Runtime, site: str, subject: bytes) -> Iterator[bytes]:
    """Return the same document piece by piece, whatever its length.

    Raises what `export` raises, before the first piece.
    """
    ledger = runtime.ledger(site)
    found = ledger.back_from(ledger.head(subject))
    documents = (_encoded(_receipt(runtime, one).document) for one in found)
    newest = next(documents, None)
    if newest is None:
        raise UnknownRecord("there is no such record (any more)")
    head, tail = _encoded(receipts.export([])).split(b"[]")
    more = (b"," + one for one in documents)
    return chain([head + b"[", newest], more, [b"]" + tail])


def _encoded(document: Node) -> bytes:
    return msgspec.json.encode(document)


def _receipt(runtime: Runtime, record: Record) -> Receipt:
    site = record.site
    publication = notices.shown_under(runtime, record)
    numbers = (record.number, publication.number)
    proofs = evidence.inclusions(runtime, site, numbers)
    made, shown = (
        Sealed(*runtime.ledger(site).content(number), proof)
        for number, proof in zip(numbers, proofs, strict=True)
    )
    key = keys.signed_by(runtime, site, proofs[0].note)
    scheme = runtime.settings.address.partition("://")[0]
    return Receipt(record, publication, receipts.receipt(made, shown, key, scheme))

"""Hand out receipts: to the record's own subject, and to nobody else."""

from dataclasses import dataclass

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

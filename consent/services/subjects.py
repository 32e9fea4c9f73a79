"""What a subject may have: their history, and to be erased."""

from dataclasses import dataclass
from hmac import compare_digest
from itertools import islice

import msgspec

from consent.domain.entries import Erasure, Record
from consent.domain.removals import Erase
from consent.errors import InvalidChoice, UnknownRecord
from consent.services import accounts
from consent.services.accounts import Secret
from consent.services.runtime import Runtime

REMAINS = {
    "sqlite": "Earlier backups of the database file keep what they hold until they "
    "are deleted. In the file itself deleted content is overwritten, and its "
    "write-ahead log was emptied, unless somebody was reading at that moment: then "
    "that is done when the log is next emptied.",
    "postgresql": "PostgreSQL keeps old bytes in its files until VACUUM FULL, in its "
    "write-ahead log and in backups until those age out.",
}
"""What is left of deleted content, and where; for operators."""


PAGE_RECORDS = 20


@dataclass(frozen=True)
class HistoryPage:
    """Some records of a subject, newest first; `older` begins the next page."""

    records: tuple[Record, ...]
    older: int | None


class SubjectRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The body of POST history, export and erasure: who asks, and nothing else."""

    secret: Secret


def holder(runtime: Runtime, site: str, secret: str) -> bytes:
    """Return the subject of a secret or account proof.

    Raises UnknownSite, InvalidChoice or InvalidAccountProof.
    """
    runtime.follower.state(site)
    try:
        checked = msgspec.convert(secret, Secret)
    except msgspec.ValidationError as exc:
        expected = "expected 32 hexadecimal digits, or an account proof"
        raise InvalidChoice(f"secret: {expected}") from exc
    return accounts.subject(runtime, site, checked)


def subject_of_record(runtime: Runtime, site: str, number: int) -> bytes:
    """Return the subject of a record; raises UnknownSite or UnknownRecord."""
    runtime.follower.state(site)
    record = runtime.ledger(site).record(number)
    if record.subject is None:
        raise UnknownRecord(f"record {number} names no subject: a no needs none")
    return record.subject


def own_record(runtime: Runtime, site: str, number: int, subject: bytes) -> Record:
    """Return a subject's own record; raises UnknownRecord for anybody else's."""
    record = runtime.ledger(site).record(number)
    if record.subject is None or not compare_digest(record.subject, subject):
        raise UnknownRecord(f"{site} has no record {number}")
    return record


def history(runtime: Runtime, site: str, subject: bytes) -> list[Record]:
    """Return a subject's records, newest first; empty if there are none (any more)."""
    return runtime.ledger(site).history(subject)


def history_page(
    runtime: Runtime, site: str, subject: bytes, number: int | None
) -> HistoryPage:
    """Return a subject's records from a number of theirs back, or their newest ones.

    Raises UnknownRecord for a number of anybody else.
    """
    ledger = runtime.ledger(site)
    if number is None:
        newest = ledger.head(subject)
    else:
        newest = own_record(runtime, site, number, subject)
    found = list(islice(ledger.back_from(newest), PAGE_RECORDS + 1))
    older = found[PAGE_RECORDS].number if len(found) > PAGE_RECORDS else None
    return HistoryPage(tuple(found[:PAGE_RECORDS]), older)


def erase(runtime: Runtime, site: str, subject: bytes) -> Erasure:
    """Erase a subject's contents (GDPR Art. 17); its tokens are denied from then on.

    Raises UnknownRecord if there is nothing to erase.
    """
    body = runtime.writer.append(Erase(site, subject))
    if not isinstance(body, Erasure):
        raise TypeError("an erasure is recorded as an erasure")
    runtime.database.scrub()
    return body


def what_remains(runtime: Runtime) -> str:
    """Return what is left of deleted content, and where."""
    return REMAINS["sqlite" if runtime.database.is_sqlite else "postgresql"]

"""POST history, export and erasure: what the secret's holder may have, and only they.

They are posted by a site's own pages just as choices are, so they are answered beside
them, by the same rules.
"""

from http import HTTPStatus

import msgspec

from consent.domain.entries import Record
from consent.errors import UnknownRecord
from consent.services import receipts, subjects
from consent.services.runtime import Runtime
from consent.services.subjects import SubjectRequest
from consent.web.acts import receipt_address, require
from consent.web.answers import Erased, History, HistoryRecord
from consent.web.wire import JSON_LD, Environ, Reply, body_of, json_reply

_subject = msgspec.json.Decoder(SubjectRequest)


def history(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer with the subject's records, newest first."""
    found = subjects.history(runtime, site, _asking(environ, runtime, site))
    if not found:
        raise UnknownRecord("there is no such record (any more)")
    records = [_document(runtime, record) for record in found]
    return json_reply(HTTPStatus.OK, History(site, records))


def export(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer with all receipts of the subject."""
    document = receipts.export(runtime, site, _asking(environ, runtime, site))
    return json_reply(HTTPStatus.OK, document, JSON_LD)


def erase(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Erase the subject; answer with the numbers whose contents went."""
    erasure = subjects.erase(runtime, site, _asking(environ, runtime, site))
    told = Erased(site, erasure.number, erasure.numbers)
    return json_reply(HTTPStatus.OK, told)


def _asking(environ: Environ, runtime: Runtime, site: str) -> bytes:
    require(environ, runtime, site)
    secret = body_of(environ, _subject).secret
    return subjects.holder(runtime, site, secret)


def _document(runtime: Runtime, record: Record) -> HistoryRecord:
    return HistoryRecord(
        number=record.number,
        at=record.at,
        action=record.action,
        how=record.how,
        notice=record.notice,
        decisions={
            name: made.decision for name, made in sorted(record.decisions.items())
        },
        account=record.account,
        receipt=receipt_address(runtime, record.site, record.number),
    )

"""One record's receipt, for its subject: JSON-LD for programs, a page for people."""

import msgspec
from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from consent.errors import InvalidChoice, UnknownRecord
from consent.services import notices, receipts, subjects
from consent.services.receipts import Receipt
from consent.web import errors, locale
from consent.web.current import runtime
from consent.web.headers import refuse_markup_from_scripts
from consent.web.visitors import Visitor
from consent.web.wire import JSON_LD

bp = Blueprint("receipts", __name__, url_prefix="/v1/<site>/records")
PAGE = "text/html"


@bp.get("/<int:number>")
def show(site: str, number: int) -> Response:
    found = _own(site, number)
    response = _page(found) if _wants_page() else _document(found)
    response.vary.update(["Accept", "Cookie", "Consent-Secret"])
    return response


@bp.get("/<int:number>.jsonld")
def download(site: str, number: int) -> Response:
    response = _document(_own(site, number))
    name = f"{site}-{number}.jsonld"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.vary.update(["Cookie", "Consent-Secret"])
    return response


@bp.errorhandler(UnknownRecord)
def _missing(error: UnknownRecord) -> ResponseReturnValue:
    if not _wants_page():
        return errors.answer(error)
    site = str((request.view_args or {})["site"])
    page = render_template(
        "receipts/missing.html",
        site=site,
        publication=notices.in_force(runtime(), site),
    )
    return page, errors.status_of(error)


def _own(site: str, number: int) -> Receipt:
    locale.speak(notices.in_force(runtime(), site).notice.locales)
    given = request.headers.get("Consent-Secret")
    secret = Visitor(site).secret if given is None else given
    try:
        subject = subjects.holder(runtime(), site, secret or "")
    except InvalidChoice as exc:
        raise UnknownRecord(f"{site} has no record {number}") from exc
    return receipts.receipt(runtime(), site, number, subject)


def _wants_page() -> bool:
    offered = [JSON_LD, "application/json", PAGE]
    return request.accept_mimetypes.best_match(offered) == PAGE


def _document(found: Receipt) -> Response:
    return Response(msgspec.json.encode(found.document), mimetype=JSON_LD)


def _page(found: Receipt) -> Response:
    response = make_response(
        render_template(
            "receipts/page.html",
            site=found.record.site,
            record=found.record,
            publication=found.publication,
            document=found.document,
        )
    )
    refuse_markup_from_scripts(response)
    return response

"""A visitor's own records: the list, the export, and the way to erase everything."""

from http import HTTPStatus

import msgspec
from flask import (
    Blueprint,
    Response,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError

from consent.domain.entries import Record
from consent.domain.vocabulary import Decision
from consent.errors import ForbiddenOrigin, UnknownRecord
from consent.services import notices, receipts, subjects
from consent.web import errors, locale
from consent.web.current import runtime
from consent.web.forms import ErasureForm
from consent.web.locale import gettext as _
from consent.web.visitors import Visitor, is_from_here
from consent.web.wire import JSON_LD

bp = Blueprint("records", __name__, url_prefix="/<site>/preferences/records")


@bp.get("")
def show(site: str) -> str:
    return _render("records/page.html", site, _records(site))


@bp.get("/export")
def export(site: str) -> Response:
    document = receipts.export(runtime(), site, _subject(site))
    response = Response(msgspec.json.encode(document), mimetype=JSON_LD)
    response.headers["Content-Disposition"] = f'attachment; filename="{site}.jsonld"'
    return response


@bp.get("/erasure")
def confirm(site: str) -> ResponseReturnValue:
    records = _records(site)
    if not records:
        return _see_other(".show", site)
    return _render("records/erasure.html", site, records, form=ErasureForm())


@bp.post("/erasure")
def erase(site: str) -> ResponseReturnValue:
    if not is_from_here():
        raise ForbiddenOrigin(request.headers.get("Origin"))
    records = _records(site)
    if records:
        subjects.erase(runtime(), site, _subject(site))
        Visitor(site).forget(_refused(records[0]))
        flash(_("Erased. Nothing here points to you any more."))
    return _see_other(".show", site)


@bp.errorhandler(CSRFError)
def _ask_again(_error: CSRFError) -> ResponseReturnValue:
    """Ask once more if the page was open for too long; nobody erases by accident."""
    if not is_from_here():
        return errors.answer(ForbiddenOrigin(request.headers.get("Origin")))
    site = str((request.view_args or {})["site"])
    _records(site)
    flash(_("That page was open for too long. Please confirm once more."))
    return _see_other(".confirm", site)


def _records(site: str) -> list[Record]:
    """Choose a language; return what is recorded of whoever holds the session."""
    locale.speak(notices.in_force(runtime(), site).notice.locales)
    if Visitor(site).secret is None:
        return []
    return subjects.history(runtime(), site, _subject(site))


def _subject(site: str) -> bytes:
    secret = Visitor(site).secret
    if secret is None:
        raise UnknownRecord("this browser holds no secret")
    return subjects.holder(runtime(), site, secret)


def _refused(head: Record) -> dict[str, int]:
    """Return what was refused, and on which notice: a no outlives its subject."""
    return {
        name: made.notice
        for name, made in head.decisions.items()
        if made.decision is not Decision.GRANTED and ":" not in name
    }


def _render(page: str, site: str, records: list[Record], **context: object) -> str:
    publication = notices.in_force(runtime(), site)
    return render_template(
        page, site=site, records=records, publication=publication, **context
    )


def _see_other(view: str, site: str) -> ResponseReturnValue:
    lang = request.args.get("lang")
    return redirect(url_for(view, site=site, lang=lang), HTTPStatus.SEE_OTHER)

"""A visitor's own records: the list, the export, and the way to erase everything."""

from collections.abc import Iterable, Sequence
from http import HTTPStatus

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

from consent.domain.entries import Publication, Record
from consent.domain.vocabulary import Decision
from consent.errors import ForbiddenOrigin, InvalidAccountProof, UnknownRecord
from consent.services import notices, receipts, subjects
from consent.services.subjects import HistoryPage
from consent.web import errors, locale
from consent.web.current import runtime
from consent.web.forms import ErasureForm
from consent.web.locale import gettext as _
from consent.web.visitors import Visitor, is_from_here
from consent.web.wire import JSON_LD

bp = Blueprint("records", __name__, url_prefix="/<site>/preferences/records")


@bp.get("")
def show(site: str) -> str:
    _speak(site)
    number = request.args.get("from", type=int)
    page = HistoryPage((), None)
    if number is not None or Visitor(site).secret is not None:
        page = subjects.history_page(runtime(), site, _subject(site), number)
    return _render(
        "records/page.html",
        site,
        page.records,
        older=page.older,
        is_newest=number is None,
        notices=_shown(page.records),
    )


@bp.get("/export")
def export(site: str) -> Response:
    pieces = receipts.export_pieces(runtime(), site, _subject(site))
    response = Response(pieces, mimetype=JSON_LD)
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
    Visitor(site).require_current()
    records = _records(site)
    if records:
        subjects.erase(runtime(), site, _subject(site))
        # An account that answered nothing is asked; a browser keeps what it refused.
        visitor = Visitor(site)
        visitor.forget({} if visitor.is_account else _refused(records[0]))
        flash(_("Erased. Nothing here points to you any more."))
    return _see_other(".show", site)


@bp.errorhandler(InvalidAccountProof)
def _show_again(_error: InvalidAccountProof) -> ResponseReturnValue:
    """Erase nobody else instead of an account that is logged in no longer."""
    site = str((request.view_args or {})["site"])
    Visitor(site).log_out()
    flash(_("That page was open for too long. Please confirm once more."))
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
    _speak(site)
    if Visitor(site).secret is None:
        return []
    return subjects.history(runtime(), site, _subject(site))


def _speak(site: str) -> None:
    locale.speak(notices.in_force(runtime(), site).notice.locales)


def _shown(records: Iterable[Record]) -> dict[int, Publication]:
    """Return the notices that records were made under, by version."""
    newest = {record.notice: record for record in records}
    return {
        version: notices.shown_under(runtime(), record)
        for version, record in newest.items()
    }


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


def _render(page: str, site: str, records: Sequence[Record], **context: object) -> str:
    publication = notices.in_force(runtime(), site)
    return render_template(
        page, site=site, records=records, publication=publication, **context
    )


def _see_other(view: str, site: str) -> ResponseReturnValue:
    lang = request.args.get("lang")
    return redirect(url_for(view, site=site, lang=lang), HTTPStatus.SEE_OTHER)

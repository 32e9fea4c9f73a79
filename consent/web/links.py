"""The page behind a link of a mail: one button, and what came of it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from consent.errors import InvalidLink
from consent.services import links, notices
from consent.web import errors, locale
from consent.web.current import runtime
from consent.web.regions import region_of

bp = Blueprint("links", __name__, url_prefix="/<site>/withdraw/<link>")


@bp.get("")
def show(site: str, link: str) -> str:
    """Ask; whoever only looks, as scanners of mails do, changes nothing."""
    links.record_of(runtime(), site, link)
    return _page("withdraw", site)


@bp.post("")
def withdraw(site: str, link: str) -> str:
    """Withdraw, for the button as for a mail program (RFC 8058)."""
    links.withdraw(runtime(), site, link, region_of(request.environ, runtime()))
    return _page("withdrawn", site)


@bp.errorhandler(InvalidLink)
def _refuse(error: InvalidLink) -> ResponseReturnValue:
    site = str((request.view_args or {})["site"])
    return _page("invalid", site), errors.status_of(error)


def _page(name: str, site: str) -> str:
    publication = notices.in_force(runtime(), site)
    locale.speak(publication.notice.locales)
    return render_template(f"links/{name}.html", site=site, publication=publication)

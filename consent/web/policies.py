"""The cookie policy with its controls, and the privacy policy with its versions."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    make_response,
    redirect,
    render_template,
    request,
)
from flask.typing import ResponseReturnValue

from consent.domain.cookie_lists import Order, Search, lines, vendors
from consent.errors import NotFound
from consent.services import markdown, notices, policies
from consent.services.preferences import preferences
from consent.web import forms, htmx, locale
from consent.web.current import runtime
from consent.web.regions import region_of
from consent.web.visitors import Visitor
from consent.web.wire import is_gpc

bp = Blueprint("policies", __name__, url_prefix="/<site>")
MOST_SEARCHED = 200
MOST_DIGITS = 9
"""Characters of a search; nobody types more."""


@bp.url_defaults
def _keep(_endpoint: str, values: dict[str, Any]) -> None:
    """Keep the language and region that an address names."""
    for name in ("lang", "region"):
        if name in request.args:
            values.setdefault(name, request.args[name])


@bp.get("/cookies")
def cookies(site: str) -> Response:
    publication = notices.in_force(runtime(), site)
    locale.speak(publication.notice.locales)
    visitor, search = Visitor(site), _search()
    stands = preferences(
        runtime(),
        site,
        visitor.secret,
        refused=visitor.refused,
        gpc=is_gpc(request.environ),
        region=region_of(request.environ, runtime()),
    )
    found = {
        standing.purpose.id: lines(
            publication.notice, standing.purpose, locale.current(), search
        )
        for standing in stands.standings
    }
    response = make_response(
        htmx.render(
            "policies/cookies.html",
            "policies/_cookies.html",
            site=site,
            visitor=visitor,
            publication=publication,
            stands=stands,
            search=search,
            found=found,
            vendors=vendors(publication.notice, found.values(), search),
            decisions=forms.decisions(stands, runtime().clock.now()),
        )
    )
    response.vary.add("HX-Request")
    return response


@bp.get("/privacy")
def privacy(site: str) -> ResponseReturnValue:
    publication = notices.in_force(runtime(), site)
    notice = publication.notice
    if not notice.policy and notice.privacy_policy:
        return redirect(notice.privacy_policy)
    locale.speak(notice.locales)
    shown = policies.edition(runtime(), site, _version("version"))
    text, spoken = policies.text(shown, locale.current())
    compared = _version("compare")
    older = policies.edition(runtime(), site, compared) if compared else None
    return render_template(
        "policies/privacy.html",
        site=site,
        publication=publication,
        editions=policies.editions(runtime(), site),
        shown=shown,
        older=older,
        changes=policies.changes(older, shown, spoken) if older else (),
        html=markdown.html(text),
        spoken=spoken,
    )


def _search() -> Search:
    words = " ".join(request.args.get("q", "").split())[:MOST_SEARCHED]
    asked = request.args.get("sort", "")
    name = asked.removeprefix("-")
    order = Order(name) if name in [*Order] else None
    return Search(words, order, descending=order is not None and asked != name)


def _version(name: str) -> int | None:
    """Return the notice version that an address names, if it names one."""
    asked = request.args.get(name)
    if asked is None:
        return None
    if not asked.isdecimal() or len(asked) > MOST_DIGITS:
        raise NotFound(f"there is no notice {asked!r}")
    return int(asked)

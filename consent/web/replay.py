"""What the visitor saw, for whom it was shown to: as text, and drawn again."""

from flask import Blueprint, Response, make_response, render_template

from consent.services import replays, stages
from consent.services.languages import direction
from consent.services.replays import Replay
from consent.web import locale
from consent.web.current import runtime
from consent.web.visitors import Visitor

bp = Blueprint("replay", __name__, url_prefix="/<site>/records/<int:number>/replay")

# What is drawn says by itself what may run; here it is only kept apart.
_APART = "sandbox allow-scripts; frame-ancestors 'self'"


@bp.get("")
def show(site: str, number: int) -> str:
    found = _own(site, number)
    locale.speak(found.publication.notice.locales)
    lang = locale.current()
    return render_template(
        "replay/page.html",
        site=site,
        replay=found,
        publication=found.publication,
        fidelity=replays.said_of_fidelity(found.fidelity, lang),
        without_banner=replays.said_without_banner(found.record, lang),
        spoken_dir=direction(found.record.locale),
    )


@bp.get("/banner")
def banner(site: str, number: int) -> Response:
    response = make_response(stages.page(runtime(), _own(site, number)))
    response.headers["Content-Security-Policy"] = _APART
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _own(site: str, number: int) -> Replay:
    return replays.own_replay(runtime(), site, number, Visitor(site).secret)

"""The preference center: see, change and withdraw, complete without JavaScript."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec
from flask import (
    Blueprint,
    Response,
    flash,
    get_flashed_messages,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from flask_wtf.csrf import CSRFError

from consent.domain.choices import new_key
from consent.domain.entries import Publication
from consent.domain.vocabulary import Decision, How
from consent.errors import (
    ForbiddenOrigin,
    InvalidAccountProof,
    InvalidChoice,
    KeyReused,
)
from consent.services import accounts, choices, notices, refusals, subjects
from consent.services.answers import Answer
from consent.services.bodies import ChoiceRequest
from consent.services.preferences import Preferences, is_free, preferences
from consent.services.undoing import put_back
from consent.web import errors, forms, htmx, locale, mounted
from consent.web.current import runtime
from consent.web.forms import (
    Act,
    DecisionForm,
    HandoverForm,
    SwitchForm,
    UndoForm,
    WithdrawalForm,
)
from consent.web.locale import gettext as _
from consent.web.regions import region_of
from consent.web.visitors import Visitor, is_from_here, origin_of_referrer
from consent.web.wire import is_gpc

bp = Blueprint("preferences", __name__, url_prefix="/<site>/preferences")
Form = TypeVar("Form", bound=FlaskForm)
UNDO = "undo"
"""The category of what is flashed so that the page after an act can undo it."""


@bp.app_template_filter("host")
def _host(address: str) -> str:
    return urlsplit(address).netloc


@bp.url_defaults
def _keep_region(_endpoint: str, values: dict[str, Any]) -> None:
    """Let the address go on telling the region, where it is the one that tells."""
    region = request.args.get("region")
    if region is not None:
        values.setdefault("region", region)


@bp.get("")
def show(site: str) -> Response:
    origins = _speak(site)
    visitor = Visitor(site)
    origin = origin_of_referrer()
    once = visitor.arrive(origin if origin in origins else None)
    visitor.renew()
    stands = _stands(site, visitor)
    response = make_response(
        htmx.render(
            "preferences/page.html",
            "preferences/_settings.html",
            site=site,
            visitor=visitor,
            publication=stands.publication,
            stands=stands,
            back=_way_back(visitor, stands),
            is_mounted=mounted.is_mounted(request.environ, runtime(), site),
            **_blank_forms(stands, once),
        )
    )
    response.vary.add("HX-Request")
    return response


@bp.post("/<purpose>")
@bp.post("/<purpose>/vendors/<vendor>")
def decide(site: str, purpose: str, vendor: str | None = None) -> ResponseReturnValue:
    form = _checked(DecisionForm(), site)
    name = f"{purpose}:{vendor}" if vendor else purpose
    decisions = {name: Decision(str(form.decision.data))}
    place = {"_anchor": f"purpose-{purpose}"}
    if vendor:
        place = {"_anchor": f"yes-{purpose}-{vendor}", "open": purpose}
    layout = "vendor" if vendor else "purpose"
    return _choose(site, form.act, decisions, layout, **place)


@bp.post("/undo")
def undo(site: str) -> ResponseReturnValue:
    form = _checked(UndoForm(), site)
    return _choose(site, form.act, form.decisions, "undo")


@bp.post("/withdraw")
def withdraw(site: str) -> ResponseReturnValue:
    visitor, act = Visitor(site), _checked(WithdrawalForm(), site).act
    visitor.require_current()
    before = _stands(site, visitor)
    answer = choices.withdraw_as_subject(
        runtime(),
        site,
        secret=visitor.secret,
        key=act.key,
        locale=act.locale,
        region=_region(),
    )
    _remember(visitor, answer, act.notice)
    return _done(site, answer, visitor, before)


@bp.post("/handover")
def hand_over(site: str) -> ResponseReturnValue:
    form = _checked(HandoverForm(), site)
    visitor, secret = Visitor(site), str(form.secret.data)
    came_from = visitor.came_from
    if not visitor.spend(str(form.once.data)) or came_from is None:
        raise ForbiddenOrigin(came_from)
    if accounts.is_proof(secret):
        subjects.holder(runtime(), site, secret)
        visitor.log_in(secret, came_from)
        return _back(site)
    visitor.log_out()
    if not visitor.refused and is_free(runtime(), site, visitor.secret):
        visitor.hold(secret)
    else:
        visitor.offer(secret, came_from)
    return _back(site)


@bp.post("/switch")
def switch(site: str) -> ResponseReturnValue:
    _checked(SwitchForm(), site)
    Visitor(site).switch()
    return _back(site)


@bp.errorhandler(InvalidAccountProof)
def _show_again(_error: InvalidAccountProof) -> ResponseReturnValue:
    """Act for nobody else instead of an account that is logged in no longer."""
    site = str((request.view_args or {})["site"])
    Visitor(site).log_out()
    flash(_("That page was open for too long. Please confirm once more."))
    return _back(site)


@bp.errorhandler(CSRFError)
@bp.errorhandler(KeyReused)
def _ask_again(_error: Exception) -> ResponseReturnValue:
    """Keep an act whose form had ended: it is asked about, never lost."""
    if not is_from_here():
        return errors.answer(ForbiddenOrigin(request.headers.get("Origin")))
    site = str((request.view_args or {})["site"])
    _speak(site)
    kept = {k: v for k, v in request.form.items() if k not in {"csrf_token", "key"}}
    page = render_template(
        "preferences/again.html",
        site=site,
        kept=kept,
        form=SwitchForm(),
        key=_fresh_key(),
    )
    return page, HTTPStatus.BAD_REQUEST


def _speak(site: str) -> tuple[str, ...]:
    """Choose one of the site's languages; return its origins."""
    notice = notices.in_force(runtime(), site).notice
    locale.speak(notice.locales)
    return notice.origins


def _stands(site: str, visitor: Visitor) -> Preferences:
    return preferences(
        runtime(),
        site,
        visitor.secret,
        refused=visitor.refused,
        gpc=_gpc(),
        region=_region(),
    )


def _choose(
    site: str, act: Act, decisions: dict[str, Decision], layout: str, **place: Any
) -> ResponseReturnValue:
    """Record decisions about purposes, and about vendors in them."""
    visitor = Visitor(site)
    visitor.require_current()
    before = _stands(site, visitor)
    granted = Decision.GRANTED in decisions.values()
    said = _said_before(visitor, site, act.notice) if granted else {}
    asked = ChoiceRequest(
        key=act.key,
        notice=act.notice,
        decisions=said
        | {name: made for name, made in decisions.items() if ":" not in name},
        vendors={name: made for name, made in decisions.items() if ":" in name},
        how=How.PREFERENCES,
        locale=act.locale,
        secret=visitor.secret_for_grant() if granted else visitor.secret,
        after=act.after,
        layout=layout,
        gpc=_gpc(),
    )
    answer = choices.record_choice(runtime(), site, asked, _region())
    _remember(visitor, answer, act.notice)
    return _done(site, answer, visitor, before, **place)


def _way_back(visitor: Visitor, stands: Preferences) -> str | None:
    """Return the address of the page that was left.

    It takes along a no that was said here without a subject: nothing else could.
    """
    if visitor.came_from is None:
        return None
    token = None if stands.head else _refusal(stands.publication, visitor.refused)
    return f"{visitor.came_from}/" + (f"#consent={token}" if token else "")


def _refusal(publication: Publication, refused: dict[str, int]) -> str | None:
    return refusals.refusal(
        runtime(), publication, refused, region=_region(), gpc=_gpc()
    )


def _said_before(visitor: Visitor, site: str, version: int) -> dict[str, Decision]:
    """Return each no without a subject, for the first record that has one."""
    if not is_free(runtime(), site, visitor.secret):
        return {}
    return refusals.said_before(runtime(), site, version, visitor.refused)


def _blank_forms(stands: Preferences, once: str | None) -> dict[str, object]:
    shown = forms.what_was_shown(stands)
    return {
        "decisions": forms.decisions(stands, runtime().clock.now()),
        "withdrawal": WithdrawalForm(formdata=None, key=_fresh_key(), **shown),
        "undoing": _undoing(shown),
        "switching": SwitchForm(formdata=None),
        "handover": HandoverForm(formdata=None, once=once) if once else None,
    }


def _undoing(shown: dict[str, object]) -> UndoForm | None:
    """Return the form that undoes the act just confirmed, if it changed anything."""
    told = get_flashed_messages(category_filter=[UNDO])
    if not told:
        return None
    return UndoForm(formdata=None, key=_fresh_key(), put_back=told[0], **shown)


def _checked(form: Form, site: str) -> Form:
    """Return a form that was filled in on one of our pages, and properly."""
    _speak(site)
    if not is_from_here():
        raise ForbiddenOrigin(request.headers.get("Origin"))
    if not form.validate():
        fields = ", ".join(form.errors)
        raise InvalidChoice(_("The form was damaged: %(fields)s") % {"fields": fields})
    return form


def _remember(visitor: Visitor, answer: Answer, version: int) -> None:
    """Keep in the session what a no without subject leaves nowhere else.

    It is about whole purposes: one said to a vendor there had nothing to stop.
    """
    said_no = {
        name
        for name, made in answer.decisions.items()
        if made != "granted" and ":" not in name
    }
    others = {k: v for k, v in visitor.refused.items() if k not in answer.decisions}
    anonymous = answer.number is None
    visitor.remember(others | (dict.fromkeys(said_no, version) if anonymous else {}))


def _done(
    site: str, answer: Answer, visitor: Visitor, before: Preferences, **place: Any
) -> ResponseReturnValue:
    if answer.number is None:
        flash(_("Recorded. A no needs no identifier: nothing here points to you."))
    else:
        flash(_("Recorded as number %(number)s.") % {"number": answer.number})
    undoing = put_back(before, _stands(site, visitor))
    if undoing:
        flash(msgspec.json.encode(undoing).decode(), UNDO)
    response = make_response(_back(site, **place))
    if answer.number is None:
        publication = notices.in_force(runtime(), site)
        answer = replace(answer, token=_refusal(publication, visitor.refused))
    kept = mounted.answer_cookies(request.environ, runtime(), answer, visitor.secret)
    response.headers.extend(kept)
    return response


def _back(site: str, **place: Any) -> ResponseReturnValue:
    """Lead back to the page whose form it was; without scripts, to where it was."""
    view = "policies.cookies" if request.args.get("on") == "cookies" else ".show"
    kept = {name: request.args.get(name) for name in ("lang", "q", "sort")}
    address = url_for(view, site=site, **(place | kept))
    return redirect(address, HTTPStatus.SEE_OTHER)


def _fresh_key() -> str:
    return new_key(runtime().clock.now()).hex()


def _region() -> str | None:
    return region_of(request.environ, runtime())


def _gpc() -> bool:
    return is_gpc(request.environ)

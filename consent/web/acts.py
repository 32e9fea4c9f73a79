"""POST records, withdrawals and head: authority from the body, never a cookie."""

from collections.abc import Callable
from http import HTTPStatus

import msgspec

from consent.errors import ConsentError, ForbiddenOrigin, MethodNotAllowed
from consent.services import choices
from consent.services.answers import Answer
from consent.services.bodies import ChoiceRequest, HeadRequest, WithdrawalRequest
from consent.services.choices import Begun
from consent.services.runtime import Runtime
from consent.web import mounted
from consent.web.answers import Recorded
from consent.web.regions import region_of
from consent.web.wire import Environ, Reply, body_of, json_reply

_record = msgspec.json.Decoder(ChoiceRequest)
_withdrawal = msgspec.json.Decoder(WithdrawalRequest)
_head = msgspec.json.Decoder(HeadRequest)


def record(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Record a choice."""
    require(environ, runtime, site)
    asked = body_of(environ, _record)
    return recorded(environ, runtime, asked, begin(environ, runtime, site, asked))


def begin(
    environ: Environ,
    runtime: Runtime,
    site: str,
    asked: ChoiceRequest,
    tell: Callable[[], None] | None = None,
) -> Begun:
    """Hand in a choice; `tell` is called once `recorded` need not wait any more."""
    region = region_of(environ, runtime)
    return choices.begin_choice(runtime, site, asked, region, tell)


def recorded(
    environ: Environ, runtime: Runtime, asked: ChoiceRequest, begun: Begun
) -> Reply:
    """Answer a choice once it is durable."""
    answer = begun.answer(runtime)
    reply = json_reply(HTTPStatus.CREATED, _document(runtime, answer))
    return _kept(reply, environ, runtime, answer, asked.secret)


def asked_of_memory(
    environ: Environ, runtime: Runtime, site: str
) -> ChoiceRequest | None:
    """Return what is asked, if memory is enough to hand it in or say why not."""
    try:
        asked = body_of(environ, _record)
        return asked if choices.is_known(runtime, site, asked) else None
    except ConsentError:
        return None


def withdraw(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Withdraw some purposes or all."""
    require(environ, runtime, site)
    asked, region = body_of(environ, _withdrawal), region_of(environ, runtime)
    answer = choices.withdraw(runtime, site, asked, region)
    return json_reply(HTTPStatus.CREATED, _document(runtime, answer))


def head(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer with the newest token."""
    require(environ, runtime, site)
    asked, region = body_of(environ, _head), region_of(environ, runtime)
    answer = choices.head(runtime, site, asked, region)
    reply = json_reply(HTTPStatus.OK, _document(runtime, answer))
    return _kept(reply, environ, runtime, answer, asked.secret)


def cors(environ: Environ, runtime: Runtime, site: str) -> list[tuple[str, str]]:
    """Return the headers that let one of the site's own pages read the reply."""
    origin = environ.get("HTTP_ORIGIN")
    allowed = _is_allowed(runtime, site, origin)
    grant = [("Access-Control-Allow-Origin", str(origin))] if allowed else []
    return [*grant, ("Vary", "Origin")]


def receipt_address(runtime: Runtime, site: str, number: int) -> str:
    """Return where a record's subject, and nobody else, gets its receipt."""
    return f"{runtime.settings.address}/v1/{site}/records/{number}"


def require(environ: Environ, runtime: Runtime, site: str) -> None:
    """Let only a POST of one of the site's pages through."""
    if environ["REQUEST_METHOD"] != "POST":
        raise MethodNotAllowed("POST")
    runtime.follower.state(site)
    origin = environ.get("HTTP_ORIGIN")
    if not _is_allowed(runtime, site, origin):
        raise ForbiddenOrigin(origin)


def _is_allowed(runtime: Runtime, site: str, origin: str | None) -> bool:
    publication = runtime.follower.state(site).publication
    return publication is not None and origin in publication.notice.origins


def _kept(
    reply: Reply, environ: Environ, runtime: Runtime, answer: Answer, secret: str | None
) -> Reply:
    """Return a reply that keeps its answer in the browser, on the site's own host."""
    kept = mounted.answer_cookies(environ, runtime, answer, secret)
    return reply._replace(headers=reply.headers + kept)


def _document(runtime: Runtime, answer: Answer) -> Recorded:
    number = answer.number
    receipt = None
    if number is not None:
        receipt = receipt_address(runtime, answer.site, number)
    return Recorded(
        site=answer.site,
        decisions=answer.decisions,
        token=answer.token,
        expires_at=answer.expires_at,
        number=number,
        previous=answer.previous,
        receipt=receipt,
    )

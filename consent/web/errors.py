"""The one place that turns errors into HTTP: a problem document, or a page."""

import logging
from http import HTTPStatus
from math import ceil

import msgspec
from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from consent import errors
from consent.errors import ConsentError
from consent.web.answers import Problem
from consent.web.current import runtime
from consent.web.locale import gettext as _

log = logging.getLogger(__name__)

_STATUSES: dict[type[ConsentError], HTTPStatus] = {
    errors.MalformedBody: HTTPStatus.BAD_REQUEST,
    errors.InvalidApiKey: HTTPStatus.UNAUTHORIZED,
    errors.InvalidAccountProof: HTTPStatus.UNAUTHORIZED,
    errors.InvalidToken: HTTPStatus.FORBIDDEN,
    errors.ForbiddenOrigin: HTTPStatus.FORBIDDEN,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.InvalidLink: HTTPStatus.GONE,
    errors.MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    errors.KeyReused: HTTPStatus.CONFLICT,
    errors.SnapshotNeeded: HTTPStatus.GONE,
    errors.AnotherLedger: HTTPStatus.CONFLICT,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.InvalidChoice: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.InvalidCheck: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.MissingKey: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.Forked: HTTPStatus.SERVICE_UNAVAILABLE,
}
PROBLEM_JSON = "application/problem+json"
_JSON_PATHS = ("/v1/", "/.well-known/", "/healthz", "/readyz", "/openapi.json")


def status_of(error: ConsentError | type[ConsentError]) -> HTTPStatus:
    """Return the HTTP status of an error; what nobody foresaw is a 500."""
    own = error if isinstance(error, type) else type(error)
    for kind in own.__mro__:
        if kind in _STATUSES:
            return _STATUSES[kind]
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(status: HTTPStatus, code: str, detail: str) -> bytes:
    """Return a problem document (RFC 9457); `type` is stable."""
    told = Problem(type_of(code), status.phrase, int(status), detail)
    return msgspec.json.encode(told)


def type_of(code: str) -> str:
    """Return what tells an error of this code from every other one."""
    return f"urn:consent:{code}"


def extra_headers(error: ConsentError) -> list[tuple[str, str]]:
    """Return the headers that belong to an error."""
    if isinstance(error, errors.MethodNotAllowed):
        return [("Allow", error.allowed)]
    if isinstance(error, errors.InvalidApiKey):
        return [("WWW-Authenticate", 'Bearer realm="consent"')]
    if isinstance(error, errors.InvalidAccountProof):
        return [("WWW-Authenticate", 'Consent-Account realm="consent"')]
    if isinstance(error, errors.TooManyRequests):
        return [("Retry-After", str(ceil(error.wait_seconds)))]
    if status_of(error) is HTTPStatus.SERVICE_UNAVAILABLE:
        return [("Retry-After", "2")]
    return []


def init_app(app: Flask) -> None:
    """Answer every error of the Flask side here."""
    app.register_error_handler(ConsentError, answer)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(Exception, _on_unforeseen)


def answer(error: ConsentError) -> ResponseReturnValue:
    """Return what one of our errors looks like: a problem document, or a page."""
    response = _render(status_of(error), error.code, str(error))
    response.headers.extend(extra_headers(error))
    return response


def _on_http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error.get_response()
    status = HTTPStatus(error.code)
    code = status.phrase.lower().replace(" ", "_")
    response = _render(status, code, error.description or status.phrase)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = error.get_response().headers.get("Allow", "")
    return response


def _on_unforeseen(error: Exception) -> ResponseReturnValue:
    # The path alone: query and headers may hold what no log may hold.
    log.error("unforeseen at %s %s", request.method, request.path, exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return _render(status, "error", "Something failed on our side.")


def _render(status: HTTPStatus, code: str, detail: str) -> Response:
    # A person may follow a link to a receipt; programs ask for no pages.
    wants_page = request.accept_mimetypes.best == "text/html"
    if request.path.startswith(_JSON_PATHS) and not wants_page:
        document = problem(status, code, detail)
        return Response(document, status, mimetype=PROBLEM_JSON)
    site = request.path.split("/")[1]
    page = render_template(
        "errors/page.html",
        status=int(status),
        said=_said(status),
        site=site if site in runtime().follower.sites else None,
    )
    return Response(page, status, mimetype="text/html")


def _said(status: HTTPStatus) -> str:
    """Return what a page says to people; the details are for programs."""
    match status:
        case HTTPStatus.NOT_FOUND:
            return _("There is no such page.")
        case HTTPStatus.FORBIDDEN:
            return _("That did not come from one of our own pages.")
        case HTTPStatus.TOO_MANY_REQUESTS:
            return _("Too many requests came from your network. Try again in a minute.")
        case HTTPStatus.SERVICE_UNAVAILABLE:
            return _("We cannot record anything right now. Please try again soon.")
        case HTTPStatus.INTERNAL_SERVER_ERROR:
            return _("Something failed on our side.")
        case _:
            return _("That is not something this page can do.")

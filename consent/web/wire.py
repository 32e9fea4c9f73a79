"""Requests and replies of the hot lane, as thin as WSGI allows."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs

import msgspec

from consent.domain.showing import cookie_values, is_signalled
from consent.errors import BodyTooLarge, MalformedBody, UnsupportedMediaType

MAX_BODY_BYTES = 65_536
JSON_LD = "application/ld+json"
_LONGEST_LENGTH = 18
NOSNIFF = ("X-Content-Type-Options", "nosniff")
Environ = dict[str, Any]
Value = TypeVar("Value")
_STATUS_LINES = {one: f"{one.value} {one.phrase}" for one in HTTPStatus}
_BODILESS = {HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT}


class Reply(NamedTuple):
    """An answer before WSGI sees it."""

    status: HTTPStatus
    headers: list[tuple[str, str]]
    body: bytes = b""


def json_reply(
    status: HTTPStatus, value: object, content_type: str = "application/json"
) -> Reply:
    """Return a reply that holds a value as JSON and that nobody may keep."""
    headers = [("Content-Type", content_type), ("Cache-Control", "no-store"), NOSNIFF]
    return Reply(status, headers, msgspec.json.encode(value))


def body_of(
    environ: Environ,
    decoder: "msgspec.json.Decoder[Value]",
    limit_bytes: int = MAX_BODY_BYTES,
) -> Value:
    """Return the JSON body as a checked value.

    Raises UnsupportedMediaType, BodyTooLarge or MalformedBody.
    """
    media_type = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if media_type not in {"text/plain", "application/json"}:
        raise UnsupportedMediaType
    try:
        return decoder.decode(_read(environ, limit_bytes))
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as exc:
        raise MalformedBody(str(exc)) from exc


def _read(environ: Environ, limit_bytes: int) -> bytes:
    announced = environ.get("CONTENT_LENGTH") or ""
    if announced and not announced.isdecimal():
        raise MalformedBody("Content-Length is not a number")
    if len(announced) > _LONGEST_LENGTH or (announced and int(announced) > limit_bytes):
        raise BodyTooLarge(limit_bytes)
    expected = int(announced) if announced else limit_bytes + 1
    body: bytes = environ["wsgi.input"].read(expected)
    if len(body) > limit_bytes:
        raise BodyTooLarge(limit_bytes)
    return body


def query_value(environ: Environ, name: str) -> str | None:
    """Return a value of the query; several make one that matches nothing."""
    query = environ.get("QUERY_STRING")
    values = parse_qs(query, keep_blank_values=True).get(name) if query else None
    return ",".join(values) if values else None


def is_gpc(environ: Environ) -> bool:
    """Tell whether a request carries Global Privacy Control."""
    return is_signalled(environ.get("HTTP_SEC_GPC", ""))


def cookies(environ: Environ, name: str) -> list[str]:
    """Return every cookie of this name that a request brings."""
    return cookie_values(environ.get("HTTP_COOKIE", ""), name)


def send(reply: Reply, start_response: Any, *, head: bool = False) -> Iterable[bytes]:
    """Hand a reply to WSGI."""
    length = ("Content-Length", str(len(reply.body)))
    bodiless = reply.status in _BODILESS
    headers = reply.headers if bodiless else [*reply.headers, length]
    start_response(_STATUS_LINES[reply.status], headers)
    return [b""] if head or bodiless else [reply.body]

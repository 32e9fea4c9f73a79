"""What gateways follow over HTTP: state, status lists, changes."""

import hashlib
from http import HTTPStatus

import msgspec

from consent.domain.feed import LEDGER_SIZE
from consent.errors import MethodNotAllowed, NotFound, SnapshotNeeded
from consent.services import feed
from consent.services.runtime import Runtime
from consent.web.encodings import encoded
from consent.web.wire import NOSNIFF, Environ, Reply, json_reply, query_value


def state(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer GET state, or 304 to who has it already, its clocks aside."""
    _require_get(environ)
    told = feed.snapshot(runtime, site)
    timeless = msgspec.structs.replace(told, now=0, as_of=0)
    etag = _etag(msgspec.json.encode(timeless))
    return _tagged(environ, etag, msgspec.json.encode(told))


def changes(environ: Environ, runtime: Runtime, site: str) -> Reply:
    """Answer GET changes?after=; 410 sends the gateway to the state."""
    _require_get(environ)
    after = _whole_number(environ, "after")
    if after is None:
        raise SnapshotNeeded("after: expected the number of an entry")
    last_at = _whole_number(environ, "last_at")
    told = feed.changes(runtime, site, after, last_at)
    return encoded(environ, json_reply(HTTPStatus.OK, told))


def status_list(environ: Environ, runtime: Runtime, site: str, index: str) -> Reply:
    """Answer GET status/{n}, or 304 to who has it already."""
    _require_get(environ)
    if not index.isascii() or not index.isdigit() or len(index) > 9:
        raise NotFound("there is no such status list")
    body, size = feed.status_list(runtime, site, int(index))
    reply = _tagged(environ, _etag(body), body)
    return reply._replace(headers=[*reply.headers, (LEDGER_SIZE, str(size))])


def _etag(body: bytes) -> str:
    # Weak: however it is encoded, it tells the same.
    return f'W/"{hashlib.sha256(body).hexdigest()[:32]}"'


def _tagged(environ: Environ, etag: str, body: bytes) -> Reply:
    headers = [("ETag", etag), ("Cache-Control", "no-cache"), NOSNIFF]
    if environ.get("HTTP_IF_NONE_MATCH") == etag:
        return Reply(HTTPStatus.NOT_MODIFIED, headers)
    headers.append(("Content-Type", "application/json"))
    return encoded(environ, Reply(HTTPStatus.OK, headers, body))


def _whole_number(environ: Environ, name: str) -> int | None:
    text = query_value(environ, name) or ""
    digits = text.removeprefix("-")
    return int(text[:20]) if digits.isascii() and digits.isdigit() else None


def _require_get(environ: Environ) -> None:
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        raise MethodNotAllowed("GET")

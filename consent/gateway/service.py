"""What a gateway asks the service over HTTP."""

import logging
import re
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import urllib3

from consent.domain import feed
from consent.domain.feed import (
    LEDGER_SIZE,
    Changes,
    Snapshot,
    StatusList,
    unpack_statuses,
)
from consent.domain.reports import Report
from consent.errors import AnotherLedger, SnapshotNeeded, Unavailable

log = logging.getLogger(__name__)

TIMEOUT = urllib3.Timeout(connect=2, read=5)
HEADERS = {"Accept": "*/*", "Accept-Encoding": "gzip"}
MAX_ANSWER_BYTES = 2**24
"""Unpacked. The longest changes told at once take an eighth of it."""
_NUMBER = re.compile("[0-9]{1,18}")
_CONFLICT = 409
_GONE = 410
_REFUSED = {400, 413, 422}
_OK = 200
_TAKEN = 204


class _Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes


class Service:
    """One site of a service, as gateways see it; keeps its connection open."""

    def __init__(self, url: str, site: str, api_key: str | None = None) -> None:
        self._key = api_key
        self._base = f"{url.rstrip('/')}/v1/{site}"
        self._pool = urllib3.PoolManager(maxsize=1, timeout=TIMEOUT, retries=False)

    def snapshot(self) -> Snapshot:
        """Return the state without its status lists; raises Unavailable."""
        return _decoded(_required(self._get("state")), Snapshot)

    def status_list(self, index: int, size: int) -> bytes:
        """Return the bytes of one status list.

        Raises Unavailable, also if it is of a ledger that was shorter than that.
        """
        answer = _required(self._get(f"status/{index}"))
        known = answer.headers.get(LEDGER_SIZE, "")
        # Another process of the service may know less than the one asked before.
        if not _NUMBER.fullmatch(known) or int(known) < size:
            raise Unavailable("a status list is older than the state")
        try:
            return unpack_statuses(_decoded(answer, StatusList))
        except ValueError as exc:
            raise Unavailable(str(exc)) from exc

    def changes(self, after: int, last_at: int) -> Changes:
        """Return what happened after an entry that was made at a time.

        Raises SnapshotNeeded, AnotherLedger, Unavailable.
        """
        answer = self._get(f"changes?after={after}&last_at={last_at}")
        # Of any other address such a status says nothing about the ledger.
        if answer.status == _CONFLICT:
            raise AnotherLedger("the ledger lost entries that were told of")
        if answer.status == _GONE:
            raise SnapshotNeeded("the service tells no changes from there on")
        return _decoded(_required(answer), Changes)

    def report(self, gateway: str, report: Report) -> None:
        """Have a report taken in; raises Unavailable if it perhaps was not."""
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
        }
        body = msgspec.json.encode(report)
        answer = self._send("POST", f"gateways/{gateway}", headers, body)
        if answer.status in _REFUSED:
            # Told again it would be refused again, and all counted since with it.
            log.error("a report of %s is lost: %s", gateway, answer.body[:200])
        elif answer.status != _TAKEN:
            raise Unavailable(f"the service answers {answer.status}")

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()

    def _get(self, path: str) -> _Answer:
        return self._send("GET", path, HEADERS)

    def _send(
        self, method: str, path: str, headers: dict[str, str], body: bytes | None = None
    ) -> _Answer:
        try:
            answer = self._pool.request(
                method,
                f"{self._base}/{path}",
                headers=headers,
                body=body,
                redirect=False,
                preload_content=False,
            )
            return _Answer(answer.status, answer.headers, _whole(answer))
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            raise Unavailable(f"the service cannot be asked: {exc}") from exc


def _whole(answer: urllib3.BaseHTTPResponse) -> bytes:
    """Return a body, which a few bytes on the way may unpack to anything.

    Raises Unavailable if it is too large.
    """
    body = answer.read(MAX_ANSWER_BYTES + 1, decode_content=True)
    if len(body) > MAX_ANSWER_BYTES:
        answer.close()
        raise Unavailable(f"the service answers more than {MAX_ANSWER_BYTES} bytes")
    return body


def _required(answer: _Answer) -> _Answer:
    if answer.status != _OK:
        raise Unavailable(f"the service answers {answer.status}")
    return answer


def _decoded(answer: _Answer, kind: type[feed.Told]) -> feed.Told:
    try:
        return feed.read(answer.body, kind)
    except ValueError as exc:
        raise Unavailable(f"the service cannot be followed: {exc}") from exc

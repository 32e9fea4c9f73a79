"""Tell one address of what happened, at least once, by Standard Webhooks."""

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec

from consent.domain import webhooks
from consent.domain.entries import AnyBody
from consent.domain.webhooks import Message
from consent.errors import NotFound
from consent.services.runtime import Runtime
from consent.store import outbox
from consent.store.outbox import Waiting

TIMEOUT_SECONDS = 10
CLAIMED_SECONDS = 60
"""Longer than any attempt takes: what was claimed is not sent twice at once."""
FIRST_PAUSE_SECONDS = 5
LONGEST_PAUSE_SECONDS = 6 * 3_600
MOST_ATTEMPTS = 24
"""The pauses double up to six hours, so the last attempt is three days later."""

log = logging.getLogger(__name__)


class Undelivered(Exception):
    """The receiver could not be reached, or did not say that it took the message."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """What is signed for one address is shown to no other."""

    def redirect_request(self, *_args: Any) -> None:
        """Take a redirect for the failure that it is."""


_opener = urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({}))


def deliver(runtime: Runtime, is_over: Callable[[], bool]) -> None:
    """Send what is due, one message after another, until it is time to stop.

    What fails is tried again later.
    """
    if runtime.settings.webhook is None:
        return
    while not is_over() and (waiting := _claimed(runtime)):
        message = _message(runtime, waiting)
        try:
            if message:
                _send(runtime, message)
        except Undelivered as exc:
            _put_off(runtime, waiting, exc)
        else:
            with runtime.database.writing() as connection:
                outbox.drop(connection, waiting)


def forget(runtime: Runtime) -> None:
    """Drop what nobody is to be told, where there is no webhook."""
    with runtime.database.writing() as connection:
        outbox.clear(connection)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many attempts have failed."""
    seconds = FIRST_PAUSE_SECONDS * 2 ** (attempts - 1)
    return timedelta(seconds=min(seconds, LONGEST_PAUSE_SECONDS))


def _claimed(runtime: Runtime) -> Waiting | None:
    now = runtime.clock.now()
    with runtime.database.reading() as connection:
        if not outbox.is_due(connection, now):
            return None
    with runtime.database.writing() as connection:
        return outbox.claim(connection, now, now + timedelta(seconds=CLAIMED_SECONDS))


def _message(runtime: Runtime, waiting: Waiting) -> Message | None:
    """Return what is told of an entry, unless its content was erased meanwhile."""
    try:
        body: AnyBody = runtime.ledger(waiting.site).body(waiting.number)
    except NotFound:
        return None
    return webhooks.message_of(body)


def _send(runtime: Runtime, message: Message) -> None:
    settings = runtime.settings
    told = message._asdict()
    del told["id"]
    payload = msgspec.json.encode(told)
    keys = [webhooks.key_of(text) for text in settings.webhook_keys]
    seconds = int(runtime.clock.now().timestamp())
    headers = webhooks.headers(keys, message.id, seconds, payload)
    # Settings allow https alone, and http on this machine.
    request = urllib.request.Request(  # noqa: S310
        str(settings.webhook),
        payload,
        {**headers, "Content-Type": "application/json", "User-Agent": "consent"},
    )
    try:
        # Nothing of the answer but its status is read.
        _opener.open(request, timeout=TIMEOUT_SECONDS).close()
    except urllib.error.HTTPError as exc:
        exc.close()
        raise Undelivered(f"it answers {exc.code}") from exc
    except (OSError, http.client.HTTPException) as exc:
        raise Undelivered(f"it cannot be reached: {exc}") from exc


def _put_off(runtime: Runtime, waiting: Waiting, reason: Undelivered) -> None:
    told = f"webhook: {waiting.site} {waiting.number}, attempt {waiting.attempts}"
    is_last = waiting.attempts >= MOST_ATTEMPTS
    with runtime.database.writing() as connection:
        if is_last:
            outbox.drop(connection, waiting)
        else:
            due_at = runtime.clock.now() + pause_after(waiting.attempts)
            outbox.put_off(connection, waiting, due_at)
    if is_last:
        log.error("%s: %s; given up", told, reason)
    else:
        log.warning("%s: %s", told, reason)

"""The hot lane: one small WSGI callable in front of Flask.

Flask's request context costs more than a whole check, so the calls that come
thousands of times a second are answered here and everything else passes on.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from http import HTTPStatus
from typing import Any

from consent.errors import ConsentError
from consent.services.runtime import Runtime
from consent.web import acts, errors, feed, gate, subject_acts
from consent.web.banner import Banner
from consent.web.limits import Limits
from consent.web.wire import NOSNIFF, Environ, Reply, send

log = logging.getLogger(__name__)

_ACTS = {
    "records": acts.record,
    "withdrawals": acts.withdraw,
    "head": acts.head,
    "history": subject_acts.history,
    "export": subject_acts.export,
    "erasure": subject_acts.erase,
}
_FEEDS = {"state": feed.state, "changes": feed.changes}
Wsgi = Callable[[Environ, Any], Iterable[bytes]]


class Lane:
    """Answers checks, acts and the banner script; hands on what is not its own."""

    def __init__(
        self, behind: Wsgi, runtime: Runtime, banner: Banner, limits: Limits
    ) -> None:
        self._behind = behind
        self._runtime = runtime
        self._banner = banner
        self._limits = limits

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer one WSGI request."""
        reply = self.reply(environ)
        if reply is None:
            return self._behind(environ, start_response)
        head = environ["REQUEST_METHOD"] == "HEAD"
        return send(reply, start_response, head=head)

    def reply(self, environ: Environ) -> Reply | None:
        """Return the answer to a request, or None if it is not for the lane."""
        answer = self._route(environ["PATH_INFO"])
        if answer is None:
            return None
        try:
            return answer(environ)
        except Exception as error:
            return refusal(error, environ)

    def _route(self, path: str) -> Callable[[Environ], Reply] | None:
        match path.split("/"):
            case ["", "v1", site, "check", purpose, *below]:
                # What a proxy appended brings the query of the event with it.
                asks = gate.check_appended if below else gate.check
                return partial(asks, runtime=self._runtime, site=site, purpose=purpose)
            case ["", "v1", site, act] if act in _ACTS:
                return partial(self._act, site=site, act=act)
            case ["", "v1", site, told] if told in _FEEDS:
                return partial(_FEEDS[told], runtime=self._runtime, site=site)
            case ["", "v1", site, "status", index]:
                return partial(
                    feed.status_list, runtime=self._runtime, site=site, index=index
                )
            case ["", site, "banner.js"]:
                return partial(self._banner.serve, site=site)
            case ["", site, "dialog.js"]:
                return partial(self._banner.serve_dialog, site=site)
        return None

    def _act(self, environ: Environ, site: str, act: str) -> Reply:
        readable = acts.cors(environ, self._runtime, site)
        try:
            self._limits.spend_act(environ, act)
            reply = _ACTS[act](environ, self._runtime, site)
        except Exception as error:
            reply = refusal(error, environ)
        return reply._replace(headers=reply.headers + readable)


def refusal(error: Exception, environ: Environ) -> Reply:
    """Return what is answered instead; logs what nobody foresaw."""
    if isinstance(error, ConsentError):
        reply = _problem(errors.status_of(error), error.code, str(error))
        return reply._replace(headers=reply.headers + errors.extra_headers(error))
    # The path alone: query and headers may hold what no log may hold.
    log.error("unforeseen at %s", environ["PATH_INFO"], exc_info=error)
    return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "error", "Something failed here.")


def _problem(status: HTTPStatus, code: str, detail: str) -> Reply:
    headers = [
        ("Content-Type", errors.PROBLEM_JSON),
        ("Cache-Control", "no-store"),
        NOSNIFF,
    ]
    return Reply(status, headers, errors.problem(status, code, detail))

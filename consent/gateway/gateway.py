"""Decide in process whether something may fire, at line rate, without a request."""

import logging
import os
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from math import inf
from pathlib import Path
from time import monotonic
from types import TracebackType

from consent.domain.checks import Verdict
from consent.domain.deciding import decide, decide_all
from consent.domain.vocabulary import Reason
from consent.gateway import kept
from consent.gateway.following import Following
from consent.gateway.reporting import Reporter
from consent.gateway.service import Service

log = logging.getLogger(__name__)

POLL_SECONDS = 0.2
MAX_STALE_SECONDS = 60.0
MOST_STALE_SECONDS = 3600
RETRY_SECONDS = 1.0
REPORT_SECONDS = 10.0
STALE = Verdict(allowed=False, reason=Reason.STALE)
Heard = Callable[[str, Verdict], None]


class Gateway:
    """Decides for one site by what the service last said of it.

    It follows in a thread of its own, goes on after a fork, and may be asked by any
    thread. Whatever it is not sure of it denies: before the first answer, and once the
    last one is older than `max_stale_seconds`.

        with Gateway("https://consent.example", "hummingbytes") as gateway:
            if gateway.decide(token, "analytics").allowed: ...
    """

    def __init__(
        self,
        url: str,
        site: str,
        *,
        poll_seconds: float = POLL_SECONDS,
        max_stale_seconds: float = MAX_STALE_SECONDS,
        snapshot: Path | None = None,
        on_verdict: Heard | None = None,
        name: str | None = None,
        api_key: str | None = None,
        report_seconds: float = REPORT_SECONDS,
    ) -> None:
        """Prepare to follow a site of the service at `url`.

        `snapshot` is a file to start from, kept when closing; `on_verdict` hears the
        purpose and the verdict of each decision, never a token. Under a `name`, and
        with an API key of the site, it reports how often it decided, and how.
        """
        if not url.startswith(("http://", "https://")):
            raise ValueError("url: expected http://… or https://…")
        if name and not api_key:
            raise ValueError("a gateway that reports needs an api_key beside its name")
        if api_key and not (api_key.isascii() and api_key.isprintable()):
            raise ValueError("api_key: expected the key alone, without a line's end")
        if not (0 < poll_seconds < inf and 0 < max_stale_seconds <= MOST_STALE_SECONDS):
            wanted = f"more than 0, max_stale_seconds at most {MOST_STALE_SECONDS}"
            raise ValueError(f"poll_seconds, max_stale_seconds: expected {wanted}")
        self._url = url
        self._site = site
        self._poll_seconds = poll_seconds
        self._snapshot = snapshot
        self._on_verdict = on_verdict
        self._api_key = api_key
        self._following = Following(self._service(), max_stale_seconds)
        self._reporter = (
            Reporter(self._service(), self._following, name, report_seconds)
            if name
            else None
        )
        self._stopping = threading.Event()
        self._up_to_date = threading.Event()
        self._thread: threading.Thread | None = None
        _gateways.add(self)

    @property
    def site(self) -> str:
        """The key of the site it decides for."""
        return self._site

    def start(self) -> "Gateway":
        """Follow in the background from now on; raises RuntimeError the second time."""
        if self._thread or self._stopping.is_set():
            raise RuntimeError("a gateway is started once")
        if self._snapshot and (found := kept.load(self._snapshot, self._site)):
            try:
                self._following.resume(found.snapshot, found.statuses)
            except ValueError as exc:
                log.warning("%s cannot be used: %s", self._snapshot, exc)
        self._follow()
        return self

    def wait(self, timeout_seconds: float | None = None) -> bool:
        """Wait for the service's first answer; tell whether it came."""
        return self._up_to_date.wait(timeout_seconds)

    def decide(
        self,
        token: str | Sequence[str] | None,
        purpose: str,
        vendor: str | None = None,
        *,
        gpc: bool = False,
    ) -> Verdict:
        """Decide whether a purpose, or a vendor in it, may run, by the check rule.

        Of several tokens (duplicate cookies) all must allow; `gpc` tells whether the
        request carries Global Privacy Control.
        """
        following = self._following
        state, now = following.state, monotonic() + following.ahead_seconds
        if state is None:
            verdict = STALE
        elif isinstance(token, str):
            verdict = decide(state, token, purpose, now, vendor, gpc)
        else:
            verdict = decide_all(state, _texts(token), purpose, now, vendor, gpc)
        if self._reporter:
            next(self._reporter.tally[purpose][verdict.reason])
        if self._on_verdict:
            self._on_verdict(purpose, verdict)
        return verdict

    def forwarded(self, purpose: str, times: int = 1) -> None:
        """Count events that were passed on, to be compared with what was allowed."""
        if self._reporter:
            self._reporter.forward(purpose, times)

    def close(self) -> None:
        """Stop following, report what is left, keep the state if there is a file."""
        self._stopping.set()
        if self._thread:
            self._thread.join()
            self._thread = None
        state, last_at = self._following.state, self._following.last_at
        if self._snapshot and state:
            kept.save(self._snapshot, state, last_at)
        if self._reporter:
            self._reporter.close()

    def __enter__(self) -> "Gateway":
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.close()

    def go_on_after_fork(self) -> None:
        """Follow in this process too: a fork takes no threads along."""
        if self._reporter:
            self._reporter = self._reporter.anew(self._service())
        if self._thread is None:
            return
        # The connection is the parent's, and its thread may have held any lock.
        self._following.service = self._service()
        self._stopping = threading.Event()
        self._up_to_date = threading.Event()
        self._follow()

    def _follow(self) -> None:
        self._thread = threading.Thread(
            target=self._run, name=f"gateway of {self._site}", daemon=True
        )
        self._thread.start()
        if self._reporter:
            self._reporter.start()

    def _service(self) -> Service:
        return Service(self._url, self._site, self._api_key)

    def _run(self) -> None:
        failing = False
        while not self._stopping.is_set():
            pause = self._poll_seconds
            try:
                self._following.poll()
                self._up_to_date.set()
                failing = False
            except Exception as exc:
                # Decisions go on until what is known is stale, and deny from then on.
                # Whatever an answer holds, none may end the following.
                if not failing:
                    log.warning("%s: %s", self._site, exc)
                failing, pause = True, RETRY_SECONDS
            self._stopping.wait(pause)
        self._following.service.close()


def _texts(tokens: object) -> list[str]:
    """What is no text is no token; left out it would read as never asked."""
    if tokens is None:
        return []
    several = tokens if isinstance(tokens, Iterable) else [tokens]
    return [one if isinstance(one, str) else "" for one in several]


_gateways: "weakref.WeakSet[Gateway]" = weakref.WeakSet()


def _after_fork() -> None:
    for gateway in list(_gateways):
        gateway.go_on_after_fork()


os.register_at_fork(after_in_child=_after_fork)

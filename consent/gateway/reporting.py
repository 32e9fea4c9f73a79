"""Report what one process decided: counts alone, in batches, in a thread of its own."""

import logging
import secrets
import threading
from functools import partial
from multiprocessing.util import Finalize

import msgspec

from consent.domain.reports import Followed, GatewayName, report_of
from consent.domain.tallies import Batch, Batches
from consent.gateway.following import Following
from consent.gateway.service import Service

log = logging.getLogger(__name__)

MOST_SECONDS = 30
"""Half of the time after which a gateway counts as one that stopped."""


class Reporter:
    """Counts for one process; what the service did not take is told again."""

    def __init__(
        self, service: Service, following: Following, name: str, seconds: float
    ) -> None:
        """Prepare to report as the gateway `name`.

        Raises ValueError, or msgspec.ValidationError for what is no such name.
        """
        msgspec.convert(name, GatewayName)
        if not 0 < seconds <= MOST_SECONDS:
            raise ValueError(f"report_seconds: expected at most {MOST_SECONDS}")
        self._service = service
        self._following = following
        self._name = name
        self._seconds = seconds
        self._failing = False
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._batches = Batches(secrets.token_hex(16), self._is_known)
        self.tally = self._batches.tally
        self.forward = self._batches.forward

    def start(self) -> None:
        """Report in the background from now on, and once more when the program ends."""
        self._thread = threading.Thread(
            target=self._run, name=f"reports of {self._name}", daemon=True
        )
        self._thread.start()
        # Unlike `atexit` it knows of worker processes, and does nothing in a fork.
        self._at_exit = Finalize(None, self.close, exitpriority=0)

    def close(self) -> None:
        """Report what is left, and that nothing follows."""
        if self._thread is None:
            return
        self._at_exit.cancel()
        self._stopping.set()
        self._thread.join()
        self._thread = None
        self._report(last=True)
        self._service.close()

    def anew(self, service: Service) -> "Reporter":
        """Return the reporter of a forked process: what was counted is the parent's."""
        return Reporter(service, self._following, self._name, self._seconds)

    def _run(self) -> None:
        while not self._stopping.wait(self._seconds):
            self._report()

    def _report(self, *, last: bool = False) -> None:
        try:
            self._batches.deliver(partial(self._send, closed=last), last=last)
            self._failing = False
        except Exception as exc:
            # Whatever goes wrong here, counting goes on, and so does the program.
            if not self._failing:
                log.warning("%s: what it decided is not reported: %s", self._name, exc)
            self._failing = True

    def _send(self, batch: Batch, *, closed: bool) -> None:
        instance, position = self._batches.instance, self._position()
        report = report_of(instance, batch, position, closed=closed)
        self._service.report(self._name, report)

    def _position(self) -> Followed | None:
        state = self._following.state
        # What was started from a file or just now is as of no time yet.
        if state is None or state.as_of <= 0:
            return None
        return Followed(state.size, state.as_of)

    def _is_known(self, purpose: str) -> bool:
        state = self._following.state
        return state is not None and state.has_purpose(purpose)

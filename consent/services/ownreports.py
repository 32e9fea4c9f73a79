"""Report the checks that this process answers itself, as any gateway does."""

import logging
import threading
from functools import partial

from consent.domain.reports import Followed, report_of
from consent.domain.tallies import Batch, Batches
from consent.services import gateways
from consent.services.runtime import Runtime

GATEWAY = "checks"
REPORT_SECONDS = 10

log = logging.getLogger(__name__)


class OwnReports:
    """Reports in a thread of its own, until the runtime is closed."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stop = threading.Event()
        self._failing: set[str] = set()
        self._thread = threading.Thread(target=self._run, name="reports", daemon=True)

    def start(self) -> None:
        """Report in the background from now on."""
        self._runtime.before_closing.callback(self._thread.join)
        self._runtime.before_closing.callback(self._stop.set)
        self._thread.start()

    def _run(self) -> None:
        while not self._stop.wait(REPORT_SECONDS):
            self._report()
        self._report(last=True)

    def _report(self, *, last: bool = False) -> None:
        for site, batches in list(self._runtime.checked.items()):
            try:
                send = partial(self._take, site, batches, closed=last)
                batches.deliver(send, last=last)
                self._failing.discard(site)
            except Exception as exc:
                # What was counted is told with what is counted next.
                if site not in self._failing:
                    log.warning("checks of %s are not reported", site, exc_info=exc)
                self._failing.add(site)

    def _take(self, site: str, batches: Batches, batch: Batch, *, closed: bool) -> None:
        state = self._runtime.follower.state(site)
        position = Followed(state.size, state.as_of)
        report = report_of(batches.instance, batch, position, closed=closed)
        gateways.take(self._runtime, site, GATEWAY, report)

"""The work behind the scenes: integrate each second, purge each hour."""

import logging
import threading

from consent.errors import ConsentError
from consent.services import retention
from consent.services.runtime import Runtime

INTEGRATE_SECONDS = 0.5
PURGE_SECONDS = 3_600

log = logging.getLogger(__name__)


class Worker:
    """Does the work until it is stopped; several at once do no harm."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._stop = threading.Event()
        self._purged_at = float("-inf")
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)

    def start(self) -> None:
        """Work in the background from now on, until the runtime is closed."""
        self._runtime.before_closing.callback(self._thread.join)
        self._runtime.before_closing.callback(self.stop)
        self._thread.start()

    def stop(self) -> None:
        """Stop after what is being done."""
        self._stop.set()

    def run(self) -> None:
        """Work until stopped. What fails is tried again."""
        failing = False
        while not self._stop.is_set():
            try:
                self._runtime.integrator.integrate()
                self._purge_hourly()
                failing = False
            except Exception as exc:
                if not failing:
                    log.error("the worker fails: %s", exc, exc_info=exc)
                failing = True
            self._stop.wait(INTEGRATE_SECONDS)

    def _purge_hourly(self) -> None:
        clock = self._runtime.clock
        if clock.seconds() - self._purged_at < PURGE_SECONDS:
            return
        self._purged_at = clock.seconds()
        for site in self._runtime.follower.sites:
            try:
                retention.purge(self._runtime, site, clock.now())
            except ConsentError as exc:
                log.warning("%s: not purged: %s", site, exc)

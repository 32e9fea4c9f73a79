"""The work behind the scenes: integrate each second, tell webhooks, purge hourly."""

import logging
import threading
from collections.abc import Callable

from consent.errors import ConsentError, Unguarded
from consent.services import gateways, retention, webhooks
from consent.services.runtime import Runtime

INTEGRATE_SECONDS = 0.5
PURGE_SECONDS = 3_600

log = logging.getLogger(__name__)


class Worker:
    """Does the work until it is stopped; several at once do no harm.

    One that only watches sees that ledgers still fit what was signed of them, and
    leaves the rest to others.
    """

    def __init__(self, runtime: Runtime, *, only_watches: bool = False) -> None:
        self._runtime = runtime
        self._only_watches = only_watches
        self._stop = threading.Event()
        self._failing: set[str] = set()
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
        """Work until stopped. What fails is tried again, and told once."""
        integrator = self._runtime.integrator
        if self._only_watches:
            self._repeat(integrator.watch)
            return
        # Whoever is told may take their time: nothing else waits for that.
        telling = threading.Thread(
            target=self._repeat, args=[self._tell], name="webhooks", daemon=True
        )
        telling.start()
        self._repeat(integrator.integrate, self._purge_hourly)
        telling.join()

    def _repeat(self, *work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            for step in work:
                self._try(step)
            self._stop.wait(INTEGRATE_SECONDS)

    def _tell(self) -> None:
        webhooks.deliver(self._runtime, self._stop.is_set)

    def _try(self, step: Callable[[], None]) -> None:
        name = step.__name__
        try:
            step()
        except Unguarded as exc:
            if name not in self._failing:
                log.error("nothing is signed: %s", exc)
            self._failing.add(name)
        except Exception as exc:
            if name not in self._failing:
                log.error("the worker fails: %s", exc, exc_info=exc)
            self._failing.add(name)
        else:
            self._failing.discard(name)

    def _purge_hourly(self) -> None:
        clock = self._runtime.clock
        if clock.seconds() - self._purged_at < PURGE_SECONDS:
            return
        self._purged_at = clock.seconds()
        if self._runtime.settings.webhook is None:
            webhooks.forget(self._runtime)
        gateways.forget(self._runtime)
        for site in self._runtime.follower.sites:
            try:
                retention.purge(self._runtime, site, clock.now())
            except ConsentError as exc:
                log.warning("%s: not purged: %s", site, exc)

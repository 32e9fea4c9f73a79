"""Start the three programs, watch over them, and end them together."""

import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from examples.demo.errors import DemoError
from examples.demo.places import ROOT, Place, Places
from examples.demo.preparation import CONSENT, environment

READY_SECONDS = 30
END_SECONDS = 10
POLL_SECONDS = 0.1
LOG_LINES_SHOWN = 15


@dataclass(frozen=True)
class Child:
    """A started program, where it listens, and where it writes what it says."""

    place: Place
    process: subprocess.Popen[bytes]
    log: Path | None

    @property
    def last_words(self) -> str:
        """The end of its log."""
        if self.log is None:
            return ""
        return "\n".join(self.log.read_text("utf-8").splitlines()[-LOG_LINES_SHOWN:])


def require_free(places: Places) -> None:
    """Stop if something else listens where one of the programs wants to."""
    for place in places.all:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((place.bind, place.port))
            except OSError as exc:
                raise DemoError(taken(place, str(exc.strerror))) from exc


def taken(place: Place, why: str) -> str:
    """Return what to say when a program's port is not to be had."""
    return (
        f"The {place.title} cannot start: port {place.port} of {place.bind} is not"
        f" free ({why}).\nChoose another port, for example:"
        f" {place.variable}={place.port + 100} make demo"
    )


def start(
    place: Place, command: list[str], env: dict[str, str], log: Path | None
) -> Child:
    """Start a program in a session of its own, so that Ctrl-C reaches only us."""
    with contextlib.ExitStack() as stack:
        output = stack.enter_context(log.open("wb")) if log else None
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and modules
            command,
            cwd=ROOT,
            env=env,
            stdout=output,
            stderr=subprocess.STDOUT if output else None,
            start_new_session=True,
        )
    return Child(place, process, log)


def start_all(places: Places) -> Iterator[Child]:
    """Start the service, the shop and the gateway."""
    service, shop, gateway = places.all
    env = environment(places)
    own = [sys.executable, "-m", "examples.demo.serve"]
    yield start(service, [*CONSENT, "serve"], env, places.folder / "service.log")
    arguments = ["shop", shop.bind, str(shop.port), service.address, gateway.address]
    yield start(shop, [*own, *arguments], env, None)
    arguments = [
        "gateway",
        gateway.bind,
        str(gateway.port),
        service.direct,
        shop.address,
    ]
    yield start(gateway, [*own, *arguments], env, None)


def end(children: list[Child]) -> None:
    """End all programs: ask them, and after a while insist."""
    for child in children:
        child.process.terminate()
    for child in children:
        try:
            child.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            child.process.kill()
            child.process.wait()


@contextmanager
def running(places: Places) -> Iterator[list[Child]]:
    """Run the three programs for as long as the block lasts."""
    children: list[Child] = []
    try:
        children.extend(start_all(places))
        yield children
    finally:
        end(children)


def is_ready(place: Place) -> bool:
    """Tell whether a program answers that it is ready."""
    connection = HTTPConnection(place.bind, place.port, timeout=1)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def require_alive(children: list[Child]) -> None:
    """Stop if one of the programs has ended by itself."""
    for child in children:
        code = child.process.poll()
        if code is not None:
            raise DemoError(
                f"The {child.place.title} has ended (exit code {code}).\n"
                f"{child.last_words}".rstrip()
            )


def wait_until_ready(children: list[Child], stop: threading.Event) -> None:
    """Wait until every program is ready, or somebody wants to stop."""
    deadline = time.monotonic() + READY_SECONDS
    waiting = list(children)
    while waiting and not stop.wait(POLL_SECONDS):
        require_alive(children)
        waiting = [child for child in waiting if not is_ready(child.place)]
        if waiting and time.monotonic() > deadline:
            slow = waiting[0]
            raise DemoError(
                f"The {slow.place.title} is not ready after {READY_SECONDS} seconds.\n"
                f"{slow.last_words}".rstrip()
            )


def watch(children: list[Child], stop: threading.Event) -> None:
    """Return when somebody wants to stop; fail if a program ends before."""
    while not stop.wait(POLL_SECONDS):
        require_alive(children)

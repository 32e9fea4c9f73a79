"""The wheel, installed where nothing else is, does what the checkout does."""

import sys
import zipfile

import pytest

from tests.packaging.environments import install
from tests.packaging.tools import ROOT, succeeds
from tests.running import Service

SITE_FILE = ROOT / "examples" / "hummingbytes.yaml"

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
    catalogues = (ROOT / "translations").glob("*/LC_MESSAGES/messages.po")
    assets = {f"consent/assets/{path.relative_to(ROOT)}" for path in catalogues}
    assert assets <= {*names}
    assert not [name for name in names if "__pycache__" in name]


def test_without_extras_the_domain_needs_neither_flask_nor_a_database(wheel, tmp_path):
    light = install(wheel, tmp_path / "light")

    assert light.output_of(IMPORT_THE_DOMAIN) == "[]"


def test_it_is_imported_from_the_environment_not_from_the_checkout(server):
    imported = server.output_of("import consent; print(consent.__file__)")

    assert imported.startswith(str(server.packages))


def test_it_serves_script_pages_and_german(server, tmp_path, free_port):
    consent = str(server.python.with_name("consent"))
    database_url = f"sqlite:///{tmp_path / 'consent.sqlite'}"
    service = Service(tmp_path, free_port, database_url, command=(consent,))
    service.prepare(SITE_FILE)

    with service.serving():
        banner = service.ask("GET", "/hummingbytes/banner.js?lang=de")[2]
        page = service.ask("GET", "/hummingbytes/preferences?lang=de")[2]
        dialog = service.ask("GET", "/hummingbytes/dialog.js?lang=de&notice=1")

    assert "Alle ablehnen" in banner
    assert '<html lang="de"' in page
    assert "Datenschutzeinstellungen" in page
    assert "Auswahl speichern" in dialog[2]

"""The service as its own processes, one or several, on one database of each kind."""

import json
from contextlib import closing

import pytest

from consent.store.database import Database
from consent.store.ledger import LedgerReader
from tests.factories import SITE, site_file
from tests.running import Service


@pytest.fixture
def make_service(database_url, tmp_path, free_ports):
    """Return a function that sets up a server; all share database and token keys."""
    file = tmp_path / "site.yaml"
    file.write_text(json.dumps(site_file()))
    ports = iter(free_ports(2))
    prepared = []

    def make(**changes):
        service = Service(tmp_path, next(ports), database_url, **changes)
        if not prepared:
            service.prepare(file)
        prepared.append(service)
        return service

    return make


@pytest.fixture
def ledger(database_url):
    """Return a function that reads the contents of the ledger, past the service."""

    def read():
        with closing(Database(database_url)) as database:
            return [body for _, body in LedgerReader(database, SITE).entries()]

    return read

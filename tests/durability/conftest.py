"""The service as its own processes, one or several, on one database of each kind."""

import pytest

from consent.services.notices import publish
from consent.services.runtime import Runtime, migrate_database
from tests.factories import CHECKPOINT_KEY, SITE, TOKEN_KEY, make_notice
from tests.running import Service


@pytest.fixture
def onlooker(settings):
    """Return parts that share the database of the servers, with a site published."""
    migrate_database(settings)
    opened = Runtime.open(settings)
    publish(opened, make_notice())
    yield opened
    opened.close()


@pytest.fixture
def make_service(onlooker, tmp_path, free_ports):
    """Return a function that sets up a server; all share database and keys."""
    (tmp_path / "token-keys").write_text(TOKEN_KEY)
    (tmp_path / "checkpoint-keys").write_text(CHECKPOINT_KEY)
    ports = iter(free_ports(4))
    url = onlooker.settings.database_url
    return lambda **changes: Service(tmp_path, next(ports), url, **changes)


@pytest.fixture
def ledger(onlooker):
    """Return a function that reads the contents of the ledger, past the servers."""
    return lambda: [content for _, content in onlooker.ledger(SITE).entries()]

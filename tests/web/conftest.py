import pytest

from consent.services.notices import publish
from tests.factories import OTHER_ORIGIN, make_notice


@pytest.fixture
def other(app):
    """Publish a second site on the same service."""
    publish(
        app.extensions["consent"], make_notice(site="other", origins=[OTHER_ORIGIN])
    )


@pytest.fixture
def database_url(sqlite_url):
    """Return an empty SQLite database: test_path.py alone tries both kinds."""
    return sqlite_url

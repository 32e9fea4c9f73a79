import pytest

from consent.app import create_app
from consent.services.notices import publish
from consent.services.runtime import migrate_database
from consent.settings import Settings
from tests.factories import CHECKPOINT_KEY, OTHER_ORIGIN, TOKEN_KEY, make_notice
from tests.web.pages import walk


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


@pytest.fixture(scope="session")
def walked(tmp_path_factory):
    """Return a service with a real site, every page of which was asked for."""
    folder = tmp_path_factory.mktemp("walked")
    settings = Settings(
        database_url=f"sqlite:///{folder / 'consent.sqlite'}",
        token_keys=(TOKEN_KEY,),
        checkpoint_keys=(CHECKPOINT_KEY,),
        checkpoint_guard=str(folder / "checkpoints"),
        secret_keys=("0123456789abcdef" * 2,),
        https=False,
    )
    migrate_database(settings)
    app = create_app(settings)
    yield app, walk(app)
    app.extensions["consent"].close()


@pytest.fixture
def pages(walked):
    """Return every page there is, by name."""
    return walked[1]

"""A service over real HTTP, with something in between that can spoil what it says."""

import pytest

from consent.gateway import Gateway
from tests.factories import SITE
from tests.gateway.following import Between, serving


@pytest.fixture
def database_url(sqlite_url):
    """Return an empty SQLite database: what is followed is the same on each kind."""
    return sqlite_url


@pytest.fixture
def between(app):
    """Return what stands between gateways and the service."""
    return Between(app)


@pytest.fixture
def address(between):
    """Serve; return the address."""
    with serving(between) as found:
        yield found


@pytest.fixture
def make_gateway(address):
    """Return a function that starts a gateway, which is closed at the end."""
    made = []

    def make(url=address, site=SITE, **options):
        gateway = Gateway(url, site, poll_seconds=0.02, **options).start()
        made.append(gateway)
        return gateway

    yield make
    for gateway in made:
        gateway.close()


@pytest.fixture
def gateway(make_gateway):
    """Return a gateway that has heard of the service."""
    made = make_gateway()
    assert made.wait(10)
    return made

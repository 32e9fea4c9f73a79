"""Further processes on one database, what is in it, and what is in force."""

from contextlib import ExitStack
from dataclasses import replace

import pytest

from consent.services.runtime import Runtime, migrate_database
from tests.factories import SITE


@pytest.fixture
def runtime(settings):
    """Open the running parts on a migrated database; who follows says so."""
    migrate_database(settings)
    opened = Runtime.open(settings)
    yield opened
    opened.close()


@pytest.fixture
def terms(shop):
    """Return the terms in force."""
    return shop.follower.state(SITE).in_force


@pytest.fixture
def another(shop, settings):
    """Return a function that opens what one more process of the service has."""
    with ExitStack() as stack:

        def open_another(**changes):
            opened = Runtime.open(replace(settings, **changes))
            stack.callback(opened.close)
            return opened

        yield open_another


@pytest.fixture
def ledger(shop):
    """Return a function that returns the contents of a site's ledger, in order."""
    return lambda site=SITE: [body for _, body in shop.ledger(site).entries()]

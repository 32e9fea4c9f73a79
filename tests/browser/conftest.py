"""The demo's three programs, and visitors with browsers of their own."""

import pytest

from consent.services.runtime import Runtime
from consent.settings import Settings
from tests.browser.town import Town
from tests.browser.visitor import Visitor


@pytest.fixture(scope="session")
def running_town(tmp_path_factory):
    """Start the service, the shop and the gateway."""
    town = Town(tmp_path_factory.mktemp("town"))
    town.prepare()
    with town.running():
        yield town


@pytest.fixture(scope="session")
def ledger(running_town):
    """Open the service's database beside the service."""
    opened = Runtime.open(Settings.from_environ(running_town.service.settings))
    yield opened
    opened.close()


@pytest.fixture
def town(running_town):
    """Return the three programs, the gateway's list of events empty."""
    running_town.open_gateway()
    return running_town


@pytest.fixture
def new_visitor(chromium, town):
    """Return a function that lets a new visitor come, with options of a browser."""
    contexts = []

    def come(**options):
        contexts.append(chromium.new_context(**{"locale": "en-US"} | options))
        return Visitor(contexts[-1], town)

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(new_visitor):
    """Return a visitor who was never here before."""
    return new_visitor()


@pytest.fixture
def shop(visitor):
    """Open the shop, which asks."""
    return visitor.visit_shop()

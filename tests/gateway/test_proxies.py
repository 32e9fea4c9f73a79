"""An event passes a real proxy only while its visitor, and the operator, allow it."""

import time
from contextlib import ExitStack

import pytest

from tests.factories import SITE
from tests.gateway import sdks
from tests.gateway.following import PATIENCE_SECONDS, SOON_SECONDS, eventually
from tests.gateway.front import COMMANDS, make_service, standing

CACHED_SECONDS = 2


@pytest.fixture(scope="module")
def running_front(tmp_path_factory, free_ports):
    """Run a service and every proxy in front of it."""
    folder = tmp_path_factory.mktemp("front")
    service = make_service(folder, free_ports)
    with standing(folder, service, free_ports) as front:
        yield front


@pytest.fixture
def front(running_front):
    """Return them, nothing collected yet, the service up."""
    running_front.events.clear()
    running_front.start()
    return running_front


@pytest.mark.parametrize("program", COMMANDS)
def test_an_event_passes_only_while_its_visitor_allows_it(front, program):
    token = front.grant()

    statuses = [
        front.send(program, "of nobody"),
        front.send(program, "of a forger", Consent_Token=f"{token}A"),
        front.send(program, "in a header", Consent_Token=token),
        front.send(program, "in a cookie", Cookie=f"a=b; consent_shop={token}"),
        front.send(
            program, "of two", Cookie=f"consent_shop={token}; consent_shop=pending"
        ),
        front.send(program, "deeper", "/collect/page", Consent_Token=token),
        # What the event's own address asks for is not what the gateway asks.
        front.send(program, "asking", "/collect?vendor=no", Consent_Token=token),
        front.send(program, "apart", "/collect/a?vendor=no", Consent_Token=token),
    ]
    front.withdraw(token)
    statuses.append(front.send(program, "too late", Consent_Token=token))

    assert statuses == [403, 403, 202, 202, 403, 202, 202, 202, 403]
    assert front.events == ["in a header", "in a cookie", "deeper", "asking", "apart"]


def test_answers_that_are_cached_for_a_second_hide_a_withdrawal_for_two_at_most(front):
    token = front.grant()
    cached = {"path": "/collect-cached", "Consent_Token": token}
    assert front.send("nginx", "before", **cached) == 202

    front.withdraw(token)
    time.sleep(CACHED_SECONDS)

    assert front.send("nginx", "after", **cached) == 403
    assert front.events == ["before"]


def test_the_token_of_a_pixel_goes_no_further_than_nginx(front):
    token = front.grant()
    query = f"consent_token={token}"

    def look(query, **headers):
        return front.ask("nginx", "GET", f"/pixel?{query}", **headers)

    statuses = [
        look(f"a=1&{query}&b=2"),
        look(query),
        look("c=3", Cookie=f"consent_shop={token}"),
        look("d=4"),
        look(f"{query}&{query}"),
        look(f"consent%5ftoken={token}"),
        look(f"%63onsent_token={token}"),
        look(f"consent_token%20={token}"),
        look(f"a=b?consent_token={token}"),
        look("consent_token="),
        front.ask("nginx", "GET", f"/pixel/Consent_token={token}"),
    ]
    front.withdraw(token)
    statuses.append(look(query))

    assert statuses == [202, 202, 202, 403, *[400] * 5, 403, 400, 403]
    assert front.events == ["/pixel?a=1&b=2", "/pixel", "/pixel?c=3"]
    log = front.folder / "nginx" / "pixel.log"
    # It is written after the answer.
    eventually(lambda: log.read_text("utf-8").count("\n"), len(statuses) - 1)
    assert token.rpartition(".")[2] not in log.read_text("utf-8")


@pytest.mark.parametrize("target", ["analytics", "matomo"])
def test_what_the_operator_stops_is_stopped_at_every_gateway(front, target):
    """By one command; who names no vendor may be about to fire any of them."""
    token = front.grant()
    with ExitStack() as stack:
        ask = {
            kind: stack.enter_context(sdks.running(kind)).follow(front.service.address)
            for kind in sdks.COMMANDS
        }

        def verdicts():
            return {one: asked(token) for one, asked in ask.items()} | front.statuses(
                token
            )

        def cached():
            return front.send("nginx", "", "/collect-cached", Consent_Token=token)

        def become(reason, status, seconds):
            alike = dict.fromkeys(ask, reason) | dict.fromkeys(COMMANDS, status)
            eventually(verdicts, alike, seconds)
            eventually(cached, status, CACHED_SECONDS)

        become("granted", 202, PATIENCE_SECONDS)
        which = ["--vendor"] * (target == "matomo") + [target]

        front.service.run("suspend", SITE, *which)
        become("suspended", 403, SOON_SECONDS)
        front.service.run("resume", SITE, *which)
        become("granted", 202, SOON_SECONDS)


def test_no_event_passes_while_the_service_is_down(front):
    token = front.grant()
    assert {*front.statuses(token).values()} == {202}
    front.events.clear()

    front.stop()

    assert min(front.statuses(token).values()) >= 400
    assert front.events == []

"""Whatever fails, no SDK allows what the ledger does not support."""

import json
import time
from contextlib import ExitStack
from dataclasses import replace

import pytest

from consent.app import create_app
from consent.domain.checks import SETTLING_SECONDS
from consent.domain.feed import pack_statuses
from consent.services import keys, ledgers
from tests.factories import CHECKPOINT_KEY, SITE, TOKEN_KEY, fresh_key
from tests.gateway import sdks
from tests.gateway.following import eventually
from tests.web.asking import record, withdraw

GRANT = {"analytics": "granted", "marketing": "granted"}


@pytest.fixture(scope="module")
def programs():
    """Run each SDK."""
    with ExitStack() as stack:
        yield {kind: stack.enter_context(sdks.running(kind)) for kind in sdks.COMMANDS}


class Gateways:
    """A gateway of each SDK, all following the same address."""

    def __init__(self, programs, address, **options):
        self._ask = {
            kind: sdk.follow(address, **options) for kind, sdk in programs.items()
        }

    def reasons(self, token):
        """Return the reason of each."""
        return {kind: ask(token) for kind, ask in self._ask.items()}

    def wait_for(self, wanted, token):
        """Wait until all decide alike."""
        wanted = dict.fromkeys(self._ask, wanted)
        eventually(lambda: self.reasons(token), wanted)


@pytest.fixture
def make_gateways(programs, address):
    """Return a function that starts a gateway of each SDK."""
    return lambda url=address, **options: Gateways(programs, url, **options)


@pytest.fixture
def gateways(make_gateways, token):
    """Return gateways that know the token."""
    made = make_gateways()
    made.wait_for("granted", token)
    return made


@pytest.fixture
def token(client):
    """Return the token of somebody who allowed everything."""
    return record(client, GRANT)["token"]


# Damage


def spoiled(name, change):
    """Return what spoils the answers at one kind of address."""

    def spoil(path, answer):
        return change(answer) if f"/{name}" in path else answer

    return spoil


def other(name, text):
    """Return what puts another text into an answer."""
    return lambda answer: json.dumps(json.loads(answer) | {name: text}).encode()


def cut(answer):
    return answer[: len(answer) // 2]


DAMAGES = (
    spoiled("state", cut),
    spoiled("status/", cut),
    spoiled("status/", other("lst", "")),
    spoiled("status/", other("lst", pack_statuses(b"").lst)),
    spoiled("status/", other("bits", 1)),
    spoiled("changes", cut),
    spoiled("changes", other("keys", {"kid": "no key"})),
    spoiled("changes", other("origin", "another ledger")),
    spoiled("changes", other("size", 0)),
    spoiled("changes", other("changes", [{"number": 7, "status": 0}])),
    spoiled("status/", other("lst", pack_statuses(b"\xaa").lst)),
    spoiled("state", lambda answer: b'{"site": "\xff"}'),
    spoiled("changes", lambda answer: b'{"": ' + b"[" * 100_000),
    lambda path, answer: None,
    spoiled("changes", other("now", 1e308)),
    # Still JSON, and more than anybody should hold in memory.
    spoiled("changes", lambda answer: answer + b" " * 2**24),
    # Whoever is on the way may say so of any address.
    lambda path, answer: 410,
    lambda path, answer: 409,
)


def test_whatever_is_damaged_allows_nothing_until_it_is_whole(
    make_gateways, address, between, token
):
    between.spoil = lambda path, answer: DAMAGES[int(path.split("/")[1])](path, answer)
    every = [make_gateways(f"{address}/{place}") for place in range(len(DAMAGES))]

    time.sleep(0.5)
    reasons = [gateways.reasons(token) for gateways in every]

    assert reasons == [dict.fromkeys(sdks.COMMANDS, "stale")] * len(DAMAGES)
    between.spoil = lambda path, answer: answer
    for gateways in every:
        gateways.wait_for("granted", token)


def test_without_the_service_it_denies_once_the_last_answer_is_too_long_ago(
    make_gateways, between, token
):
    gateways = make_gateways(max_stale_seconds=1)
    gateways.wait_for("granted", token)

    between.spoil = lambda path, answer: None

    gateways.wait_for("stale", token)
    between.spoil = lambda path, answer: answer
    gateways.wait_for("granted", token)


# What is old


def cache(app, *names):
    """Return what answers for ever as the app did first, at addresses of a kind."""
    kept = {}

    def answer(environ, start_response):
        address = environ["PATH_INFO"] + environ["QUERY_STRING"]
        is_kept = any(f"/{name}" in address for name in names)
        if not is_kept or address not in kept:
            told = []
            body = app(environ, lambda *head: told.extend(head))
            kept[address] = told, list(body)
        told, body = kept[address]
        start_response(*told)
        return body

    return answer


def test_answers_that_were_kept_on_the_way_prove_nothing(
    make_gateways, app, between, token, client
):
    """Neither to who heard others before nor to who hears no others at all."""
    heard = make_gateways(max_stale_seconds=1)
    heard.wait_for("granted", token)

    between.app = cache(app, "changes", "state", "status/")
    late = make_gateways()

    heard.wait_for("stale", token)
    late.wait_for("stale", token)
    withdraw(client, token)
    assert late.reasons(token) == heard.reasons(token)


@pytest.mark.parametrize("name", ["state", "status/"])
def test_an_old_state_or_list_allows_nothing_that_was_withdrawn(
    make_gateways, app, between, client, token, name
):
    between.app = cache(app, name)
    make_gateways().wait_for("granted", token)
    withdraw(client, token)

    late = make_gateways()

    time.sleep(0.3)
    assert not {"granted"} & set(late.reasons(token).values())


# Keys and clocks


def test_a_key_is_rotated_and_then_found_to_have_leaked(
    settings, app, between, gateways, token
):
    rotated = create_app(replace(settings, token_keys=(TOKEN_KEY, CHECKPOINT_KEY)))
    between.app = rotated
    newer = record(rotated.test_client(), GRANT, secret=fresh_key())["token"]
    gateways.wait_for("granted", newer)
    old_key, new_key = (one.split(".")[0] for one in (token, newer))
    keys.retire_key(app.extensions["consent"], old_key, compromised=False)
    gateways.wait_for("granted", token)

    keys.retire_key(app.extensions["consent"], old_key, compromised=True)

    gateways.wait_for("invalid", token)
    gateways.wait_for("granted", newer)
    assert old_key != new_key
    rotated.extensions["consent"].close()


@pytest.mark.parametrize("shift", [-600, 600])
def test_a_gateways_own_clock_does_not_matter(address, client, token, shift):
    with ExitStack() as stack:
        shifted = {
            kind: stack.enter_context(sdks.running(kind, shift))
            for kind in sdks.COMMANDS
        }
        gateways = Gateways(shifted, address)
        gateways.wait_for("granted", token)

        withdraw(client, token)

        gateways.wait_for("withdrawn", token)


def test_servers_whose_clocks_are_ten_minutes_apart_hide_no_withdrawal(
    settings, app, between, gateways, client, token
):
    ahead = create_app(settings)
    ahead.extensions["consent"].clock._offset += 600
    both = [app, ahead]

    def by_turns(environ, start_response):
        both.reverse()
        return both[0](environ, start_response)

    between.app = by_turns
    newer = record(ahead.test_client(), GRANT, secret=fresh_key())["token"]
    gateways.wait_for("granted", newer)

    withdraw(client, token)
    withdraw(client, newer)

    gateways.wait_for("withdrawn", token)
    gateways.wait_for("withdrawn", newer)
    between.app = app
    time.sleep(0.3)
    assert set(gateways.reasons(token).values()) == {"withdrawn"}
    ahead.extensions["consent"].close()


def test_a_server_that_is_late_brings_nothing_back(
    settings, app, between, gateways, client, token
):
    late = create_app(replace(settings, poll_seconds=60))
    withdraw(client, token)
    gateways.wait_for("withdrawn", token)

    between.app = late

    seen = [gateways.reasons(token) for _ in range(50) if not time.sleep(0.02)]
    assert seen == [dict.fromkeys(sdks.COMMANDS, "withdrawn")] * 50
    late.extensions["consent"].close()


# Another ledger


@pytest.fixture
def restored(settings, app, token, tmp_path):
    """Return the service as of a backup that was made once the token was given."""
    older = tmp_path / "older.sqlite"
    app.extensions["consent"].database.copy(older)
    # Nothing was signed in between, so that the service itself notices nothing.
    apart = {
        "checkpoint_guard": str(tmp_path / "apart"),
        "token_keys_path": tmp_path / "token-keys",
    }
    made = create_app(replace(settings, database_url=f"sqlite:///{older}", **apart))
    yield made
    made.extensions["consent"].close()


def test_a_restored_ledger_that_grew_as_long_vouches_for_nothing(
    restored, between, client, gateways, token
):
    """What was followed before is not how this one began."""
    lost = [record(client, GRANT, secret=fresh_key())["token"] for _ in range(2)]
    withdraw(client, lost[1])
    gateways.wait_for("withdrawn", lost[1])
    withdraw(restored.test_client(), token)
    for _ in range(4):
        record(restored.test_client(), {"analytics": "refused"}, secret=None)

    between.app = restored

    gateways.wait_for("stale", token)
    gateways.wait_for("stale", lost[0])
    ledgers.start_anew(restored.extensions["consent"], [SITE])
    gateways.wait_for("invalid", lost[0])


def test_a_ledger_that_lost_what_was_told_of_it_vouches_for_nothing(
    restored, between, client, gateways
):
    """The number that was lost is given to somebody else."""
    lost = [record(client, GRANT, secret=fresh_key())["token"] for _ in range(2)]
    withdraw(client, lost[1])
    gateways.wait_for("withdrawn", lost[1])
    between.app = restored
    record(restored.test_client(), GRANT, secret=fresh_key())

    # A server may be so late.
    time.sleep(SETTLING_SECONDS)

    gateways.wait_for("stale", lost[0])

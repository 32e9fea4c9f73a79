"""Every process knows of every entry: at once of its own, soon of the others'."""

import threading
import time
from contextlib import contextmanager

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert
from sqlalchemy import select

from consent.domain.checks import Verdict
from consent.domain.state import SiteState, change_of
from consent.domain.tokens import key_id
from consent.domain.vocabulary import Reason, Regime
from consent.errors import Unavailable, UnknownSite
from consent.services.bodies import ChoiceRequest, WithdrawalRequest
from consent.services.checks import may_fire
from consent.services.choices import record_choice, withdraw
from consent.services.keys import retire_key
from consent.services.notices import publish, switch
from consent.store import ledger as ledgers
from consent.store.database import CHANNEL
from tests.factories import SITE, body, choice, fresh_key, make_notice, withdrawal
from tests.store.concurrency import SOON_SECONDS, eventually

GRANT = {"analytics": "granted"}
SELDOM = 60
"""Seconds between polls that no test waits for."""

on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def shop(shop):
    """Return the running parts after their first poll since the publication."""
    shop.follower.poll()
    return shop


def grant(runtime):
    """Record a grant; return its token."""
    return record_choice(runtime, SITE, convert(body(GRANT), ChoiceRequest)).token


def take_back(runtime, token):
    return withdraw(runtime, SITE, WithdrawalRequest(token=token, key=fresh_key()))


def verdict(runtime, token, purpose="analytics"):
    return may_fire(runtime, SITE, [token], purpose, None, gpc=False)


def is_up_to_date(runtime, other):
    return runtime.follower.state(SITE).size == other.follower.state(SITE).size


# Own writes


def test_a_process_knows_its_own_writes_at_once(shop, another):
    alone = another(poll_seconds=SELDOM)
    token = grant(alone)
    granted = verdict(alone, token)

    take_back(alone, token)

    assert granted == Verdict(True, Reason.GRANTED)
    assert verdict(alone, token) == Verdict(False, Reason.WITHDRAWN)


def test_who_repeats_what_another_process_has_written_knows_it_too(shop, another):
    """An answer may be lost on its way, and asked for again elsewhere."""
    token = grant(shop)
    other = another(poll_seconds=SELDOM)
    other.follower.poll()
    asked = WithdrawalRequest(token=token, key=fresh_key())
    withdraw(shop, SITE, asked)
    publish(shop, make_notice(site="blog"))

    withdraw(other, SITE, asked)
    publish(other, make_notice(site="blog"))

    assert verdict(other, token) == Verdict(False, Reason.WITHDRAWN)
    assert other.follower.state("blog").publication


def test_who_waits_to_catch_up_holds_no_connection(shop):
    """Polling needs one: with all of them taken, each would wait for the other."""
    follower = shop.follower
    with follower._applying:
        waiting = [threading.Thread(target=follower.catch_up) for _ in range(32)]
        for one in waiting:
            one.start()
        time.sleep(0.2)
        with shop.database.reading() as connection:
            assert connection.scalar(select(1)) == 1
    for one in waiting:
        one.join(20)


def test_a_newer_choice_supersedes_the_older_token_at_once(shop):
    older = grant(shop)

    newer = grant(shop)

    assert verdict(shop, older) == Verdict(False, Reason.SUPERSEDED)
    assert verdict(shop, newer) == Verdict(True, Reason.GRANTED)


def test_a_site_is_there_at_once_for_the_process_that_published_it(shop):
    published, is_new = publish(shop, make_notice(site="blog"))

    assert is_new
    assert shop.follower.state("blog").publication == published
    assert shop.follower.sites == [SITE, "blog"]


def test_a_site_without_notice_is_unknown(shop):
    with pytest.raises(UnknownSite):
        shop.follower.state("nowhere")


# Others' writes


def test_a_process_that_starts_knows_everything_before_it(shop, another):
    token = grant(shop)
    take_back(shop, token)

    late = another()

    assert is_up_to_date(late, shop)
    assert verdict(late, token) == Verdict(False, Reason.WITHDRAWN)


def test_an_entry_of_another_process_arrives_by_the_next_poll(shop, another):
    other = another()
    token = grant(shop)

    other.follower.poll()

    assert is_up_to_date(other, shop)
    assert verdict(other, token) == Verdict(True, Reason.GRANTED)


def test_a_withdrawal_at_one_process_soon_denies_at_the_other(shop, another):
    other = another()
    other.start()
    token = grant(shop)

    take_back(shop, token)

    withdrawn = Verdict(False, Reason.WITHDRAWN)
    assert eventually(lambda: verdict(other, token) == withdrawn)


def test_a_new_notice_and_a_suspension_soon_arrive_at_the_other_process(shop, another):
    other = another()
    other.start()

    publish(shop, make_notice(term_days=30))
    switch(shop, SITE, purpose="analytics", vendor=None, lifted=False)

    assert eventually(lambda: other.follower.state(SITE).suspended == {"analytics"})
    assert other.follower.state(SITE).in_force.term_days[Regime.OPT_IN] == 30


def test_a_compromised_key_is_soon_distrusted_by_every_process(shop, another):
    other = another()
    other.start()
    token = grant(shop)
    assert verdict(other, token).allowed

    retire_key(shop, shop.require_signer().kid, compromised=True)

    invalid = Verdict(False, Reason.INVALID)
    assert eventually(lambda: verdict(other, token) == invalid)


def test_every_process_knows_the_public_keys_of_all(shop, another, settings):
    other_key = "Q0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0NDQ0M"

    other = another(token_keys=(other_key,))
    shop.follower.poll()

    kids = {key.kid for key in shop.follower.keys}
    assert kids == {signer.kid for signer in (*shop.signers, *other.signers)}
    assert set(shop.follower.state(SITE).verifier.keys) == kids
    assert {key_id(key.public) for key in shop.follower.keys} == kids


def test_many_entries_are_followed_chunk_by_chunk(shop, terms, another, monkeypatch):
    other = another()
    for _ in range(10):
        shop.writer.append(choice(terms, GRANT))
    monkeypatch.setattr(ledgers, "CHUNK", 3)

    other.follower.poll()

    assert is_up_to_date(other, shop)


# Waking


@pytest.fixture
def listening(shop, another, sql):
    """Another process that polls seldom and listens to PostgreSQL."""
    other = another(poll_seconds=SELDOM)
    other.start()
    listeners = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
    assert eventually(lambda: sql(listeners))
    return other


@on_postgresql
def test_a_notification_wakes_the_others_long_before_their_next_poll(shop, listening):
    token = grant(shop)
    take_back(shop, token)

    withdrawn = Verdict(False, Reason.WITHDRAWN)
    assert eventually(lambda: verdict(listening, token) == withdrawn)


@on_postgresql
def test_commits_close_together_share_a_notification_that_comes_after_them(
    shop, terms, sql
):
    dsn = shop.database.url.set(drivername="postgresql")
    with psycopg.connect(
        dsn.render_as_string(hide_password=False), autocommit=True
    ) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        for _ in range(50):
            shop.writer.append(choice(terms, GRANT))

        # What each of them found when it came.
        found = [
            sql("SELECT size FROM site")[0].size for _ in listener.notifies(timeout=0.5)
        ]

    assert found[-1] == 51
    assert len(found) < 50


@on_postgresql
def test_who_hears_of_an_entry_finds_it(shop, terms, sql):
    dsn = shop.database.url.set(drivername="postgresql")
    with psycopg.connect(
        dsn.render_as_string(hide_password=False), autocommit=True
    ) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        # What was published before may still be told of.
        list(listener.notifies(timeout=0.2))
        writing = threading.Thread(
            target=shop.writer.append, args=[choice(terms, GRANT)]
        )
        writing.start()

        (_,) = listener.notifies(timeout=SOON_SECONDS, stop_after=1)

        assert sql("SELECT size FROM site")[0].size == 2
        writing.join()


@on_postgresql
def test_whoever_lost_its_connection_listens_again(shop, listening, server, sql):
    listener = "SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN %'"
    ((before,),) = sql(listener)

    server.execute("SELECT pg_terminate_backend(%s)", [before])
    assert eventually(lambda: {row.pid for row in sql(listener)} - {before})
    grant(shop)

    assert eventually(lambda: is_up_to_date(listening, shop))


# Outages


@pytest.fixture
def server(postgres_server):
    """Return a superuser's connection to the server, not to the test's database."""
    with psycopg.connect(postgres_server.get_uri(), autocommit=True) as connection:
        yield connection


@contextmanager
def outage(server, name):
    """Close a database to everybody until the block ends."""
    server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    server.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        [name],
    )
    yield
    server.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


@on_postgresql
def test_the_follower_survives_an_outage_and_catches_up(shop, another, server):
    other = another()
    other.start()
    token = grant(shop)

    with outage(server, shop.database.url.database):
        assert eventually(lambda: other.follower.age_seconds > 0.2)
        during = verdict(other, token)
    take_back(shop, token)

    assert during == Verdict(True, Reason.GRANTED)
    withdrawn = Verdict(False, Reason.WITHDRAWN)
    assert eventually(lambda: verdict(other, token) == withdrawn)
    assert eventually(lambda: other.follower.age_seconds < 1)


@on_postgresql
def test_an_act_in_an_outage_is_refused_and_its_retry_recorded_once(
    shop, terms, server, ledger
):
    act = choice(terms, GRANT)

    with outage(server, shop.database.url.database), pytest.raises(Unavailable):
        shop.writer.append(act)
    record = shop.writer.append(act)

    assert ledger()[1:] == [record]


@on_postgresql
def test_connections_cut_off_between_two_acts_lose_none(shop, terms, server, ledger):
    first = shop.writer.append(choice(terms, GRANT))

    with outage(server, shop.database.url.database):
        pass
    last = shop.writer.append(withdrawal(terms))

    assert ledger()[1:] == [first, last]


def test_a_state_that_nobody_renews_grows_old_and_then_denies(shop, monkeypatch):
    token = grant(shop)
    fresh, later = shop.follower.age_seconds, time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)

    aged = shop.follower.age_seconds

    assert 0 <= fresh < 60 < aged
    assert verdict(shop, token) == Verdict(False, Reason.STALE)


def test_own_writes_do_not_make_an_old_state_young(shop, monkeypatch):
    """They tell nothing about what others wrote since the last poll."""
    shop.follower.poll()
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)

    token = grant(shop)

    assert verdict(shop, token) == Verdict(False, Reason.STALE)


# Folding

ACTS = ("grant", "refuse", "withdraw", "publish", "suspend", "resume")


def act_on(runtime, site, what, number):
    terms = runtime.follower.state(site).in_force
    secret = f"{number % 3:032x}"
    match what:
        case "grant":
            runtime.writer.append(choice(terms, GRANT, secret=secret))
        case "refuse":
            made = {"analytics": "refused"}
            runtime.writer.append(choice(terms, made, secret=secret))
        case "withdraw":
            runtime.writer.append(withdrawal(terms, secret=secret))
        case "publish":
            publish(runtime, make_notice(site=site, term_days=number + 1))
        case _:
            lifted = what == "resume"
            switch(runtime, site, purpose="analytics", vendor=None, lifted=lifted)


def seen(state):
    """Return all that a state says about its entries."""
    return {
        "size": state.size,
        "statuses": [state.status(number) for number in range(state.size)],
        "terms": state.terms,
        "published": state.published,
        "publication": state.publication,
        "in_force": state.in_force,
        "suspended": state.suspended,
    }


def test_a_state_followed_step_by_step_is_the_one_folded_from_scratch(shop, another):
    other, sites = another(), iter(f"site-{number}" for number in range(1_000))

    @settings(max_examples=20, deadline=None)
    @given(st.lists(st.tuples(st.sampled_from(ACTS), st.booleans()), max_size=12))
    def holds(steps):
        site = next(sites)
        publish(shop, make_notice(site=site))

        for number, (what, polls) in enumerate(steps):
            act_on(shop, site, what, number)
            if polls:
                other.follower.poll()
        other.follower.poll()

        folded = SiteState(site)
        for _, content in shop.ledger(site).entries():
            folded.apply(change_of(content.number, content))
        assert seen(other.follower.state(site)) == seen(folded)
        assert seen(shop.follower.state(site)) == seen(folded)

    holds()


@pytest.mark.usefixtures("unprotected")
def test_a_ledger_that_ends_before_its_size_is_never_fresh(shop, another, terms, sql):
    shop.writer.append(choice(terms, GRANT))
    other = another()
    shop.writer.append(withdrawal(terms))
    sql("DELETE FROM content WHERE number = 2")
    sql("DELETE FROM entry WHERE number = 2")
    before = other.follower.state(SITE).as_of

    other.follower.poll()

    assert before > 0
    assert other.follower.state(SITE).as_of == 0
    assert "entry 2 is missing" in other.follower.damaged[SITE]


@pytest.mark.usefixtures("unprotected")
def test_a_ledger_whose_end_became_another_is_never_fresh(shop, another, terms, sql):
    """As after a fail-over that lost commits, if others took their numbers since."""
    shop.writer.append(choice(terms, GRANT))
    other = another()
    sql("UPDATE entry SET at = at + 1 WHERE number = 1")
    another().writer.append(withdrawal(terms))

    other.follower.poll()

    assert other.follower.state(SITE).as_of == 0
    assert "entry 1 is not the one" in other.follower.damaged[SITE]


@pytest.mark.usefixtures("unprotected")
def test_what_it_appends_itself_to_such_an_end_does_not_hide_that(shop, terms, sql):
    shop.writer.append(choice(terms, GRANT))
    sql("UPDATE entry SET at = at + 1 WHERE number = 1")
    sql("UPDATE site SET at = at + 1")

    shop.writer.append(withdrawal(terms))
    shop.follower.poll()

    assert shop.follower.state(SITE).as_of == 0
    assert "entry 1 is not the one" in shop.follower.damaged[SITE]

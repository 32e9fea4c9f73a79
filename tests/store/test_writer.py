"""One act, one entry, one number: no act is lost, none is made up."""

import hmac
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consent.domain.entries import decode, subject_of
from consent.domain.publications import Draft
from consent.domain.vocabulary import Action, Decision
from consent.errors import KeyReused, Overloaded, Unavailable, UnknownSite
from consent.services.notices import publish
from consent.store import group_commit, writer
from consent.store.group_commit import GroupCommit
from tests.factories import (
    NOW,
    ORIGIN_OF_LEDGER,
    SECRET,
    SITE,
    choice,
    make_notice,
    withdrawal,
)
from tests.store.concurrency import kept_waiting, together

GRANT = {"analytics": "granted"}
REFUSAL = {"analytics": "refused"}


def whole(_site):
    """Find no fault with any ledger."""


def secret(number):
    return f"{number:032x}"


def in_one_batch(runtime, *drafts, now=NOW):
    with runtime.database.writing() as connection:
        return writer.append(connection, drafts, now).outcomes


def words(record):
    return {name: made.decision for name, made in record.decisions.items()}


# Numbers


def test_concurrent_appends_leave_no_gap_in_any_site(shop, another):
    writers = (shop.writer, another().writer)
    everywhere = [
        publish(shop, make_notice(site=site))[0].site for site in (SITE, "blog", "docs")
    ]
    shares = [
        [
            choice(shop.follower.state(site).in_force, GRANT, secret=secret(share))
            for site in everywhere
            for _ in range(5)
        ]
        for share in range(16)
    ]

    together(
        *(
            partial(list, map(writers[share % 2].append, drafts))
            for share, drafts in enumerate(shares)
        )
    )

    for site in everywhere:
        numbers = [entry.number for entry, _ in shop.ledger(site).entries()]
        assert numbers == list(range(1 + 16 * 5))


def test_each_of_many_at_once_gets_the_number_its_entry_has(shop, terms):
    drafts = [choice(terms, GRANT, secret=secret(n)) for n in range(40)]

    records = together(*(partial(shop.writer.append, draft) for draft in drafts))

    for draft, record in zip(drafts, records, strict=True):
        assert record.key == draft.key
        assert shop.ledger(SITE).record(record.number) == record


# Retries


def test_a_retry_is_answered_by_the_first_record(shop, terms, ledger):
    act = choice(terms, GRANT)
    first = shop.writer.append(act)

    again = shop.writer.append(act)

    assert again == first
    assert ledger()[1:] == [first]


def test_a_retry_in_the_same_batch_is_answered_by_the_first_record(shop, terms, ledger):
    act = choice(terms, GRANT)

    first, again = in_one_batch(shop, act, act)

    assert again == first
    assert ledger()[1:] == [first]


def test_a_retry_at_another_process_is_answered_by_the_first_record(
    shop, terms, another, ledger
):
    act = choice(terms, GRANT)
    first = shop.writer.append(act)

    again = another().writer.append(act)

    assert again == first
    assert ledger()[1:] == [first]


def test_one_act_sent_to_two_processes_at_once_is_recorded_once(
    shop, terms, another, ledger
):
    act = choice(terms, GRANT)
    writers = [shop.writer, another().writer] * 4

    answers = together(*(partial(one.append, act) for one in writers))

    assert ledger()[1:] == answers[:1]
    assert answers == answers[:1] * len(writers)


def test_a_retry_after_a_later_act_is_still_answered_by_its_own_record(shop, terms):
    act = choice(terms, GRANT)
    first = shop.writer.append(act)
    shop.writer.append(withdrawal(terms))

    assert shop.writer.append(act) == first


def test_a_key_that_comes_back_with_another_body_is_refused(shop, terms, ledger):
    first = shop.writer.append(choice(terms, GRANT))

    with pytest.raises(KeyReused) as refused:
        shop.writer.append(choice(terms, REFUSAL, key=first.key))

    assert refused.value.key == first.key
    assert ledger()[1:] == [first]


def test_a_withdrawal_under_the_key_of_a_choice_is_refused(shop, terms, ledger):
    first = shop.writer.append(choice(terms, GRANT))

    with pytest.raises(KeyReused):
        shop.writer.append(withdrawal(terms, key=first.key))

    assert ledger()[1:] == [first]


def test_two_bodies_under_one_key_in_one_batch_make_one_record(shop, terms, ledger):
    act = choice(terms, GRANT)

    first, other = in_one_batch(shop, act, choice(terms, REFUSAL, key=act.key))

    assert isinstance(other, KeyReused)
    assert ledger()[1:] == [first]


def test_one_key_on_two_sites_makes_two_records(shop, terms):
    publish(shop, make_notice(site="blog"))
    act = choice(terms, GRANT)
    elsewhere = choice(shop.follower.state("blog").in_force, GRANT, key=act.key)

    here, there = in_one_batch(shop, act, elsewhere)

    assert (here.site, here.number) == (SITE, 1)
    assert (there.site, there.number) == ("blog", 1)


# Sites


def test_an_act_for_an_unknown_site_is_refused_and_nothing_is_written(
    shop, terms, sql, ledger
):
    with pytest.raises(UnknownSite) as refused:
        shop.writer.append(choice(terms, GRANT, site="nowhere"))

    assert refused.value.site == "nowhere"
    assert sql("SELECT key, size FROM site") == [(SITE, 1)]
    assert len(ledger()) == 1


def test_an_unknown_site_does_not_fail_its_neighbours(shop, terms, ledger):
    known, lost = choice(terms, GRANT), choice(terms, GRANT, site="nowhere")

    outcomes = in_one_batch(shop, lost, known)

    assert isinstance(outcomes[0], UnknownSite)
    assert ledger()[1:] == outcomes[1:]


def test_a_notice_published_twice_is_one_entry(shop, ledger):
    first, again = in_one_batch(
        shop,
        Draft(make_notice(), ORIGIN_OF_LEDGER),
        Draft(make_notice(), ORIGIN_OF_LEDGER),
    )

    assert first == again == ledger()[0]
    assert len(ledger()) == 1


def test_two_processes_that_publish_a_new_site_at_once_both_succeed(shop, another):
    """The first publication makes the site's row, which neither can lock before."""
    other, notice = another(), make_notice(site="blog")

    with ThreadPoolExecutor() as pool, shop.database.writing() as connection:
        draft = Draft(notice, ORIGIN_OF_LEDGER)
        (first,) = writer.append(connection, [draft], NOW).outcomes
        answer = pool.submit(other.writer.append, Draft(notice, ORIGIN_OF_LEDGER))
        time.sleep(0.2)

    assert answer.result() == first


# One bad draft


def test_a_bad_draft_does_not_fail_its_neighbours(shop, terms, ledger):
    drafts = [choice(terms, GRANT, secret=secret(n)) for n in range(12)]
    drafts[5] = choice(terms, GRANT, layout="no UTF-8: \ud800")

    with kept_waiting(
        shop.database, *(partial(shop.writer.append, draft) for draft in drafts)
    ) as answers:
        pass

    bad = answers.pop(5)
    assert isinstance(bad.exception(), Unavailable)
    assert ledger()[1:] == sorted(
        (answer.result() for answer in answers), key=lambda record: record.number
    )


def test_a_bad_draft_leaves_no_gap(shop, terms):
    with pytest.raises(Unavailable):
        shop.writer.append(choice(terms, GRANT, layout="no UTF-8: \ud800"))

    assert shop.writer.append(choice(terms, GRANT)).number == 1


# Time


def test_entry_times_never_decrease_though_the_clock_steps_back(
    shop, terms, another, ledger, monkeypatch
):
    before = shop.writer.append(choice(terms, GRANT))
    monkeypatch.setattr(time, "time", lambda: before.at.timestamp() - 3600)

    after = another().writer.append(choice(terms, REFUSAL, secret=secret(1)))

    assert after.at == before.at
    assert ledger()[-2:] == [before, after]


def test_an_entry_has_the_time_that_its_content_says(shop, terms):
    record = shop.writer.append(choice(terms, GRANT))

    ((entry, content),) = shop.ledger(SITE).entries(record.number)

    assert entry.at == content.at == record.at


# Heads


def test_a_head_is_the_newest_record_of_its_subject(shop, terms, sql):
    others = [choice(terms, GRANT, secret=secret(n)) for n in range(3)]
    mine = [choice(terms, GRANT), choice(terms, REFUSAL), withdrawal(terms)]
    for draft in (mine[0], others[0], mine[1], others[1], mine[2], others[2]):
        shop.writer.append(draft)

    heads = dict(map(tuple, sql("SELECT subject, number FROM head")))

    assert heads == {mine[0].subject: 5} | {
        draft.subject: 2 * n + 2 for n, draft in enumerate(others)
    }


def test_records_of_one_batch_follow_one_another(shop, terms):
    granted, withdrawn, changed = in_one_batch(
        shop, choice(terms, GRANT), withdrawal(terms), choice(terms, REFUSAL)
    )

    assert [granted.previous, withdrawn.previous, changed.previous] == [None, 1, 2]
    assert shop.ledger(SITE).head(granted.subject) == changed


def test_each_record_has_one_successor_though_many_come_at_once(
    shop, terms, another, ledger
):
    writers = (shop.writer, another().writer)
    drafts = [choice(terms, GRANT) for _ in range(24)]

    together(*(partial(writers[n % 2].append, d) for n, d in enumerate(drafts)))

    previous = [record.previous for record in ledger()[1:]]
    assert previous == [None, *range(1, 24)]


# Two tabs


@pytest.fixture
def tabs(shop, terms):
    """Two tabs that know of one record: one grants analytics, one takes marketing."""
    known = shop.writer.append(choice(terms, {"marketing": "granted"}))
    return choice(terms, GRANT, after=known.number), withdrawal(terms, "marketing")


@pytest.mark.parametrize("order", [1, -1], ids=["grant first", "withdrawal first"])
def test_two_tabs_lose_neither_choice_in_either_order(shop, terms, tabs, order):
    first, last = (partial(shop.writer.append, act) for act in tabs[::order])

    with kept_waiting(shop.database, first, last) as answers:
        pass

    numbers = [answer.result().number for answer in answers]
    assert numbers == sorted(numbers)
    head = shop.ledger(SITE).head(tabs[0].subject)
    assert words(head) == {"analytics": "granted", "marketing": "refused"}


@pytest.mark.parametrize("order", [1, -1], ids=["grant first", "withdrawal first"])
def test_two_tabs_in_one_batch_lose_neither_choice(shop, tabs, order):
    last = in_one_batch(shop, *tabs[::order])[-1]

    assert words(last) == {"analytics": "granted", "marketing": "refused"}


def test_two_tabs_at_two_processes_at_the_same_moment_lose_neither_choice(
    shop, terms, another
):
    other, subjects = another(), []

    for number in range(15):
        known = choice(terms, {"marketing": "granted"}, secret=secret(number))
        after = shop.writer.append(known).number
        granted = choice(terms, GRANT, secret=secret(number), after=after)
        withdrawn = withdrawal(terms, "marketing", secret=secret(number))
        together(
            partial(shop.writer.append, granted),
            partial(other.writer.append, withdrawn),
        )
        subjects.append(known.subject)

    for subject in subjects:
        head = shop.ledger(SITE).head(subject)
        assert words(head) == {"analytics": "granted", "marketing": "refused"}


# A choice that comes late


def test_a_grant_queued_offline_does_not_overturn_a_later_withdrawal(shop, terms):
    known = shop.writer.append(choice(terms, GRANT))
    queued = choice(terms, GRANT, after=known.number)
    withdrawn = shop.writer.append(withdrawal(terms, "analytics"))

    late = shop.writer.append(queued)

    assert late.previous == withdrawn.number
    assert words(late)["analytics"] is Decision.REFUSED


def test_a_grant_queued_offline_does_not_overturn_a_withdrawal_of_its_batch(
    shop, terms
):
    known = shop.writer.append(choice(terms, GRANT))
    queued = choice(terms, GRANT, after=known.number)

    _, late = in_one_batch(shop, withdrawal(terms, "analytics"), queued)

    assert words(late)["analytics"] is Decision.REFUSED


def test_a_grant_that_knew_of_the_withdrawal_stands(shop, terms):
    shop.writer.append(choice(terms, GRANT))
    withdrawn = shop.writer.append(withdrawal(terms, "analytics"))

    again = shop.writer.append(choice(terms, GRANT, after=withdrawn.number))

    assert words(again)["analytics"] is Decision.GRANTED


# What is stored


def test_a_commitment_is_the_hmac_of_exactly_the_bytes_stored(shop, terms, sql):
    shop.writer.append(choice(terms, GRANT, layout="dialog"))
    shop.writer.append(withdrawal(terms))

    rows = sql(
        "SELECT entry.number, commitment, salt, body FROM entry JOIN content"
        " ON content.site_id = entry.site_id AND content.number = entry.number"
        " ORDER BY entry.number"
    )

    assert [decode(row.body).number for row in rows] == [0, 1, 2]
    for row in rows:
        assert row.commitment == hmac.new(row.salt, row.body, "sha256").digest()


def test_no_two_entries_share_a_salt(shop, terms, sql):
    in_one_batch(shop, *(choice(terms, GRANT, secret=secret(n)) for n in range(20)))

    salts = [row.salt for row in sql("SELECT salt FROM content")]

    assert {len(salt) for salt in salts} == {32}
    assert set(Counter(salts).values()) == {1}


@pytest.mark.parametrize("act", [partial(choice, made=REFUSAL), withdrawal])
def test_a_no_of_somebody_who_granted_nothing_stores_no_subject(shop, terms, sql, act):
    record = shop.writer.append(act(terms))

    ((subject, body),) = sql("SELECT subject, body FROM content WHERE number = 1")

    assert record.subject is subject is None
    assert decode(body).subject is None
    assert sql("SELECT * FROM head") == []


def test_the_secret_itself_is_never_stored(shop, terms, sql):
    shop.writer.append(choice(terms, GRANT))

    ((subject, body),) = sql("SELECT subject, body FROM content WHERE number = 1")

    assert subject == subject_of(SITE, bytes.fromhex(SECRET))
    assert SECRET.encode() not in body
    assert bytes.fromhex(SECRET) not in body


def test_a_refusal_by_somebody_who_granted_before_is_their_record(shop, terms):
    granted = shop.writer.append(choice(terms, GRANT))

    refused = shop.writer.append(choice(terms, REFUSAL))

    assert refused.subject == granted.subject
    assert refused.action is Action.WITHDRAWN


# Answers


def test_nobody_is_answered_before_the_commit(shop, terms, sql):
    seen = []
    fresh = GroupCommit(
        shop.database,
        shop.clock,
        lambda _: seen.append((sql("SELECT size FROM site")[0].size, answer[0].done())),
        whole,
    )

    with kept_waiting(
        shop.database, partial(fresh.append, choice(terms, GRANT))
    ) as answer:
        waiting = not answer[0].done()
    fresh.close()

    assert waiting
    assert seen == [(2, False)]


def test_what_is_committed_is_answered_though_the_follower_fails(shop, terms, ledger):
    fresh = GroupCommit(shop.database, shop.clock, lambda _: 1 / 0, whole)

    record = fresh.append(choice(terms, GRANT))
    fresh.close()

    assert ledger()[1:] == [record]


def test_closing_writes_what_is_waiting(shop, terms, ledger):
    fresh = GroupCommit(shop.database, shop.clock, shop.follower.take_in, whole)
    drafts = [choice(terms, GRANT, secret=secret(n)) for n in range(5)]
    appends = [partial(fresh.append, draft) for draft in drafts]

    with kept_waiting(shop.database, *appends, fresh.close) as answers:
        pass

    assert ledger()[1:] == [answer.result() for answer in answers[:-1]]
    assert not fresh.is_alive


def test_after_closing_an_act_is_refused_at_once(shop, terms, ledger):
    """Nobody would ever answer it, and its visitor would wait for ever."""
    fresh = GroupCommit(shop.database, shop.clock, shop.follower.take_in, whole)
    fresh.close()
    refused = []

    def append():
        with pytest.raises(Unavailable) as caught:
            fresh.append(choice(terms, GRANT))
        refused.append(caught.value)

    waiting = threading.Thread(target=append, daemon=True)
    waiting.start()
    waiting.join(2)

    assert refused
    assert len(ledger()) == 1


def test_when_too_much_is_waiting_an_act_is_refused_at_once(
    shop, terms, ledger, monkeypatch
):
    monkeypatch.setattr(group_commit, "WAITING", 2)
    fresh = GroupCommit(shop.database, shop.clock, shop.follower.take_in, whole)
    drafts = [choice(terms, GRANT, secret=secret(n)) for n in range(5)]

    with kept_waiting(
        shop.database, *(partial(fresh.append, draft) for draft in drafts)
    ) as answers:
        refused = [answer.exception(5) for answer in answers[3:]]
    fresh.close()

    assert {type(error) for error in refused} == {Overloaded}
    assert ledger()[1:] == [answer.result() for answer in answers[:3]]


# Batches

SUBJECTS = [subject_of(SITE, bytes([n]) * 16) for n in range(3)]


@st.composite
def acts(draw):
    """Acts of three visitors, some of them sent twice, cut into batches."""
    made = st.dictionaries(
        st.sampled_from(["analytics", "marketing"]),
        st.sampled_from(["granted", "refused"]),
        min_size=1,
    )
    act = st.tuples(
        st.integers(1, 6),
        st.sampled_from(SUBJECTS),
        st.none() | made,
        st.none() | st.integers(0, 5),
    )
    return draw(st.lists(st.lists(act, min_size=1, max_size=4), max_size=4))


def drafted(terms, key, subject, made, after):
    values = {"key": key.to_bytes(16, "big"), "subject": subject}
    if made is None:
        return withdrawal(terms, **values)
    return choice(terms, made, after=after, **values)


def told(outcome):
    """Return what became of an act, less what tells one site from the other."""
    if isinstance(outcome, KeyReused):
        return outcome.key
    held = {
        name: (made.decision, made.number) for name, made in outcome.decisions.items()
    }
    return outcome.number, outcome.action, outcome.subject, outcome.previous, held


def test_how_acts_are_batched_changes_nothing(shop):
    sites = iter(f"site-{number}" for number in range(1_000))

    def published():
        site = next(sites)
        publish(shop, make_notice(site=site))
        return shop.follower.state(site).in_force

    @settings(max_examples=20, deadline=None)
    @given(acts())
    def holds(batches):
        batched, single = published(), published()

        in_batches = [
            outcome
            for batch in batches
            for outcome in in_one_batch(shop, *(drafted(batched, *a) for a in batch))
        ]
        one_by_one = [
            outcome
            for batch in batches
            for act in batch
            for outcome in in_one_batch(shop, drafted(single, *act))
        ]

        assert list(map(told, in_batches)) == list(map(told, one_by_one))

    holds()

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.choices import new_key
from consent.domain.instants import EPOCH
from consent.domain.issuing import numbered_token
from consent.domain.vocabulary import Action, Decision, Regime
from consent.errors import InvalidChoice
from tests.factories import (
    NOW,
    choice,
    make_notice,
    make_publication,
    make_terms,
    purpose,
    site_file,
    terms_of,
    vendor,
    withdrawal,
)

TERMS = make_terms()
LATER = NOW + timedelta(minutes=1)
NO = {"analytics": "refused", "marketing": "refused", "audience": "objected"}
OPTIONAL = [*NO]


def words(record):
    """Return decisions as words."""
    return {name: made.decision.value for name, made in record.decisions.items()}


def first(made, **changes):
    return choice(TERMS, made, **changes).following(None, 1, NOW)


def test_a_grant_is_recorded_for_its_subject():
    record = first({"analytics": "granted"})

    assert record.action is Action.GIVEN
    assert record.subject is not None
    assert words(record) == {"analytics": "granted"}


def test_a_no_without_a_head_has_no_subject_even_if_a_secret_came_along():
    record = first(NO)

    assert record.action is Action.REFUSED
    assert record.subject is None


def test_purposes_not_named_keep_their_decision():
    head = first({"analytics": "granted", "marketing": "refused"})

    record = choice(TERMS, {"audience": "objected"}).following(head, 2, LATER)

    assert words(record) == words(head) | {"audience": "objected"}
    assert record.decisions["analytics"] == head.decisions["analytics"]
    assert record.previous == 1


def test_an_outdated_decision_is_not_kept():
    old = make_publication()
    newer = site_file(vendors=[*site_file()["vendors"], vendor("new", "analytics")])
    new = make_publication(make_notice(**newer), previous=old, number=1)
    head = first({"analytics": "granted", "marketing": "granted"})

    act = choice(terms_of(new), {"audience": "objected"})
    record = act.following(head, 2, LATER)

    assert words(record) == {"marketing": "granted", "audience": "objected"}


def test_a_grant_never_overturns_a_no_that_its_browser_did_not_know():
    given = first({"analytics": "granted"})
    withdrawn = withdrawal(TERMS).following(given, 2, LATER)

    queued = choice(TERMS, {"analytics": "granted"}, after=1)
    record = queued.following(withdrawn, 3, LATER)

    assert words(record)["analytics"] == "refused"


def test_a_grant_that_knows_of_the_no_counts():
    given = first({"analytics": "granted"})
    withdrawn = withdrawal(TERMS).following(given, 2, LATER)

    record = choice(TERMS, {"analytics": "granted"}, after=2).following(
        withdrawn, 3, LATER
    )

    assert words(record)["analytics"] == "granted"


def test_a_no_counts_however_late_it_comes():
    given = first({"analytics": "granted"})

    record = choice(TERMS, {"analytics": "refused"}).following(given, 2, LATER)

    assert record.action is Action.WITHDRAWN
    assert words(record) == {"analytics": "refused"}


def test_withdrawing_everything_says_no_to_every_purpose_that_asks():
    record = withdrawal(TERMS).following(first({"analytics": "granted"}), 2, LATER)

    assert record.action is Action.WITHDRAWN
    assert words(record) == NO


def test_withdrawing_one_purpose_leaves_the_others():
    head = first({"analytics": "granted", "marketing": "granted"})

    record = withdrawal(TERMS, "marketing").following(head, 2, LATER)

    assert words(record) == {"analytics": "granted", "marketing": "refused"}


def test_a_withdrawal_clears_the_grants_of_the_purposes_vendors():
    head = first(
        {"marketing": "granted"},
        vendors={"marketing:ads": Decision.GRANTED, "marketing:maps": Decision.REFUSED},
    )

    record = withdrawal(TERMS, "marketing").following(head, 2, LATER)

    assert words(record) == {"marketing": "refused", "marketing:maps": "refused"}


def test_under_gpc_a_selling_purpose_not_named_is_refused():
    record = first({"analytics": "granted"}, gpc=True)

    assert words(record) == {"analytics": "granted", "marketing": "refused"}


def test_a_grant_under_gpc_outlives_the_next_choice_under_gpc():
    head = first({"marketing": "granted"}, gpc=True)

    record = choice(TERMS, {"analytics": "granted"}, gpc=True).following(head, 2, LATER)

    assert words(record) == {"marketing": "granted", "analytics": "granted"}


def test_a_grant_from_before_gpc_does_not_outlive_it():
    head = first({"marketing": "granted"})

    record = choice(TERMS, {"analytics": "granted"}, gpc=True).following(head, 2, LATER)

    assert words(record)["marketing"] == "refused"


def test_deciding_about_one_purpose_does_not_pass_for_being_asked_about_another():
    old = make_publication()
    more = [*site_file()["purposes"], purpose("video")]
    new = make_publication(make_notice(purposes=more), previous=old, number=1)
    head = first({"analytics": "granted"})

    act = choice(terms_of(new), {"marketing": "granted"})
    record = act.following(head, 2, LATER)

    assert record.terms == 1


def test_a_choice_made_on_an_older_notice_stands_under_that_one():
    old, changed = make_publication(), site_file()
    changed["vendors"] = [*changed["vendors"], vendor("new", "analytics")]
    new = make_publication(make_notice(**changed), previous=old, number=1)

    act = choice(terms_of(new), {"analytics": "granted"}, shown=terms_of(old))
    record = act.following(None, 2, NOW)

    assert (record.notice, record.terms) == (1, 1)


@pytest.mark.parametrize(
    ("made", "changes", "told"),
    [
        ({}, {}, "at least one"),
        ({"telepathy": "refused"}, {}, "no such purpose"),
        ({"necessary": "refused"}, {}, "is necessary"),
        ({"analytics": "objected"}, {}, "'granted' or 'refused'"),
        ({"audience": "refused"}, {}, "'granted' or 'objected'"),
        ({"analytics": "granted"}, {"subject": None}, "needs a secret"),
        ({"analytics": "refused"}, {"locale": "fr"}, "not written in 'fr'"),
        ({}, {"vendors": {"analytics:ads": Decision.REFUSED}}, "analytics:ads"),
        ({}, {"vendors": {"analytics": Decision.REFUSED}}, "purpose:vendor"),
        ({}, {"vendors": {"marketing:ads": Decision.OBJECTED}}, "marketing:ads"),
    ],
)
def test_what_the_notice_does_not_allow_is_refused_with_its_reason(made, changes, told):
    with pytest.raises(InvalidChoice, match=told):
        choice(TERMS, made, **changes).check()


def test_withdrawing_what_nobody_decides_about_is_refused():
    with pytest.raises(InvalidChoice, match="is necessary"):
        withdrawal(TERMS, "necessary").check()


def test_the_same_request_has_the_same_command_whatever_is_in_force():
    newer = make_terms(
        previous=make_publication(), number=1, notice=make_notice(term_days=9)
    )
    one = choice(TERMS, {"analytics": "granted"})

    same = choice(TERMS, {"analytics": "granted"}, in_force=newer, key=one.key)
    other = choice(TERMS, {"analytics": "refused"}, key=one.key)

    assert one.command() == same.command() != other.command()


acts = st.one_of(
    st.builds(
        lambda made, after, gpc: ("choice", made, after, gpc),
        st.dictionaries(st.sampled_from(OPTIONAL), st.booleans(), min_size=1),
        st.none() | st.integers(0, 8),
        st.booleans(),
    ),
    st.builds(
        lambda names: ("withdrawal", names, None, False),
        st.sets(st.sampled_from(OPTIONAL)),
    ),
)


def drawn(act):
    kind, what, after, gpc = act
    if kind == "withdrawal":
        return withdrawal(TERMS, *what)
    made = {name: "granted" if yes else NO[name] for name, yes in what.items()}
    return choice(TERMS, made, after=after, gpc=gpc)


def story(told):
    """Return the records of one subject's acts, one after another."""
    head = first({"analytics": "granted"})
    records = [head]
    for number, act in enumerate(told, 2):
        head = drawn(act).following(head, number, NOW + timedelta(seconds=number))
        records.append(head)
    return records


@given(st.lists(acts, max_size=8))
def test_each_record_follows_the_one_before_and_says_when_each_decision_was_made(told):
    records = story(told)

    for before, record in itertools.pairwise(records):
        assert record.previous == before.number
        for name, made in record.decisions.items():
            assert made.number == record.number or made == before.decisions[name]


@given(st.lists(acts, max_size=8))
def test_a_purpose_is_granted_only_if_its_newest_act_that_counts_granted_it(told):
    """No grant is made up: somebody said yes, and nobody said no since."""
    records = story(told)
    said = [("choice", {"analytics": True}, None, False), *told]

    for name, made in records[-1].decisions.items():
        if made.decision is Decision.GRANTED:
            kind, what, _, _ = said[made.number - 1]
            assert kind == "choice"
            assert what[name]
            assert not any(says_no(act, name) for act in said[made.number :])


def says_no(act, name):
    kind, what, _, _ = act
    if kind == "withdrawal":
        return not what or name in what
    return what.get(name) is False


@given(st.lists(acts, max_size=8))
def test_the_token_allows_exactly_what_the_record_grants_under_opt_in(told):
    record = story(told)[-1]

    token = numbered_token(record, TERMS)

    granted = {n for n, made in record.decisions.items() if made.decision == "granted"}
    untouched = {"audience"} - record.decisions.keys()
    allowed = {p.id for p in TERMS.optional.values() if token.allowed >> p.bit & 1}
    assert record.regime is Regime.OPT_IN
    assert allowed == granted | untouched


def test_in_which_order_a_process_keeps_purposes_is_no_part_of_what_is_asked():
    """Else a retry at another process would be taken for another withdrawal."""
    one, other = (
        withdrawal(TERMS, subject=None, purposes=purposes)
        for purposes in in_two_orders()
    )

    assert one.command() == other.command()


def in_two_orders():
    """Return a set of names twice, as processes whose hashes differ iterate it."""
    for names in itertools.combinations([f"purpose-{n}" for n in range(99)], 2):
        found = frozenset(names), frozenset(reversed(names))
        if [*found[0]] != [*found[1]]:
            return found
    raise AssertionError("no two names share a place in a set")


@given(st.integers(0, 2**32 - 1).map(lambda second: EPOCH + timedelta(seconds=second)))
def test_keys_begin_with_their_second_and_are_never_the_same(at):
    keys = [new_key(at), new_key(at)]

    assert {len(key) for key in keys} == {16}
    assert {int.from_bytes(key[:4]) for key in keys} == {int(at.timestamp())}
    assert len({*keys}) == 2

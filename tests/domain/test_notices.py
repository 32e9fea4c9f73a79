from consent.domain import lint, notices, publications
from tests.factories import make_notice, make_publication

POLICY = {"updated": "2026-03-01", "text": {"en": "All of it.", "de": "Alles."}}
BEFORE_POLICIES = "2949557946cdbab2824d59961a863b126899db38d762129e7947493198d197a0"


def test_a_notice_without_a_policy_is_what_it_was_before_there_were_any():
    """Else publishing an unchanged site file would make another version of it."""
    assert notices.digest(make_notice()) == BEFORE_POLICIES


def test_a_policy_is_a_part_of_what_is_frozen():
    other = POLICY | {"updated": "2026-03-02"}
    digests = {notices.digest(make_notice(policy=policy)) for policy in (POLICY, other)}

    assert len(digests | {BEFORE_POLICIES}) == 3


def test_another_policy_asks_nobody_again():
    first = make_publication(make_notice(policy=POLICY))
    text = {"en": "Other words.", "de": "Andere Worte."}
    draft = publications.Draft(make_notice(policy=POLICY | {"text": text}), "")

    second = draft.following(first, 1, first.at)

    assert second.version == 2
    assert {one.since for one in second.purposes.values()} == {1}


def test_a_policy_is_needed_in_each_language():
    made = make_notice(policy=POLICY | {"text": {"en": "All of it."}})

    (fault,) = lint.faults(made)

    assert fault == (("policy", "text"), "expected a text in de as well")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.state import Change, SiteState, change_of
from consent.domain.vocabulary import Status
from tests.factories import NOW, choice, make_publication, make_terms, withdrawal

TERMS = make_terms()


def test_a_record_is_in_force_until_the_next_of_its_subject():
    state = SiteState("shop")
    state.apply(change_of(0, make_publication()))
    given = choice(TERMS, {"analytics": "granted"}).following(None, 1, NOW)
    state.apply(change_of(1, given))
    changed = choice(TERMS, {"marketing": "granted"}).following(given, 2, NOW)
    state.apply(change_of(2, changed))
    state.apply(change_of(3, withdrawal(TERMS).following(changed, 3, NOW)))

    assert [state.status(number) for number in range(4)] == [
        Status.WITHDRAWN,
        Status.SUPERSEDED,
        Status.WITHDRAWN,
        Status.IN_FORCE,
    ]


def test_a_record_without_a_subject_is_never_in_force():
    refusal = choice(TERMS, {"analytics": "refused"}).following(None, 0, NOW)

    assert change_of(0, refusal).status is Status.WITHDRAWN


def test_a_gap_is_refused():
    with pytest.raises(ValueError, match="expected change 0, got 1"):
        SiteState("shop").apply(Change(number=1, status=Status.IN_FORCE))


@given(st.lists(st.sampled_from(Status), max_size=300))
def test_every_status_is_kept(statuses):
    state = SiteState("shop")
    for number, status in enumerate(statuses):
        state.apply(Change(number=number, status=status))

    assert [state.status(number) for number in range(state.size)] == statuses

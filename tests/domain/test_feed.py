"""What gateways are told gives the same state, and the same verdicts, as the ledger."""

import zlib
from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous.encoding import base64_encode

from consent.domain.deciding import decide_all
from consent.domain.entries import Erasure, Retention, Suspension
from consent.domain.feed import (
    LIST_BYTES,
    Recent,
    StatusList,
    for_gateways,
    joined,
    pack_statuses,
    read_keys,
    snapshot_of,
    state_of,
    unpack_statuses,
)
from consent.domain.state import Change, SiteState, change_of
from tests.domain.test_checks import STATES, WRITTEN
from tests.factories import NOW, choice, make_notice, make_publication, make_terms

TERMS = make_terms()
# What may come after the first publication, each made for the place where it comes.
KINDS = ("grant", "again", "publication", "suspension", "erasure", "retention")


def entries_of(kinds):
    """Return the bodies of a ledger in which these kinds of entries follow one."""
    publication = make_publication()
    bodies, last = [publication], None
    for number, kind in enumerate(kinds, 1):
        body = body_of(kind, number, publication, last)
        if kind in {"grant", "again"}:
            last = body
        if kind == "publication":
            publication = body
        bodies.append(body)
    return bodies


def body_of(kind, number, publication, last):
    place = {"site": "shop", "number": number, "at": NOW}
    match kind:
        case "grant" | "again":
            made = choice(TERMS, {"analytics": "granted"})
            return made.following(last if kind == "again" else None, number, NOW)
        case "publication":
            notice = make_notice(term_days=number)
            return make_publication(notice, previous=publication, number=number)
        case "suspension":
            lifted = number % 2 == 0
            return Suspension(
                site="shop", number=number, at=NOW, lifted=lifted, vendor="ads"
            )
        case "erasure":
            return Erasure(
                site="shop", number=number, at=NOW, numbers=(number - 1, number // 2)
            )
        case "retention":
            return Retention(**place, below=number // 2)


def told(state):
    """Return what a state decides by."""
    terms = state.in_force
    return state.size, state.statuses(), terms, state.suspended, state.origin


def over_the_wire(value):
    """Return a value as the other side reads it."""
    return msgspec.json.decode(msgspec.json.encode(value), type=type(value))


@given(kinds=st.lists(st.sampled_from(KINDS), max_size=30), data=st.data())
def test_a_snapshot_and_the_changes_after_it_are_the_whole_state(kinds, data):
    """Also if the status lists are read later than the snapshot they belong to."""
    changes = [change_of(body.number, body) for body in entries_of(kinds)]
    read_at = data.draw(st.integers(1, len(changes)), label="lists read at")
    taken_at = data.draw(st.integers(1, read_at), label="snapshot taken at")
    whole, lists = SiteState("shop", origin="here"), b""
    for change in changes:
        whole.apply(change)
        if whole.size == taken_at:
            snapshot = snapshot_of(whole, whole.in_force, 0, size=whole.size, last_at=0)
        if whole.size == read_at:
            lists = whole.statuses()

    found = state_of(over_the_wire(snapshot), lists, max_stale_seconds=60)
    for change in changes[taken_at:]:
        found.apply(over_the_wire(for_gateways(change)))

    assert told(found) == told(whole)


TOLD = [case for case in WRITTEN["cases"] if STATES[case["state"]].in_force]


@pytest.mark.parametrize("case", TOLD, ids=lambda case: case["name"])
def test_a_state_that_was_told_decides_by_the_same_rule(case):
    """A service tells nothing of a site without notice, which a few cases are about."""
    state = STATES[case["state"]]
    snapshot = over_the_wire(
        snapshot_of(state, state.in_force, case["now"], size=state.size, last_at=0)
    )

    found = state_of(snapshot, state.statuses(), state.max_stale_seconds)
    found.as_of = snapshot.as_of
    found.trust(read_keys(snapshot.keys))

    asked = case["purpose"], case["now"], case["vendor"], case["gpc"]
    verdict = decide_all(found, case["tokens"], *asked)
    assert verdict == (case["allowed"], case["reason"])


def test_a_state_that_was_told_is_stale_before_anybody_vouches_for_its_age():
    state = STATES["usual"]
    found = state_of(
        snapshot_of(state, state.in_force, 0, size=state.size, last_at=0),
        state.statuses(),
        10**9,
    )

    verdict = decide_all(found, [], "audience", 0)

    assert verdict == (False, "stale")


def test_texts_stay_at_home():
    change = change_of(0, make_publication())

    sent = msgspec.json.encode(for_gateways(change)).decode()

    assert "What analytics is for." in msgspec.json.encode(change).decode()
    assert "What analytics is for." not in sent


@given(st.binary(max_size=2000))
def test_a_status_list_is_read_as_it_was_written(statuses):
    assert unpack_statuses(over_the_wire(pack_statuses(statuses))) == statuses


@pytest.mark.parametrize("length", [0, 1, LIST_BYTES])
def test_a_status_list_may_be_full(length):
    assert unpack_statuses(pack_statuses(b"U" * length)) == b"U" * length


@given(text=st.text() | st.binary().map(lambda raw: base64_encode(raw).decode()))
def test_what_is_no_status_list_is_refused(text):
    with pytest.raises(ValueError, match="damaged"):
        unpack_statuses(StatusList(2, text))


@pytest.mark.parametrize(
    "packed",
    [
        zlib.compress(b"U" * (LIST_BYTES + 1)),
        zlib.compress(bytes(10**7)),
        zlib.compress(b"U" * LIST_BYTES)[:-1],
        zlib.compress(b"U" * LIST_BYTES)[:-5],
    ],
    ids=["longer", "a bomb", "without its last byte", "without its check sum"],
)
def test_a_list_that_is_too_long_or_too_short_is_refused(packed):
    with pytest.raises(ValueError, match="damaged"):
        unpack_statuses(StatusList(2, base64_encode(packed).decode()))


def test_no_bit_of_a_list_flips_unnoticed():
    statuses = bytes(range(200))
    text = pack_statuses(statuses).lst.encode()

    for place, bit in product(range(len(text)), range(8)):
        flipped = bytearray(text)
        flipped[place] ^= 1 << bit
        try:
            found = unpack_statuses(StatusList(2, flipped.decode("latin-1")))
        except ValueError:
            continue
        assert found == statuses


def test_a_list_in_the_middle_is_full():
    full = b"U" * LIST_BYTES

    assert joined([full, b"U"]) == full + b"U"
    with pytest.raises(ValueError, match="cut short"):
        joined([b"U", full])


@given(
    first=st.integers(0, 200_000),
    length=st.integers(0, 50),
    start=st.integers(0, 300),
    count=st.integers(0, 300),
)
def test_changes_are_told_all_or_not_at_all(first, length, start, count):
    recent = Recent()
    for number in range(first, first + length):
        recent.keep(Change(number=number, status=0), 0)

    found = recent.between(first + start, first + start + count)

    if start + count <= length:
        assert [change.number for change in found] == [
            *range(first + start, first + start + count)
        ]
    else:
        assert found is None or count == 0

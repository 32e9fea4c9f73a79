import json
import re
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain import receipts
from consent.domain.vocabulary import Action
from consent.errors import InvalidProof
from tests.vectors import receipts as vectors

WRITTEN = json.loads(vectors.FILE.read_text("utf-8"))
EVIDENCE = "evidence"


def places(value, path=()):
    """Yield the path to each value in a document that is no container."""
    if isinstance(value, dict | list):
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for name, inside in items:
            yield from places(inside, (*path, name))
    else:
        yield path


def changed(document, path, change):
    """Return a document with one value changed."""
    copy = deepcopy(document)
    inside = copy
    for name in path[:-1]:
        inside = inside[name]
    inside[path[-1]] = change(inside[path[-1]])
    return copy


READABLE = [path for path in places(WRITTEN["valid"]) if path[0] != EVIDENCE]
PROVING = [path for path in places(WRITTEN["valid"]) if path[0] == EVIDENCE]


def test_the_file_is_what_is_made_today():
    """`python -m tests.vectors.receipts` was run after receipts changed."""
    assert json.loads(json.dumps(vectors.document())) == WRITTEN


def test_a_genuine_receipt_proves_what_was_chosen_on_which_notice():
    verified = receipts.verify(WRITTEN["valid"], vectors.KEY)

    assert verified.record.number == vectors.CHOSEN
    assert verified.record.action is Action.GIVEN
    assert verified.publication.version == 2
    assert verified.checkpoint.size == vectors.SIZE
    assert verified.key == vectors.KEY


@pytest.mark.parametrize("one", WRITTEN["forged"], ids=lambda one: one["name"])
def test_a_forged_receipt_is_refused(one):
    with pytest.raises(InvalidProof):
        receipts.verify(one["receipt"])


@given(data=st.data())
def test_any_changed_character_of_the_evidence_is_found(data):
    path = data.draw(st.sampled_from(PROVING))
    text = WRITTEN["valid"]
    for name in path:
        text = text[name]
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="utf-8").filter(lambda c: c != text[place]))

    def change(text):
        return text[:place] + other + text[place + 1 :]

    with pytest.raises(InvalidProof):
        receipts.verify(changed(WRITTEN["valid"], path, change))


@pytest.mark.parametrize("path", READABLE, ids=lambda path: "/".join(map(str, path)))
def test_any_changed_text_is_found_and_named(path):
    forged = changed(WRITTEN["valid"], path, lambda value: f"not {value}")

    with pytest.raises(InvalidProof) as caught:
        receipts.verify(forged)

    if path != ("@id",):
        assert "/" + "/".join(map(str, path)) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("consent:gpc", 1), ("consent:number", 10.0), ("consent:layout", None)],
)
def test_values_that_only_python_finds_equal_are_found(name, value):
    forged = deepcopy(WRITTEN["valid"])
    record = forged["dpv:hasRecordOfActivity"]
    assert record[name] == value or value is None
    record[name] = value

    with pytest.raises(InvalidProof):
        receipts.verify(forged)


def test_a_name_with_nothing_behind_it_is_found():
    with pytest.raises(InvalidProof):
        receipts.verify(WRITTEN["valid"] | {"dct:description": None})


def test_a_purpose_left_out_or_told_twice_is_found():
    for change in (lambda of: of[1:], lambda of: of[:-1], lambda of: [*of, of[0]]):
        path = ("dpv:hasRecordOfActivity", "dpv:hasProcess")
        with pytest.raises(InvalidProof, match="hasProcess"):
            receipts.verify(changed(WRITTEN["valid"], path, change))


def test_the_ledger_of_another_site_makes_no_receipt():
    origin = "consent.example/v1/other/ledger"
    of = vectors.ledger(origin=origin)
    key = vectors.checkpoints.verifier_key(origin, vectors.private.verify_key)

    with pytest.raises(InvalidProof, match="is not the ledger of shop"):
        receipts.receipt(of.sealed(10), of.sealed(3), key, "https")


@pytest.mark.parametrize("name", sorted(WRITTEN["valid"]))
def test_nothing_can_be_left_out(name):
    rest = {k: v for k, v in WRITTEN["valid"].items() if k != name}

    with pytest.raises(InvalidProof):
        receipts.verify(rest)


def test_another_key_than_the_published_one_is_refused():
    forged = WRITTEN["signed_by_another"]

    assert receipts.verify(forged).key == vectors.OTHER_KEY
    with pytest.raises(InvalidProof, match="names another key"):
        receipts.verify(forged, vectors.KEY)


def test_texts_are_the_notices_own_in_the_language_shown():
    text = json.dumps(WRITTEN["valid"]["dpv:hasRecordOfActivity"])

    assert "What analytics is for. (de)" in text
    assert "What new does. (de)" in text
    assert not re.search(r"What analytics is for\.[^ ]", text)


def test_the_way_to_ones_rights_is_inside():
    record = WRITTEN["valid"]["dpv:hasRecordOfActivity"]
    places = [right["dpv:isExercisedAt"] for right in record["dpv:hasRight"]]

    assert places == ["https://consent.example/shop/preferences"]
    assert record["dpv:hasDataController"]["dpv:hasContact"] == "hello@shop.example"


def test_an_export_is_read_as_its_receipts():
    export = receipts.export([WRITTEN["valid"], WRITTEN["valid"]])

    assert receipts.read(json.dumps(export)) == [WRITTEN["valid"]] * 2
    assert receipts.read(json.dumps(WRITTEN["valid"])) == [WRITTEN["valid"]]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "1",
        "[1]",
        b"\xff",
        '{"@graph": []}',
        '{"@graph": 1}',
        '{"@context": {}, "@graph": [{}]}',
        '{"@id": "a", "@id": "b"}',
        "[" * 100_000,
    ],
)
def test_what_is_no_receipt_is_refused(text):
    with pytest.raises(InvalidProof):
        receipts.read(text)


@pytest.mark.parametrize("value", [1e400, "\ud800", 10**30])
def test_what_cannot_be_written_again_is_refused(value):
    with pytest.raises(InvalidProof):
        receipts.verify(WRITTEN["valid"] | {"dct:identifier": value})

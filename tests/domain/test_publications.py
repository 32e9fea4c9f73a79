import json
from datetime import timedelta

import pytest

from consent.domain.entries import Place, Registered, Script, decode, encode
from consent.domain.notices import digest
from consent.domain.publications import Draft, Renewal
from tests.factories import (
    NOW,
    ORIGIN_OF_LEDGER,
    make_notice,
    make_publication,
    purpose,
    site_file,
    text,
    vendor,
)

LATER = NOW + timedelta(days=1)


def republished(**changes):
    """Return what follows the usual publication, with these changes."""
    return make_publication(
        make_notice(**changes), previous=make_publication(), number=7
    )


def since(publication):
    return {name: place.since for name, place in publication.purposes.items()}


def with_purpose(purpose_id, **changes):
    """Return the usual purposes, one of them changed."""
    return [
        old | (changes if old["id"] == purpose_id else {})
        for old in site_file()["purposes"]
    ]


def test_the_first_publication_numbers_purposes_and_vendors():
    first = make_publication()

    assert first.version == 1
    assert {n: p.bit for n, p in first.purposes.items()} == {
        "necessary": 0,
        "analytics": 1,
        "marketing": 2,
        "audience": 3,
    }
    assert first.vendors == {"stripe": 0, "matomo": 1, "maps": 2, "ads": 3}


EUROPE = {"EU": "opt-in", "US": "opt-out", "*": "inform"}


@pytest.mark.parametrize(
    ("before", "after", "is_asked_again"),
    [
        ({"regime": "opt-out"}, {"regime": "opt-in"}, True),
        ({"regime": "opt-in"}, {"regime": "inform"}, False),
        ({"regime": "inform"}, {"regime": None, "regimes": EUROPE}, True),
        ({"regime": "opt-in"}, {"regime": None, "regimes": EUROPE}, False),
        ({"regimes": EUROPE}, {"regimes": EUROPE | {"US-CA": "opt-in"}}, True),
        ({"regimes": EUROPE}, {"regimes": EUROPE | {"GB": "opt-out"}}, True),
        ({"regimes": EUROPE}, {"regimes": EUROPE | {"IE": "opt-in"}}, False),
        ({"regimes": EUROPE}, {"regimes": EUROPE | {"US": "inform"}}, False),
    ],
)
def test_a_stricter_regime_anywhere_asks_again(before, after, is_asked_again):
    old, new = ({"regime": None} | changes for changes in (before, after))
    first = make_publication(make_notice(**old))

    second = make_publication(make_notice(**new), previous=first, number=1)

    assert since(second)["analytics"] == (2 if is_asked_again else 1)


def test_the_same_content_is_not_published_again():
    assert republished() is None


def test_other_words_ask_nobody_again():
    again = republished(purposes=with_purpose("analytics", title=text("Statistics")))

    assert again.version == 2
    assert set(since(again).values()) == {1}


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": with_purpose("analytics", basis="objection")},
        {"purposes": with_purpose("analytics", sells=True)},
        {"purposes": with_purpose("analytics", edition=2)},
        {"vendors": [*site_file()["vendors"], vendor("new", "analytics")]},
    ],
    ids=["basis", "sale", "edition", "vendor"],
)
def test_a_material_change_asks_again_about_that_purpose_alone(changes):
    assert since(republished(**changes)) == {
        "necessary": 1,
        "analytics": 2,
        "marketing": 1,
        "audience": 1,
    }


def test_a_vendor_in_another_country_asks_again():
    vendors = [
        old | ({"country": "US"} if old["id"] == "matomo" else {})
        for old in site_file()["vendors"]
    ]

    assert since(republished(vendors=vendors))["analytics"] == 2


def test_another_controller_asks_again_about_everything_but_the_necessary():
    controller = {"name": "Another", "contact": "hello@shop.example"}

    again = since(republished(controller=controller))

    assert again == {"necessary": 1, "analytics": 2, "marketing": 2, "audience": 2}


def test_one_vendor_less_asks_nobody_again():
    fewer = [old for old in site_file()["vendors"] if old["id"] != "ads"]

    assert set(since(republished(vendors=fewer)).values()) == {1}


def test_a_bit_is_never_reused():
    without = [old for old in site_file()["purposes"] if old["id"] != "marketing"]
    gone = republished(purposes=[*without, purpose("video")], vendors=[])
    back = make_publication(make_notice(), previous=gone, number=8)

    assert gone.purposes["video"].bit == 4
    assert gone.purposes["marketing"].bit == 2
    assert back.purposes["marketing"] == Registered(2, 3, ("new purpose",))


def test_the_digest_depends_on_the_content_alone():
    assert digest(make_notice()) == digest(make_notice())
    assert digest(make_notice()) != digest(make_notice(term_days=30))


def scripting(release):
    """Return what works out the scripts of a release, in which only that differs."""

    def scripts(publication):
        config = {"notice": publication.version, "since": since(publication)}
        return {"en": Script(release, config)}

    return scripts


def published_by(release, previous=None, number=0, **changes):
    draft = Draft(make_notice(**changes), ORIGIN_OF_LEDGER, scripting(release))
    return draft.following(previous, number, NOW)


def test_a_publication_holds_what_its_scripts_were_told():
    first = published_by("old")

    assert first.scripts["en"].config["since"] == since(first)
    assert decode(encode(first)) == first


@pytest.mark.parametrize("publishes", [True, False], ids=["publish", "serve"])
def test_another_script_publishes_the_same_version_again(publishes):
    first = published_by("old")
    renewal = Renewal(first.site, scripting("new"))

    again = (
        published_by("new", first, 7)
        if publishes
        else renewal.following(first, 7, LATER)
    )

    assert (again.version, again.digest) == (1, first.digest)
    assert (again.purposes, again.vendors) == (first.purposes, first.vendors)
    assert again.scripts["en"].sha256 == "new"
    assert again.renews == 0
    assert again.public_since == Place(0, NOW)


def test_a_version_is_public_since_it_was_first_published():
    second = published_by("new", published_by("old"), 7)
    third = published_by("newest", second, 9)

    assert third.renews == 7
    assert third.public_since == Place(0, NOW)


def test_the_same_script_is_not_published_again():
    first = published_by("old")

    assert Renewal(first.site, scripting("old")).following(first, 7, LATER) is None
    assert published_by("old", first, 7) is None


def test_another_notice_is_a_new_version_with_its_own_scripts():
    second = published_by("old", published_by("old"), 7, term_days=30)

    assert (second.version, second.renews, second.first) == (2, None, None)
    assert second.scripts["en"].config["notice"] == 2


def test_a_publication_from_before_there_were_scripts_is_read():
    plain = {
        name: value
        for name, value in json.loads(encode(make_publication())).items()
        if name != "scripts"
    }

    old = decode(json.dumps(plain).encode())

    assert old.scripts == {}
    assert old.public_since == Place(0, NOW)

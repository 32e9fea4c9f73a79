import pytest

from consent.domain.notices import digest
from tests.factories import (
    make_notice,
    make_publication,
    purpose,
    site_file,
    text,
    vendor,
)


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
    assert back.purposes["marketing"] == gone.purposes["marketing"].__class__(2, 3)


def test_the_digest_depends_on_the_content_alone():
    assert digest(make_notice()) == digest(make_notice())
    assert digest(make_notice()) != digest(make_notice(term_days=30))

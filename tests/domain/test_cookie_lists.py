import pytest

from consent.domain.cookie_lists import Order, Search, lines, vendors
from tests.factories import make_notice, text, vendor


def cookie(name, lifetime="1 year", **changes):
    """Return a cookie of analytics as a site file has it."""
    described = {"purpose": "analytics", "description": text(f"Why {name}.")}
    return {"name": name, "lifetime": lifetime} | described | changes


NOTICE = make_notice(
    vendors=[
        vendor(
            "matomo",
            "analytics",
            cookies=[
                cookie("_pk_id.*", "13 months"),
                cookie("_PK_ses.*", "30 minutes"),
                cookie("counted", "persistent", type="local_storage"),
            ],
        ),
        vendor(
            "graphs",
            "analytics",
            "marketing",
            cookies=[
                cookie("graph", "session", party="third"),
                cookie("weeks", "8 days", description={"en": "Each", "de": "Größe"}),
                cookie("ad", purpose="marketing"),
            ],
        ),
    ]
)
ANALYTICS = NOTICE.purpose("analytics")


def names(locale="en", **search):
    """Return the names of what a search finds, in its order."""
    return [
        line.cookie.name for line in lines(NOTICE, ANALYTICS, locale, Search(**search))
    ]


def test_without_a_search_everything_of_the_purpose_is_there_as_declared():
    assert names() == ["_pk_id.*", "_PK_ses.*", "counted", "graph", "weeks"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (Order.NAME, ["_pk_id.*", "_PK_ses.*", "counted", "graph", "weeks"]),
        (Order.PROVIDER, ["graph", "weeks", "_pk_id.*", "_PK_ses.*", "counted"]),
        (Order.LIFETIME, ["graph", "_PK_ses.*", "weeks", "_pk_id.*", "counted"]),
        (Order.KIND, ["_pk_id.*", "_PK_ses.*", "weeks", "graph", "counted"]),
    ],
)
def test_each_order_can_be_had_both_ways(order, expected):
    assert names(order=order) == expected
    assert names(order=order, descending=True) == expected[::-1]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("COUNTED", ["counted"]),
        ("graphs", ["graph", "weeks"]),
        ("why graph", ["graph"]),
        ("why weeks", []),
        ("_pk_id.1.dc78", ["_pk_id.*"]),
        ("analytics title graph.", ["graph"]),
    ],
)
def test_every_word_has_to_be_told_of_a_cookie(words, expected):
    assert names(words=words) == expected


def test_words_are_those_of_the_readers_language():
    assert names("de", words="GRÖSSE") == ["weeks"]
    assert names("en", words="GRÖSSE") == []


def test_vendors_go_with_what_was_found():
    def told(words):
        search = Search(words)
        found = [lines(NOTICE, ANALYTICS, "en", search)]
        return [one.id for one in vendors(NOTICE, found, search)]

    assert told("") == ["matomo", "graphs"]
    assert told("counted") == ["matomo"]
    assert told("nothing") == []

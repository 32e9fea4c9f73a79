import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain import notices
from consent.domain.comparisons import Change, Difference, How, Question, compared
from consent.domain.notices import Notice
from tests.factories import make_notice, make_publication, purpose, site_file, vendor

COOKIE = {"lifetime": "1 day", "description": {"en": "One.", "de": "Eins."}}
COOKIES = [
    {"name": "_a", "purpose": "analytics"} | COOKIE,
    {"name": "_b", "purpose": "analytics"} | COOKIE,
    {"name": "_a", "purpose": "analytics", "type": "local_storage"} | COOKIE,
]
FILE = site_file(
    vendors=[
        vendor("matomo", "analytics", hosts=["a.example"], cookies=COOKIES),
        vendor("ads", "marketing"),
    ],
    texts={"heading": {"en": "We", "de": "Wir"}, "intro": {"en": "x", "de": "y"}},
)


def change(path, value):
    """Return a function that puts a value at a path of a site file."""

    def made(file):
        *steps, last = path
        part = file
        for step in steps:
            part = part[step]
        part[last] = value

    return made


def reverse(*path):
    """Return a function that turns a list in a site file round."""

    def made(file):
        part = file
        for step in path:
            part = part[step]
        part.reverse()

    return made


CHANGES = [
    change(["regime"], "inform"),
    change(["term_days"], 30),
    change(["cookie_domain"], "shop.example"),
    change(["controller", "contact"], "you@shop.example"),
    change(["texts", "heading", "de"], "Sie"),
    change(["purposes", 1, "sells"], True),
    change(["purposes", 2, "title", "en"], "Ads"),
    change(["vendors", 0, "hosts"], []),
    change(["vendors", 0, "cookies", 2, "lifetime"], "2 days"),
    reverse("origins"),
    reverse("locales"),
    reverse("purposes"),
    reverse("vendors", 0, "cookies"),
    reverse("vendors"),
]


def changed(changes):
    file = msgspec.json.decode(msgspec.json.encode(FILE))
    for make in changes:
        make(file)
    return msgspec.convert(file, Notice)


def compare(**changes):
    return compared(make_publication(), make_notice(**changes))


@given(st.sets(st.sampled_from(range(len(CHANGES))), max_size=4))
def test_whatever_gives_another_digest_is_told_and_nothing_else_is(chosen):
    old, new = changed([]), changed(CHANGES[index] for index in sorted(chosen))

    comparison = compared(make_publication(old), new)

    assert comparison.differs is (notices.digest(old) != notices.digest(new))


def test_a_field_is_told_before_and_after():
    comparison = compared(make_publication(changed([])), changed(CHANGES[1:5]))

    assert comparison.differences == (
        Difference(
            How.CHANGED,
            "controller",
            (Change("contact", "hello@shop.example", "you@shop.example"),),
        ),
        Difference(How.CHANGED, "texts", (Change("heading.de", "Wir", "Sie"),)),
        Difference(How.CHANGED, "term_days", (Change("", None, "30"),)),
        Difference(How.CHANGED, "cookie_domain", (Change("", None, "shop.example"),)),
    )


@pytest.mark.parametrize(
    ("vendors", "told"),
    [
        ([*FILE["vendors"], vendor("new", "analytics")], ("added", "vendor new")),
        (FILE["vendors"][:1], ("removed", "vendor ads")),
        ([FILE["vendors"][0], vendor("ads", "analytics")], ("changed", "vendor ads")),
        (
            [FILE["vendors"][0], vendor("ads", "marketing", hosts=["a.example"])],
            ("changed", "vendor ads"),
        ),
    ],
)
def test_what_comes_goes_and_changes_is_told_apart(vendors, told):
    file = FILE | {"vendors": vendors}

    comparison = compared(make_publication(changed([])), msgspec.convert(file, Notice))

    assert [(d.how, d.what) for d in comparison.differences] == [told]


def test_cookies_of_one_name_are_not_taken_for_each_other():
    (difference,) = compared(
        make_publication(changed([])), changed([CHANGES[8]])
    ).differences

    assert difference.changes == (Change("cookies._a #2.lifetime", "1 day", "2 days"),)


def test_other_words_ask_nobody_again():
    purposes = [*site_file()["purposes"]]
    purposes[1] = purposes[1] | {"title": {"en": "Numbers", "de": "Zahlen"}}

    comparison = compare(purposes=purposes)

    assert comparison.differs
    assert comparison.questions == ()


def test_a_vendor_more_asks_whoever_answered_since_the_purpose_changed_last():
    first = make_publication()
    edition = [purpose("analytics", edition=2), *site_file()["purposes"][2:]]
    notice = make_notice(purposes=edition, vendors=[])
    third = make_publication(notice, previous=make_publication(notice, previous=first))
    second = make_publication(make_notice(term_days=9), previous=first)
    fourth = make_publication(notice, previous=second)
    vendors = [vendor("new", "analytics")]

    after_two = compared(second, make_notice(vendors=vendors, term_days=9))
    after_three = compared(fourth, make_notice(purposes=edition, vendors=vendors))

    assert third is None
    reasons = ("vendor or country added",)
    assert after_two.questions == (Question("analytics", reasons, range(1, 3)),)
    assert after_three.questions == (Question("analytics", reasons, range(3, 4)),)


def test_a_new_purpose_asks_everybody():
    purposes = [*site_file()["purposes"], purpose("videos")]

    (question,) = compare(purposes=purposes).questions

    assert (question.purpose, [*question.versions]) == ("videos", [])


def test_a_purpose_that_becomes_exempt_asks_nobody():
    purposes = [purpose("analytics", "exempt"), *site_file()["purposes"][2:]]

    assert compare(purposes=purposes).questions == ()


def test_a_site_that_was_never_published_differs():
    comparison = compared(None, make_notice())

    assert comparison.differs
    assert comparison.in_force is None

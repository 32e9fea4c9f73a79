import pytest

from consent.errors import NotFound, UnknownSite
from consent.services import notices, policies
from tests.factories import make_notice


def policy(words, day=1):
    """Return a policy as a site file has it."""
    text = {"en": f"{words} in English.", "de": f"{words} auf Deutsch."}
    return {"updated": f"2026-03-{day:02}", "text": text}


@pytest.fixture
def site(shop):
    """Publish notice after notice: without a policy, and with one that changes once."""
    notices.publish(shop, make_notice(policy=policy("First")))
    notices.publish(shop, make_notice(policy=policy("First"), term_days=90))
    notices.publish(shop, make_notice(policy=policy("Second", 2), term_days=90))
    return shop


def test_a_notice_without_another_policy_makes_no_version_of_it(site):
    found = policies.editions(site, "shop")

    assert [one.version for one in found] == [4, 2]
    assert [one.policy.updated.day for one in found] == [2, 1]
    assert found[0].public_since.number == 3


@pytest.mark.parametrize(
    ("version", "shown", "words"),
    [(None, 4, "Second"), (4, 4, "Second"), (3, 2, "First"), (2, 2, "First")],
)
def test_each_notice_has_the_policy_that_it_was_published_with(
    site, version, shown, words
):
    found = policies.edition(site, "shop", version)

    assert found.version == shown
    assert policies.text(found, "en")[0] == f"{words} in English."


@pytest.mark.parametrize(("version", "error"), [(1, "notice 1"), (9, "no notice 9")])
def test_what_was_never_said_is_not_found(site, version, error):
    with pytest.raises(NotFound, match=error):
        policies.edition(site, "shop", version)


def test_a_new_publication_is_seen_at_once(site):
    assert len(policies.editions(site, "shop")) == 2

    notices.publish(site, make_notice(policy=policy("Third", 3)))

    assert policies.edition(site, "shop").version == 5


def test_there_is_no_policy_of_an_unknown_site(shop):
    with pytest.raises(UnknownSite):
        policies.editions(shop, "nowhere")


def test_a_policy_that_was_not_written_in_a_language_tells_in_which_it_is(site):
    found = policies.edition(site, "shop")

    assert policies.text(found, "de") == ("Second auf Deutsch.", "de")
    assert policies.text(found, "fr") == ("Second in English.", "en")


def test_what_changed_is_told_in_the_readers_language(site):
    old, new = (policies.edition(site, "shop", version) for version in (2, 4))

    (passage,) = policies.changes(old, new, "de")

    assert [text.strip() for _, text in passage.pieces] == [
        "First",
        "Second",
        "auf Deutsch.",
    ]

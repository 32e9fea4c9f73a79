"""Who is asked again, about what, and what they are told of it."""

import pytest
import yaml
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def change(town):
    """Publish another notice of a site that everybody has answered."""
    told = yaml.safe_load((town.places.folder / "changing.yaml").read_text())
    yield lambda edit: town.publish_again("changing", **edit(told))
    town.publish_again("changing", **told)


@pytest.fixture(autouse=True)
def _script_is_not_cached(visitor):
    """Else it would be that of the older notice for five minutes."""
    visitor.context.route("**/banner.js", lambda route: route.continue_())


def facts_of(site):
    return site.banner.root.locator(".consent-banner__facts")


def with_another_vendor(told):
    first, second, third = told["vendors"]
    return {
        "vendors": [first, second, third, second | {"id": "fresh", "name": "Fresh"}]
    }


def with_other_words(told):
    title = {"en": "Readers, counted", "de": "Gezählte Leser"}
    necessary, analytics, marketing = told["purposes"]
    return {"purposes": [necessary, analytics | {"title": title}, marketing]}


def test_only_what_changed_is_asked_again_and_it_says_how(visitor, change):
    site = visitor.visit_site("changing")
    site.accept()
    change(with_another_vendor)

    site = visitor.visit_site("changing")

    expect(site.banner.reject).to_be_visible()
    expect(facts_of(site)).to_have_text(
        "Reader statistics (a service or country was added) · 4 services in all"
    )
    assert site.allows("marketing")
    assert not site.allows("analytics")

    site.reject()

    assert site.allows("marketing")


def test_other_words_for_the_same_ask_nobody(visitor, change):
    site = visitor.visit_site("changing")
    site.accept()
    change(with_other_words)

    site = visitor.visit_site("changing")

    expect(site.banner.reopen).to_be_visible()
    assert site.allows("analytics")


def test_who_comes_for_the_first_time_hears_of_no_change(visitor, change):
    change(with_another_vendor)

    site = visitor.visit_site("changing")

    expect(facts_of(site)).to_have_text(
        "Reader statistics · Videos · 4 services in all"
    )

from dataclasses import replace

import pytest

from consent.errors import UnknownSite
from consent.services import notices
from consent.services.runtime import Runtime
from consent.services.snippets import policies, snippet
from tests.factories import make_notice, purpose, vendor

TEXTS = ("title", "description", "law")


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def mounted(shop):
    """Open the service as it is mounted on the site's own host."""
    address = "https://shop.example/_consent"
    opened = Runtime.open(replace(shop.settings, address=address))
    yield opened
    opened.close()


def text(parts):
    return "\n".join(part.text for part in parts)


def test_a_service_on_the_sites_own_host_is_named_by_its_path(mounted):
    told = text(snippet(mounted, "shop"))

    assert 'src="https://shop.example/_consent/shop/banner.js"' in told
    assert 'href="https://shop.example/_consent/shop/preferences?lang=de"' in told
    assert "script-src https://shop.example; connect-src https://shop.example" in told


def test_each_part_of_the_policy_says_whom_it_is_for(shop):
    vendors = [vendor("matomo", "analytics", hosts=["cdn.example"])]

    everybody, analytics = policies(shop, make_notice(vendors=vendors))

    assert "of each page" in everybody.place
    assert "cdn.example" not in everybody.text
    assert analytics.place.endswith("allows analytics")
    assert "cdn.example" in analytics.text


def test_a_link_reads_in_the_direction_of_its_language(shop):
    purposes = [purpose("x", **{name: {"ar": "x"} for name in TEXTS})]
    made = make_notice(site="arabic", locales=["ar"], vendors=[], purposes=purposes)
    notices.publish(shop, made)

    assert 'lang="ar" dir="rtl"' in text(snippet(shop, "arabic"))


@pytest.mark.parametrize(("blocking", "tag"), [("hold", ""), (None, " async")])
def test_the_script_waits_for_nobody_unless_tags_have_to_wait_for_it(
    shop, blocking, tag
):
    notices.publish(shop, make_notice(blocking=blocking))

    assert f'/shop/banner.js"{tag}></script>' in text(snippet(shop, "shop"))


def test_a_site_without_a_notice_has_no_snippet(shop):
    with pytest.raises(UnknownSite):
        snippet(shop, "nowhere")


def test_what_tools_have_to_hear_first_comes_first_and_with_its_source(shop):
    notice = make_notice(signals={"uet": "marketing"})
    notices.publish(shop, notice)
    shop.follower.poll()

    parts = snippet(shop, "shop")

    stub = shop.scripts.stub(notice)
    assert parts[0].text.startswith(f"<script>{stub.text}</script>\n<script src=")
    assert stub.source in text(parts)

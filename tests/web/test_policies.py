"""The pages of the cookie policy and the privacy policy, without scripts."""

import html
import re

import pytest

from consent.services.notices import publish
from tests.factories import make_notice, site_file, text, vendor
from tests.web.asking import size
from tests.web.filling import HERE, fields, hand_over, state

COOKIES = "/shop/cookies"
PRIVACY = "/shop/privacy"
LONG = "1" * 5000
DECIDE = "/shop/preferences/analytics?on=cookies"
MATOMO = vendor(
    "matomo",
    "analytics",
    country="NZ",
    safeguards=text("Adequate."),
    hosts=["cdn.matomo.example"],
    cookies=[
        {
            "name": name,
            "purpose": "analytics",
            "lifetime": lifetime,
            "description": text(f"Why {name}."),
        }
        for name, lifetime in (("_pk_id.*", "13 months"), ("_pk_ses.*", "30 minutes"))
    ],
)


def policy(words, day):
    """Return a policy as a site file has it."""
    told = {
        "en": f"# What\n\nWe keep {words}.",
        "de": f"# Was\n\nWir behalten {words}.",
    }
    return {"updated": f"2026-03-{day:02}", "text": told}


@pytest.fixture
def declared(app):
    """Publish a notice that declares cookies, without a policy."""
    publish(app.extensions["consent"], declaring())


@pytest.fixture
def written(app, declared):
    """Publish two policies one after the other, under notices 3 and 4."""
    for policy_of_notice in (policy("all <b>", 1), policy("nothing <b>", 2)):
        publish(app.extensions["consent"], declaring(policy=policy_of_notice))


def declaring(**changes):
    """Return a notice that declares cookies."""
    vendors = [*site_file()["vendors"], MATOMO]
    return make_notice(
        vendors=[v for v in vendors if v["id"] != "matomo" or v is MATOMO], **changes
    )


def see(client, address, status=200, **headers):
    """Return a page's text."""
    answer = client.get(address, headers=headers)
    assert answer.status_code == status
    return answer.text


def rows(page):
    """Return what stands in the cells of each row of the lists, labels aside."""
    found = page.split('<div class="list__row" role="row">')[1:]
    told = [
        re.findall(r'role="(?:rowheader|cell)".*?</div>', row, re.S) for row in found
    ]
    return [
        [html.unescape(re.sub(r"^[^>]*>|<[^>]*>", "", cell)).strip() for cell in cells]
        for cells in told
        if cells
    ]


def names(page):
    """Return the names in the lists, from top to bottom."""
    return [row[0] for row in rows(page)]


@pytest.mark.usefixtures("declared")
def test_every_cookie_is_told_with_all_that_is_declared(client):
    page = see(client, f"{COOKIES}?lang=en")

    assert rows(page)[0] == [
        "_pk_id.*",
        "Matomo",
        "Why _pk_id.*.",
        "13 months",
        "First-party cookie",
        "New Zealand",
    ]
    for told in ("What matomo does.", "Adequate.", "cdn.matomo.example", "2 entries"):
        assert told in page


@pytest.mark.usefixtures("declared")
def test_it_speaks_the_visitors_language(client):
    page = see(client, COOKIES, **{"Accept-Language": "de"})

    assert rows(page)[1][2:5] == [
        "Why _pk_ses.*. (de)",
        "30 Minuten",
        "Cookie dieser Website",
    ]
    assert "2 Einträge" in page


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["_pk_id.*", "_pk_ses.*"]),
        ("?sort=lifetime", ["_pk_ses.*", "_pk_id.*"]),
        ("?sort=-lifetime", ["_pk_id.*", "_pk_ses.*"]),
        ("?sort=-name", ["_pk_ses.*", "_pk_id.*"]),
        ("?sort=weather", ["_pk_id.*", "_pk_ses.*"]),
        ("?q=SES", ["_pk_ses.*"]),
        ("?q=matomo&sort=-name", ["_pk_ses.*", "_pk_id.*"]),
        ("?q=nobody", []),
    ],
)
def test_links_and_a_form_are_enough_to_sort_and_search(client, query, found):
    page = see(client, f"{COOKIES}{query}")

    assert names(page) == found
    plural = "entry" if len(found) == 1 else "entries"
    assert f"{len(found)} {plural}" in page


@pytest.mark.usefixtures("declared")
def test_a_search_shows_only_what_it_found_and_who_belongs_to_it(client):
    page = see(client, f"{COOKIES}?q=ses")

    assert 'id="purpose-analytics"' in page
    assert 'id="purpose-marketing"' not in page
    assert re.findall(r'id="vendor-(\w+)"', page) == ["matomo"]


@pytest.mark.usefixtures("declared")
def test_the_head_of_a_sorted_column_says_so_and_turns_it_round(client):
    page = see(client, f"{COOKIES}?q=pk&sort=name")

    (head,) = re.findall(r'aria-sort="ascending">.*?</div>', page, re.S)
    assert 'href="/shop/cookies?q=pk&amp;sort=-name"' in head
    assert 'aria-sort="descending"' in see(client, f"{COOKIES}?sort=-name")


@pytest.mark.usefixtures("declared")
def test_a_search_is_repeated_as_text(client):
    page = see(client, f'{COOKIES}?q="><script>x&sort=-name&lang=de')

    assert "<script>x" not in page
    assert 'name="sort" value="-name"' in page
    assert 'name="lang" value="de"' in page


@pytest.mark.usefixtures("declared")
def test_htmx_gets_only_the_part_that_it_swaps(client):
    whole = client.get(f"{COOKIES}?q=ses")
    part = client.get(f"{COOKIES}?q=ses", headers={"HX-Request": "true"})

    assert names(part.text) == names(whole.text) == ["_pk_ses.*"]
    assert part.text.lstrip().startswith('<div id="cookies"')
    assert "HX-Request" in part.vary
    assert "HX-Request" in whole.vary


@pytest.mark.usefixtures("declared")
def test_one_decides_in_the_page_and_comes_back_to_it(client, shop):
    before = size(shop)
    address = f"{DECIDE}&q=pk&sort=-name"
    page = see(client, f"{COOKIES}?q=pk&sort=-name")
    sent = fields(html.unescape(page), address) | {"decision": "granted"}

    answer = client.post(address, data=sent, headers=HERE)
    page = see(client, answer.location)

    assert (answer.status_code, answer.location) == (
        303,
        "/shop/cookies?q=pk&sort=-name#purpose-analytics",
    )
    assert f"Recorded as number {before}." in page
    assert state(page, "analytics").startswith("Allowed by you on ")
    assert names(page) == ["_pk_ses.*", "_pk_id.*"]


@pytest.mark.usefixtures("declared")
def test_an_act_whose_form_had_ended_is_asked_about_and_leads_back_too(client):
    address = f"{DECIDE}&q=pk"
    page = html.unescape(see(client, f"{COOKIES}?q=pk"))
    sent = fields(page, address) | {"decision": "granted"}

    asked = client.post(address, data=sent | {"csrf_token": "old"}, headers=HERE)
    again = fields(html.unescape(asked.text), address)
    answer = client.post(address, data=again, headers=HERE)

    assert asked.status_code == 400
    assert answer.location == f"{COOKIES}?q=pk#purpose-analytics"


@pytest.mark.usefixtures("declared")
def test_it_shows_the_answer_of_whoever_handed_a_secret_over(client):
    page = see(client, COOKIES)
    assert "What you answered elsewhere is kept there" in page

    hand_over(client, "0123456789abcdef" * 2)

    assert "What you answered elsewhere" not in see(client, COOKIES)


@pytest.mark.usefixtures("written")
def test_the_policy_in_force_is_shown_with_its_day_and_versions(client):
    page = see(client, f"{PRIVACY}?lang=en")

    assert "<h2>What</h2>\n<p>We keep nothing &lt;b&gt;.</p>" in page
    assert "Last updated on March 2, 2026" in page
    assert "Version 4 of March 2, 2026" in page
    assert "Version 3 of March 1, 2026" in page
    assert 'href="/shop/privacy?version=4&amp;compare=3&amp;lang=en"' in page


@pytest.mark.usefixtures("written")
def test_an_older_version_stays_to_be_read(client):
    page = see(client, f"{PRIVACY}?version=3&lang=de")

    assert "Wir behalten all &lt;b&gt;." in page
    assert "Zuletzt geändert am 1. März 2026" in page


@pytest.mark.usefixtures("written")
def test_what_changed_between_two_versions_is_marked(client):
    page = see(client, f"{PRIVACY}?version=4&compare=3")

    assert "What changed between version 3 and version 4" in page
    assert re.search(r"<del><span[^>]*>Removed </span>all </del>", page)
    assert re.search(r"<ins><span[^>]*>Added </span>nothing </ins>", page)
    assert "<h2>What</h2>" in page
    assert "&lt;b&gt;" in page


@pytest.mark.usefixtures("written")
def test_a_version_beside_itself_did_not_change(client):
    assert "Nothing changed." in see(client, f"{PRIVACY}?version=4&compare=4")


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize(
    "query",
    ["version=1", "version=9", "version=x", "compare=1", f"compare={LONG}"],
    ids=lambda query: query[:20],
)
def test_a_version_that_never_was_is_no_page(client, query):
    assert "There is no such page." in see(client, f"{PRIVACY}?{query}", 404)


def test_without_a_text_the_address_of_the_policy_is_led_to(client, app):
    address = "https://shop.example/privacy"
    assert "There is no such page." in see(client, PRIVACY, 404)

    publish(app.extensions["consent"], make_notice(privacy_policy=address))

    assert client.get(PRIVACY).location == address


@pytest.mark.parametrize("page", ["/nowhere/cookies", "/nowhere/privacy"])
def test_an_unknown_site_has_no_policies(client, page):
    assert "There is no such page." in see(client, page, 404)


@pytest.mark.usefixtures("written")
def test_every_page_of_the_site_links_to_both(client):
    page = see(client, "/shop/preferences?lang=de")

    assert 'href="/shop/cookies?lang=de"' in page
    assert 'href="/shop/privacy?lang=de"' in page

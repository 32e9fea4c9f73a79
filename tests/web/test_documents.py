"""Both policies as the site's own pages fetch them."""

import re

import pytest

from consent.services.notices import publish
from tests.factories import make_notice
from tests.web.asking import assert_problem
from tests.web.test_policies import MATOMO, policy

ADDRESSES = [
    f"/v1/shop/{name}{kind}"
    for name in ("cookies", "privacy")
    for kind in ("", ".html")
]
HERE = "https://consent.example/shop"


@pytest.fixture
def written(app):
    """Publish a notice with cookies and a policy, and before it another policy."""
    for told in (policy("all", 1), policy("[some](cookies)", 2)):
        notice = make_notice(vendors=[MATOMO], policy=told)
        publish(app.extensions["consent"], notice)


in_each_form = pytest.mark.parametrize("address", ADDRESSES)


@pytest.mark.usefixtures("written")
def test_the_cookies_are_told_as_data(client):
    told = client.get("/v1/shop/cookies?lang=de").json

    analytics = told["purposes"][1]
    assert (told["version"], told["locale"]) == (3, "de")
    assert analytics["title"] == "analytics title (de)"
    assert analytics["cookies"][0] == {
        "name": "_pk_id.*",
        "vendor": "matomo",
        "provider": "Matomo",
        "description": "Why _pk_id.*. (de)",
        "lifetime": "13 months",
        "lifetime_in_words": "13 Monate",
        "type": "cookie",
        "party": "first",
    }
    (vendor,) = told["vendors"]
    assert (vendor["country"], vendor["safeguards"]) == ("NZ", "Adequate. (de)")
    assert (told["page"], told["preferences"]) == (
        f"{HERE}/cookies",
        f"{HERE}/preferences",
    )


@pytest.mark.usefixtures("written")
def test_the_policy_is_told_as_data(client):
    told = client.get("/v1/shop/privacy").json

    assert told["markdown"] == "# What\n\nWe keep [some](cookies)."
    assert f'<a href="{HERE}/cookies" rel="noreferrer">some</a>' in told["html"]
    assert (told["version"], told["updated"]) == (3, "2026-03-02")
    assert [one["version"] for one in told["versions"]] == [3, 2]


@pytest.mark.usefixtures("written")
def test_the_parts_say_the_same_in_their_language(client):
    cookies = client.get("/v1/shop/cookies.html?lang=de").text
    privacy = client.get("/v1/shop/privacy.html?lang=de").text

    assert 'lang="de"' in cookies
    assert 'lang="de"' in privacy
    for told in ("_pk_id.*", "Why _pk_ses.*. (de)", "13 Monate", "Adequate. (de)"):
        assert told in cookies
    assert "Zuletzt geändert am 2. März 2026" in privacy
    assert "Wir behalten" in privacy


@pytest.mark.usefixtures("written")
@pytest.mark.parametrize("address", ADDRESSES[1::2])
def test_a_part_brings_nothing_that_a_page_has_to_allow(client, address):
    part = client.get(address).text

    assert not re.search(
        r"<(script|style|link|form|html|body)|\b(id|style|on\w+)=", part
    )
    links = re.findall(r'href="([^"]*)"', part)
    assert links
    assert all(link.startswith("https://") for link in links)


@pytest.mark.usefixtures("written")
@in_each_form
def test_pages_of_any_origin_may_read_it_and_caches_keep_it(client, address):
    answer = client.get(address, headers={"Origin": "https://shop.example"})

    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" in answer.vary
    assert "Cookie" not in answer.vary
    assert "Set-Cookie" not in answer.headers


@pytest.mark.usefixtures("written")
@in_each_form
def test_who_has_it_already_is_sent_nothing(client, address):
    etag = client.get(address).headers["ETag"]

    answer = client.get(address, headers={"If-None-Match": etag})

    assert (answer.status_code, answer.data) == (304, b"")


@pytest.mark.usefixtures("written")
@in_each_form
def test_where_the_address_names_the_language_nothing_else_does(client, address):
    answer = client.get(f"{address}?lang=de", headers={"Accept-Language": "en"})

    assert answer.headers["Content-Language"] == "de"
    assert "Accept-Language" not in answer.vary


@in_each_form
def test_nobody_posts_there(client, address):
    assert client.post(address).status_code in {400, 405}


@pytest.mark.parametrize("address", [a.replace("shop", "nowhere") for a in ADDRESSES])
def test_an_unknown_site_has_none(client, address):
    assert_problem(client.get(address), 404, "unknown_site")


@pytest.mark.parametrize("address", ADDRESSES[2:])
def test_a_site_without_a_policy_has_none(client, address):
    assert_problem(client.get(address), 404, "not_found")

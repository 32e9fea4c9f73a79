import re

import pytest
import yaml

from tests.factories import purpose, site_file, vendor
from tests.running import Service

POLICY = re.compile(r"script-src .*")


@pytest.fixture
def service(shop, tmp_path, free_port):
    """Return a service whose test site is published."""
    return Service(tmp_path, free_port, shop.settings.database_url)


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a site file."""

    def written(**changes):
        path = tmp_path / "shop.yaml"
        path.write_text(yaml.safe_dump(site_file(**changes), sort_keys=False))
        return path

    return written


def own_intro(intro):
    """Return texts of the site's own."""
    texts = {"heading": "Cookies", "intro": intro}
    return {name: {"en": text, "de": "Sie wählen."} for name, text in texts.items()}


def cells(row):
    """Return what stands in a row of a table."""
    return [cell.strip() for cell in row.split("│")[1:-1]]


def test_diff_tells_what_would_change_and_who_is_asked_again(service, write):
    vendors = [
        vendor("stripe", "necessary", hosts=["js.stripe.com"]),
        vendor("matomo", "analytics", country="NZ", hosts=["cdn.example"]),
        vendor("maps", "marketing"),
    ]
    purposes = [*site_file()["purposes"], purpose("videos")]
    path = write(vendors=vendors, purposes=purposes, term_days=90)

    told = service.fails("site", "diff", "--exit-code", path)

    for line in (
        "added purpose videos",
        "    + title.en: videos title",
        "changed vendor matomo",
        "    + country: NZ",
        "    + hosts: cdn.example",
        "removed vendor ads",
        "changed term_days",
        "    + 90",
    ):
        assert line in told.splitlines()
    assert [cells(row) for row in told.splitlines() if row.startswith("│")] == [
        ["analytics", "vendor or country added", "whoever answered on notice 1"],
        ["videos", "new purpose", "everybody"],
    ]


def test_diff_tells_what_a_policy_has_to_admit_and_what_that_closes(service, write):
    vendors = [
        vendor("stripe", "necessary", hosts=["js.stripe.com"]),
        vendor("matomo", "analytics", hosts=["cdn.example"]),
    ]

    told = service.run("site", "diff", write(vendors=vendors))

    assert POLICY.findall(told) == [
        "script-src http://localhost:8000 https://js.stripe.com; "
        "connect-src http://localhost:8000; frame-src https://js.stripe.com",
        "script-src https://cdn.example; frame-src https://cdn.example",
    ]
    assert "only for visitors to whom the check allows analytics" in told
    assert "holding back in the browser fails open" in told
    assert "Nobody is asked again" in told


def test_diff_tells_of_a_long_text_the_lines_that_would_change(service, write):
    text = {"en": "Kept.\n\nFor 14 days.\n", "de": "Behalten.\n\n14 Tage.\n"}
    policy = {"updated": "2026-03-01", "text": text}
    service.run("site", "publish", write(policy=policy))
    text |= {"en": "Kept.\n\nFor 30 days.\n"}

    told = service.run("site", "diff", write(policy=policy))

    changed = ["    text.en:", "    - For 14 days.", "    + For 30 days."]
    assert [line for line in changed if line not in told.splitlines()] == []
    assert "Kept." not in told
    assert "Nobody is asked again" in told


def test_diff_is_content_where_nothing_changes(service, write):
    same = service.run("site", "diff", "--exit-code", write())

    assert same.strip() == "Nothing would change."


def test_what_deceives_is_not_published(service, write):
    implied = "If you continue, we assume that you accept them."
    path = write(texts=own_intro(implied))

    told = service.fails("site", "publish", path)

    line = path.read_text().splitlines().index(f"    en: {implied}") + 1
    assert f"{path}:{line}: texts.intro.en: expected no consent by going on" in told
    assert 'got "If you continue, we assume that you accept"' in told
    assert "EDPB Guidelines 05/2020, para. 86" in told
    assert service.run("ledger", "show", "shop").count("publication") == 1


def test_a_pre_ticked_purpose_is_refused_with_the_article(
    tmp_path, free_port, sqlite_url, write
):
    path = write(purposes=[purpose("analytics", preticked=True)])

    told = Service(tmp_path, free_port, sqlite_url).fails("site", "validate", path)

    assert "purposes[0].preticked: expected no such field" in told
    assert "GDPR Art. 4(11) and recital 32; CJEU C-673/17 Planet49" in told
    assert "EDPB Guidelines 03/2022, 4.2.1" in told


def test_what_is_only_doubtful_is_published_with_a_warning(service, write):
    path = write(texts=own_intro("They give you the best possible experience."))

    told = service.run("site", "publish", path)

    assert re.search(r"warning \S+shop\.yaml:\d+: texts\.intro\.en: say what", told)
    assert "shop notice 2 published" in told


def test_a_snippet_is_ready_to_be_pasted(service):
    told = service.run("site", "snippet", "shop").splitlines()

    home = "http://localhost:8000/shop"
    assert f'<script src="{home}/banner.js" async></script>' in told
    for lang, words in (("en", "Cookie choices"), ("de", "Cookie-Auswahl")):
        href = f"{home}/preferences?lang={lang}"
        link = f'<a href="{href}" lang="{lang}" dir="ltr">{words}</a>'
        assert f"<noscript>{link}</noscript>" in told
    own = "http://localhost:8000"
    assert f"script-src {own}; connect-src {own}" in told
    assert "trusted-types consent" in told

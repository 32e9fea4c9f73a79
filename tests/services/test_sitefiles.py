import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.lint import RESERVED
from consent.errors import InvalidSite
from consent.services import sitefiles
from tests.factories import make_notice, site_file, vendor

ROOT = Path(__file__).parents[2]
EXAMPLES = [ROOT / "examples" / name for name in ("hummingbytes.yaml", "other.yaml")]
TEXT = """\
site: shop
origins: ["https://shop.example"]
locales: [en]
regime: opt-in
controller:
  name: Shop
  contact: hello@shop.example
purposes:
  - id: analytics
    basis: consent
    title: {en: Analytics}
    description: {en: Counts visits.}
    law: {en: Your consent.}
vendors:
  - id: matomo
    name: Matomo
    purposes: [analytics]
    role: {en: Counts.}
"""


def faults(text):
    """Return what is told about a site file, line by line."""
    with pytest.raises(InvalidSite) as raised:
        sitefiles.load(text, "shop.yaml")
    return str(raised.value).splitlines()


def changed(old, new):
    assert old in TEXT
    return faults(TEXT.replace(old, new))


def test_every_field_and_word_of_a_site_file_is_documented():
    schema = json.loads((ROOT / "docs" / "site-file.schema.json").read_text("utf-8"))
    told = (ROOT / "docs" / "site-file.md").read_text("utf-8")
    named = {
        name for part in schema["$defs"].values() for name in part.get("properties", ())
    }
    chosen = {
        word for part in schema["$defs"].values() for word in part.get("enum", ())
    }

    for word in named | chosen | RESERVED:
        assert f"`{word}`" in told, word


@pytest.mark.parametrize(
    "site",
    ["console", "docs", "healthz", "metrics", "openapi", "readyz", "static", "v1"],
)
def test_a_key_that_would_hide_an_address_of_ours_is_reserved(site):
    (fault,) = changed("site: shop", f"site: {site}")

    assert f"expected another key: '{site}' is reserved" in fault


def test_a_good_file_is_a_notice():
    notice = sitefiles.load(TEXT)

    assert notice.site == "shop"
    assert notice.purposes[0].title == {"en": "Analytics"}


def test_yaml_and_plain_data_give_the_same_notice():
    assert sitefiles.load(yaml.safe_dump(site_file(), default_flow_style=None)) == (
        make_notice()
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples_are_valid(path):
    assert sitefiles.load(path.read_text("utf-8")).site == path.stem


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "basis: consent",
            "basis: consnt",
            "shop.yaml:10: purposes[0].basis: expected one of",
        ),
        ("site: shop", "site: Shop", "shop.yaml:1: site: expected text like"),
        ("site: shop", 'site: "shop\\n"', "shop.yaml:1: site: expected text like"),
        ("site: shop", "site: static", "shop.yaml:1: site: expected another key"),
        ("locales: [en]", "locales: en", "shop.yaml:3: locales: expected array, got"),
        ("locales: [en]", "locales: []", "shop.yaml:3: locales: "),
        (
            "regime: opt-in",
            "regime: opt-in\ntexts:\n  heading: {en: x}\n  intro: x",
            "shop.yaml:7: texts.intro: expected object, got",
        ),
        (
            "locales: [en]",
            "locales: [en, de]",
            "shop.yaml:11: purposes[0].title: expected a text in de as well",
        ),
        (
            "{en: Analytics}",
            "{en: Analytics, fr: Statistiques}",
            "shop.yaml:11: purposes[0].title: expected only the site's locales, got fr",
        ),
        ("regime: opt-in\n", "", "shop.yaml:1: regime: expected a regime here, or"),
        (
            "regime: opt-in",
            "regime: opt-in\nregimes: {US: inform}",
            "shop.yaml:4: regime: expected a regime here, or",
        ),
        (
            "regime: opt-in",
            "regimes: {UK: opt-in}",
            "shop.yaml:4: regimes.UK: expected ISO 3166 (US, US-CA), EU, EEA or *",
        ),
        ("regime: opt-in", "regimes: {Europe: opt-in}", "shop.yaml:4: regimes"),
        (
            "regime: opt-in",
            "regimes: {US: opt-out, '*': inform}\nterm_days: 364",
            "shop.yaml:5: term_days: expected at least 365 under opt-out",
        ),
        (
            "purposes: [analytics]",
            "purposes: [telepathy]",
            "shop.yaml:17: vendors[0].purposes[0]: expected one of analytics",
        ),
        (
            "    name: Matomo",
            "    name: Matomo\n    colour: red",
            "shop.yaml:17: vendors[0].colour: expected one of id, name, purposes,",
        ),
        (
            "basis: consent",
            "basis: exempt",
            "shop.yaml:8: purposes: expected a purpose",
        ),
        (
            "locales: [en]",
            "locales: [en, en]",
            "shop.yaml:3: locales: expected each id once, got 'en' 2 times",
        ),
        (
            '["https://shop.example"]',
            '["https://shop.example/"]',
            "shop.yaml:2: origins[0]: expected text like",
        ),
    ],
)
def test_a_fault_names_file_line_field_and_what_is_expected(old, new, told):
    assert any(line.startswith(told) for line in changed(old, new)), changed(old, new)


def test_norway_is_a_country():
    """YAML takes NO for a no."""
    notice = sitefiles.load(TEXT.replace("regime: opt-in", "regimes: {NO: opt-in}"))

    assert notice.by_region == {"NO": "opt-in"}


@pytest.mark.parametrize(
    ("regime", "days"), [("opt-in", 182), ("opt-out", 365), ("inform", 365)]
)
def test_each_regime_has_its_own_term(regime, days):
    notice = sitefiles.load(TEXT.replace("regime: opt-in", f"regime: {regime}"))

    assert notice.term_days_under(regime) == days


def test_every_fault_is_told_at_once():
    text = TEXT.replace("opt-in", "opt").replace("consent\n", "consnt\n")

    assert len(faults(text)) == 2


def test_text_that_is_no_yaml_is_told_with_its_line():
    assert faults(TEXT.replace("[en]", "[en"))[0].startswith("shop.yaml:")


@pytest.mark.parametrize(
    "text", ["", "[]", "42", "site: &a [*a]", "- !!python/name:os.system"]
)
def test_what_is_no_site_file_at_all_is_told(text):
    assert faults(text)


@given(st.text(max_size=200))
def test_no_text_breaks_it(text):
    with pytest.raises(InvalidSite):
        sitefiles.load(text)


def test_a_vendors_cookie_belongs_to_one_of_its_purposes():
    cookie = {
        "name": "_ga",
        "purpose": "marketing",
        "lifetime": "2 years",
        "description": {"en": "x", "de": "x"},
    }
    data = site_file(vendors=[vendor("matomo", "analytics", cookies=[cookie])])

    told = faults(yaml.safe_dump(data))

    assert any("vendors[0].cookies[0].purpose: expected one of its" in t for t in told)


@pytest.mark.parametrize(
    ("domain", "told"),
    [("example.org", "covers https://shop.example"), ("shop.example", "matomo's")],
)
def test_a_cookie_domain_covers_the_site_and_no_vendor(domain, told):
    hosts = ["stats.shop.example"]
    vendors = [vendor("matomo", "analytics", hosts=hosts)]
    data = site_file(cookie_domain=domain, vendors=vendors)

    assert told in "\n".join(faults(yaml.safe_dump(data)))


def test_the_published_schema_is_the_one_in_use():
    """`consent site schema > docs/site-file.schema.json` was run."""
    published = json.loads((ROOT / "docs" / "site-file.schema.json").read_text("utf-8"))

    assert published == json.loads(json.dumps(sitefiles.schema()))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "locales: [en]",
            "locales: [en]\nsite: blog",
            "shop.yaml:4: site: expected once",
        ),
        ("{en: Counts.}", '{en: "\\uD83D"}', "YAML: expected plain data"),
        (
            "https://shop.example",
            "http://[x",
            "shop.yaml:2: origins[0]: expected a web address",
        ),
        (
            "name: Matomo",
            "name: Matomo\n    policy: https://[x",
            "vendors[0].policy: expected a web address",
        ),
    ],
    ids=["a key twice", "half a character", "an origin", "a policy"],
)
def test_what_could_not_be_published_or_shown_is_no_site_file(old, new, told):
    assert any(told in line for line in changed(old, new))


def test_aliases_that_unfold_without_end_are_refused_at_once():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 9)]
    bomb = "\n".join(["l0: &l0 [x, x]", *levels])

    assert "expected at most" in faults(bomb)[0]


def test_a_file_that_is_no_text_is_named(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_bytes(b"site: \xff\xfe")

    with pytest.raises(InvalidSite, match="expected readable UTF-8"):
        sitefiles.read(path)


def test_a_whole_number_may_be_written_with_a_point():
    assert sitefiles.load(f"{TEXT}term_days: 182.0\n").term_days == 182


TEXTS = """\
texts:
  heading:
    en: Please accept our cookies
  intro:
    en: >-
      We like data.
      By continuing to use this site you agree.
"""


@pytest.mark.parametrize(
    ("old", "new", "told", "reference"),
    [
        (
            "basis: consent",
            "basis: consent\n    default: on",
            "shop.yaml:11: purposes[0].default: expected no such field: ",
            "Planet49",
        ),
        (
            "basis: consent",
            "basis: consent\n    on: true",
            "shop.yaml:9: purposes[0].true: expected no such field: ",
            "GDPR Art. 4(11) and recital 32",
        ),
        (
            "regime: opt-in",
            "regime: opt-in\nappearance:\n  reject: {hidden: true}",
            "shop.yaml:6: appearance.reject: expected no such field: ",
            "EDPB Guidelines 03/2022, 4.5.1",
        ),
        (
            "locales: [en]\n",
            "locales: [en]\ntexts:\n  heading: {en: x}\n  accept_label: {en: Sure}\n",
            "shop.yaml:6: texts.accept_label: expected no such field: ",
            "ICO and CMA",
        ),
        (
            "regime: opt-in",
            f"regime: opt-in\n{TEXTS}",
            "shop.yaml:7: texts.heading.en: expected rejecting to be named wherever "
            'accepting is called for, got "Please accept" (one-sided call: EDPB',
            "CNIL recommendation 2020-092",
        ),
        (
            "regime: opt-in",
            f"regime: opt-in\n{TEXTS}",
            "shop.yaml:9: texts.intro.en: expected no consent by going on, scrolling, "
            'closing or silence, got "By continuing to use this site you agree"',
            "EDPB Guidelines 05/2020, para. 86",
        ),
        (
            "{en: Analytics}",
            "{en: Essential}",
            "shop.yaml:11: purposes[0].title.en: expected no necessity",
            "ePrivacy Directive Art. 5(3)",
        ),
    ],
)
def test_what_would_deceive_visitors_is_refused_with_who_forbids_it(
    old, new, told, reference
):
    (line,) = [line for line in changed(old, new) if line.startswith(told)]

    assert reference in line


def test_what_is_only_doubtful_is_a_warning(tmp_path):
    path = tmp_path / "shop.yaml"
    better = TEXT.replace("{en: Counts visits.}", "{en: For the best experience.}")
    path.write_text(better)

    reading = sitefiles.read(path)

    assert reading.notice == sitefiles.load(better)
    (warning,) = reading.warnings
    assert (warning.field, warning.line) == ("purposes[0].description.en", 12)
    assert 'got "best experience"' in warning.expected


def test_wording_that_cannot_be_judged_is_no_secret(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(TEXT.replace("[en]", "[pt]").replace("{en:", "{pt:"))

    (warning,) = sitefiles.read(path).warnings

    assert (warning.field, warning.line) == ("locales", 3)
    assert warning.expected == "wording is judged in en, de, fr; let a person read pt"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_nothing_about_the_examples_is_doubtful(path):
    assert sitefiles.read(path).warnings == ()


SIGNALS = "signals:\n  google:\n    ad_storage: analytics\n  uet: analytics\n"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "ad_storage: analytics",
            "ad_storage: ads",
            "shop.yaml:21: signals.google.ad_storage: expected one of analytics, got",
        ),
        ("uet: analytics", "uet: ads", "shop.yaml:22: signals.uet: expected one of"),
        ("uet: analytics", "uet: 5", "shop.yaml:22: signals.uet: expected string"),
        (
            "ad_storage: analytics",
            "wait_for_update: 99",
            "shop.yaml:21: signals.google.wait_for_update: expected at least 100",
        ),
    ],
)
def test_a_fault_of_a_signal_is_told_with_its_line(old, new, told):
    found = faults(f"{TEXT}{SIGNALS.replace(old, new)}")

    assert any(line.startswith(told) for line in found), found


@pytest.mark.parametrize(
    ("field", "refused"),
    [
        # There is no region EU; what is denied is denied everywhere.
        ("google: {region: [EU]}", "region"),
        ("clarity: {ad_Storage: analytics}", "ad_Storage"),
        ("tagmanager: true", "tagmanager"),
    ],
)
def test_what_is_no_signal_of_a_tool_is_refused(field, refused):
    assert refused in faults(f"{TEXT}signals:\n  {field}\n")[0]


@pytest.mark.parametrize("day", ["2026-02-30", "soon", "20260301"])
def test_a_policy_names_the_day_of_its_last_change(day):
    policy = f"policy: {{updated: '{day}', text: {{en: All of it.}}}}\n"

    (told,) = faults(f"{TEXT}{policy}")

    expected = "policy.updated: expected a date like 2026-05-31"
    assert told.endswith(f'{expected}, got "{day}"')


def test_a_day_needs_no_quotes():
    notice = sitefiles.load(
        f"{TEXT}policy: {{updated: 2026-03-01, text: {{en: All of it.}}}}\n"
    )

    assert notice.policy.updated.isoformat() == "2026-03-01"

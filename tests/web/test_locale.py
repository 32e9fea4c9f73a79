from datetime import UTC, datetime

import pytest
from flask import Flask

from consent.services.languages import catalogues
from consent.web import locale

UNITS = ("minutes", "hours", "days", "months", "years")
AT = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)


@pytest.fixture
def speaking():
    """Return a function that lets the rest of the test speak a language."""
    contexts, app = [], Flask(__name__)

    def speak(lang):
        contexts.append(app.test_request_context(f"/?lang={lang}"))
        contexts[-1].push()

    yield speak
    for context in reversed(contexts):
        context.pop()


@pytest.mark.parametrize(
    ("text", "of", "told"),
    [
        ("session", "en", "until you close the browser"),
        ("2 years", "en", "2 years"),
        ("1 day", "de", "1 Tag"),
        ("400 days", "de", "400 Tage"),
        ("13 months", "pl", "13 miesięcy"),
        ("2 days", "ar", "يومان"),
        ("30 days", "ja", "30 日"),
        ("1 year", "it", "1 anno"),
    ],
)
def test_lifetimes_are_told_in_words(speaking, text, of, told):
    speaking(of)

    assert locale.lifetime(text) == told


@pytest.mark.parametrize("lang", catalogues())
def test_each_language_has_a_word_for_each_unit(speaking, lang):
    speaking(lang)

    told = [locale.lifetime(f"13 {unit}") for unit in UNITS]

    assert not [one for one in told if "duration" in one or "13" not in one]
    assert len({*told}) == len(UNITS)


def test_lists_and_countries_follow_the_language(speaking):
    speaking("de")

    assert locale.listed(["A", "B", "C"]) == "A, B und C"
    assert locale.country("US") == "Vereinigte Staaten"


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "March 4, 2026, 5:06\u202fAM UTC"),
        ("fi", "4. maaliskuuta 2026 klo 5.06 UTC"),
        ("ja", "2026年3月4日 5:06 UTC"),
    ],
)
def test_moments_follow_the_language(speaking, lang, told):
    speaking(lang)

    assert locale.moment(AT) == told


@pytest.mark.parametrize(
    ("accepted", "available", "found"),
    [
        ("fr-CA, fr;q=0.9, en;q=0.8", ["en", "fr"], "fr"),
        ("nn-NO, nn;q=0.9, en;q=0.8", ["en", "nb"], "nb"),
        ("zh-CN, zh;q=0.9, en;q=0.8", ["en", "zh-Hans"], "zh-Hans"),
        # Nobody is given a script that they did not ask for, if there is anything else.
        ("zh-TW, zh;q=0.9, en-US;q=0.8, en;q=0.7", ["zh-Hans", "en"], "en"),
        ("zh-TW, zh;q=0.9", ["de", "zh-Hans"], "de"),
        ("zh-TW, zh;q=0.9", ["zh-Hans"], "zh-Hans"),
        ("zh, zh-TW;q=0.9", ["de", "zh-Hans"], "zh-Hans"),
        ("pt-PT, pt;q=0.9", ["en", "pt-BR"], "pt-BR"),
        ("de;q=0, en", ["de", "en"], "en"),
        (None, ["de", "en"], "de"),
    ],
)
def test_the_language_is_what_the_browser_asks_for(accepted, available, found):
    assert locale.negotiate(accepted, None, tuple(available)) == found


def test_a_language_in_the_address_goes_first():
    assert locale.negotiate("de", "pt-br", ("de", "pt-BR")) == "pt-BR"


@pytest.mark.parametrize(
    ("tag", "name"),
    [("it", "Italiano"), ("pt-BR", "Português (Brasil)"), ("he", "עברית")],
)
def test_a_language_is_called_what_its_speakers_call_it(tag, name):
    assert locale.own_name(tag) == name

import subprocess
import sys
from collections import Counter
from gettext import c2py
from pathlib import Path
from string import Formatter

import pytest
from babel import Locale
from babel.messages.pofile import read_po

from consent.services.languages import (
    catalogues,
    direction,
    gettext_for,
    nearest,
    ngettext_for,
)

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "translations"
OF_THE_UNION = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv"
OTHERS = "ar he hi is ja ko nb pt-BR tr uk zh-Hans"
NAMES = [name.replace("-", "_") for name in catalogues() if name != "en"]
NUMBERS = [*range(1001), 10**6, 2 * 10**6]
FORMS = ("zero", "one", "two", "few", "many", "other")

in_each_language = pytest.mark.parametrize("name", NAMES)


@pytest.fixture(scope="module")
def template():
    """Return the messages that are to be translated, by id."""
    return messages(read(FOLDER / "messages.pot"))


def read(path, of=None):
    """Return a catalogue as it is written."""
    with path.open("rb") as file:
        return read_po(file, locale=of)


def of(name):
    """Return the catalogue of a language."""
    return read(FOLDER / name / "LC_MESSAGES" / "messages.po", name)


def messages(catalogue):
    """Return the messages of a catalogue by id."""
    return {message.id: message for message in catalogue if message.id}


def places(text):
    """Return the names that a text leaves room for."""
    parts = text.replace("%(", "{").replace(")s", "}")
    return sorted(name for _, name, _, _ in Formatter().parse(parts) if name)


def forms(name):
    """Return the plural forms of a language, and the form of each of the numbers."""
    chosen = [*map(Locale.parse(name).plural_form, NUMBERS)]
    return [form for form in FORMS if form in chosen], chosen


def test_the_template_is_what_code_and_pages_say(tmp_path, template):
    """`make messages` was run."""
    made = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["--mapping", "pyproject.toml", "--output", made, "."]

    subprocess.run([*command, *options], cwd=ROOT, check=True)

    assert messages(read(made)).keys() == template.keys()


def test_all_languages_of_the_union_are_there_and_more():
    assert {*catalogues()} == {*OF_THE_UNION.split(), *OTHERS.split()}
    assert catalogues()[0] == "en"


@in_each_language
def test_every_text_is_translated_and_none_is_left_over(name, template):
    catalogue = of(name)
    translated = messages(catalogue)

    assert translated.keys() == template.keys()
    assert not catalogue.obsolete
    assert not [message.id for message in translated.values() if message.fuzzy]
    for message in translated.values():
        words = [message.string] if isinstance(message.id, str) else message.string
        assert all(words), message.id
        assert all(word == word.strip() for word in words), message.id


@in_each_language
def test_translations_have_room_for_the_same_names(name):
    for message in messages(of(name)).values():
        if isinstance(message.id, str):
            assert places(message.string) == places(message.id), message.id


@in_each_language
def test_texts_with_numbers_have_the_forms_of_the_language(name):
    """Only a form that stands for one number may leave the number out: "two days"."""
    catalogue = of(name)
    told, chosen = forms(name)

    index = c2py(catalogue.plural_expr)

    assert [told[index(number)] for number in NUMBERS] == chosen
    assert catalogue.num_plurals == len(told)
    numbers = Counter(chosen)
    for message in messages(catalogue).values():
        if isinstance(message.id, tuple):
            assert len(message.string) == len(told), message.id
            for form, word in zip(told, message.string, strict=True):
                allowed = [places(message.id[0])] + [[]] * (numbers[form] == 1)
                assert places(word) in allowed, message.id


def test_numbers_are_told_as_the_language_does():
    told = [ngettext_for("pl")(*SERVICES, n) % {"num": n} for n in (1, 3, 5, 22)]

    assert told == [
        "Łącznie 1 usługa",
        "Łącznie 3 usługi",
        "Łącznie 5 usług",
        "Łącznie 22 usługi",
    ]


SERVICES = ("%(num)s service in all", "%(num)s services in all")


def test_a_text_that_is_not_translated_stays_english_and_the_log_says_so(caplog):
    assert gettext_for("gl")("Reject all") == "Reject all"
    assert ngettext_for("gl")(*SERVICES, 1) == SERVICES[0]
    assert gettext_for("gl")("Reject all") == "Reject all"

    assert caplog.messages == [
        "not translated into gl: 'Reject all'",
        "not translated into gl: '%(num)s service in all'",
    ]


def test_a_catalogue_that_lacks_a_text_says_it_in_english(caplog):
    assert gettext_for("it")("Something new") == "Something new"
    assert ngettext_for("it")("%(n)s new", "%(n)s newer", 2) == "%(n)s newer"

    assert len(caplog.messages) == 2


def test_english_needs_no_translation(caplog):
    assert gettext_for("en-GB")("Reject all") == "Reject all"

    assert not caplog.messages


@pytest.mark.parametrize(
    ("tag", "found"),
    [
        ("nb-NO", "nb"),
        ("no", "nb"),
        ("nn-NO", "nb"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh_CN", "zh-Hans"),
        ("zh-TW", None),
        ("zh-HK", None),
        ("zh-Hant", None),
        ("pt", "pt"),
        ("pt-PT", "pt"),
        ("pt-AO", "pt"),
        ("pt-br", "pt-BR"),
        ("iw", "he"),
        ("de-CH-1996", "de"),
        ("en-GB", "en"),
        ("gl", None),
        ("*", None),
        ("", None),
    ],
)
def test_the_standard_texts_of_a_locale_are_those_of_its_language_and_script(
    tag, found
):
    assert nearest(tag, catalogues()) == found


@pytest.mark.parametrize(
    ("tag", "available", "found"),
    [
        ("nb-NO", ["nn", "nb"], "nb"),
        ("nn", ["nb", "nn"], "nn"),
        ("pt-PT", ["pt-BR"], "pt-BR"),
        ("pt-PT", ["pt-BR", "pt"], "pt"),
        ("sr-Latn", ["sr"], None),
        ("zh-TW", ["zh-Hans", "zh-Hant"], "zh-Hant"),
    ],
)
def test_of_several_locales_the_nearest_is_found(tag, available, found):
    assert nearest(tag, available) == found


@pytest.mark.parametrize(
    ("tag", "told"),
    [("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("ar-EG", "rtl"), ("xx", "ltr")],
)
def test_scripts_from_right_to_left_are_told(tag, told):
    assert direction(tag) == told

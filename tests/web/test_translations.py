import subprocess
import sys
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from consent.services.languages import catalogues
from consent.web import locale

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "translations"
LOCALES = [path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/*.po")]


def catalogue(path, of=None):
    """Return the texts of a catalogue and their translations."""
    with path.open("rb") as file:
        return {m.id: m for m in read_po(file, locale=of) if m.id}


def places(text):
    """Return the names that a text leaves room for."""
    parts = text.replace("%(", "{").replace(")s", "}")
    return {name for _, name, _, _ in Formatter().parse(parts) if name}


def test_the_template_is_what_code_and_pages_say(tmp_path):
    """`make messages` was run."""
    made = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["--mapping", "pyproject.toml", "--output", made, "."]

    subprocess.run([*command, *options], cwd=ROOT, check=True)

    assert catalogue(made).keys() == catalogue(FOLDER / "messages.pot").keys()


def test_german_is_there():
    assert "de" in LOCALES
    assert catalogues()[0] == "en"


@pytest.mark.parametrize("name", LOCALES)
def test_every_text_is_translated_and_keeps_its_places(name):
    template = catalogue(FOLDER / "messages.pot")
    translated = catalogue(FOLDER / name / "LC_MESSAGES" / "messages.po", name)

    assert translated.keys() == template.keys()
    for message in translated.values():
        words = (
            message.string if isinstance(message.string, tuple) else (message.string,)
        )
        asked = message.id if isinstance(message.id, tuple) else (message.id,)
        assert all(words), message.id
        assert not message.fuzzy, message.id
        assert {*map(frozenset, map(places, words))} == {
            *map(frozenset, map(places, asked))
        }


@pytest.mark.parametrize(
    ("text", "of", "told"),
    [
        ("session", "en", "until you close the browser"),
        ("2 years", "en", "2 years"),
        ("1 day", "de", "1 Tag"),
        ("400 days", "de", "400 Tage"),
    ],
)
def test_lifetimes_are_told_in_words(app, text, of, told):
    with app.test_request_context(f"/?lang={of}"):
        assert locale.lifetime(text) == told


def test_lists_and_countries_follow_the_language(app):
    with app.test_request_context("/?lang=de"):
        assert locale.listed(["A", "B", "C"]) == "A, B und C"
        assert locale.country("US") == "Vereinigte Staaten"


@pytest.mark.parametrize(("tag", "dir_"), [("en", "ltr"), ("ar", "rtl"), ("he", "rtl")])
def test_scripts_from_right_to_left_are_told(tag, dir_):
    assert locale.direction(tag) == dir_

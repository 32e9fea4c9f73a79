"""Judge the texts of a notice that a visitor reads before choosing."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from consent.domain.notices import Notice, Text
from consent.domain.vocabulary import Basis
from consent.domain.wording.english import ENGLISH
from consent.domain.wording.french import FRENCH
from consent.domain.wording.german import GERMAN
from consent.domain.wording.rules import (
    CONDITIONAL,
    DOUBLE_NEGATIVE,
    FINAL,
    IMPLIED,
    LOSS,
    NECESSITY,
    ONE_SIDED,
    PRESSURE,
    SHAMING,
    VAGUE,
    Rule,
)

LANGUAGES = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH}
"""The languages that texts can be judged in; one more is one module more."""
_EVERYWHERE = (
    IMPLIED,
    CONDITIONAL,
    SHAMING,
    PRESSURE,
    DOUBLE_NEGATIVE,
    FINAL,
    LOSS,
    VAGUE,
)
_QUESTION = (*_EVERYWHERE, ONE_SIDED)
_PURPOSE = (*_EVERYWHERE, NECESSITY)


class Finding(NamedTuple):
    """A text that breaks a rule: the path of the text, and the words that do."""

    path: tuple[str | int, ...]
    rule: Rule
    words: str

    @property
    def told(self) -> str:
        """What is expected, what was found, and who says so."""
        expected, name, reference = (
            self.rule.expected,
            self.rule.name,
            self.rule.reference,
        )
        return f'{expected}, got "{self.words}" ({name}: {reference})'


def findings(notice: Notice) -> Iterator[Finding]:
    """Yield what breaks a rule in the banner's own texts and optional purposes."""
    if notice.texts:
        heading, intro = notice.texts.heading, notice.texts.intro
        yield from _judged(("texts", "heading"), heading, _QUESTION, intro)
        yield from _judged(("texts", "intro"), intro, _QUESTION, heading)
    for index, purpose in enumerate(notice.purposes):
        if purpose.basis is not Basis.EXEMPT:
            path = ("purposes", index)
            yield from _judged((*path, "title"), purpose.title, _PURPOSE)
            yield from _judged((*path, "description"), purpose.description, _PURPOSE)


def unjudged(notice: Notice) -> list[str]:
    """Return the locales whose language nothing is known about."""
    return [name for name in notice.locales if _language_of(name) not in LANGUAGES]


def _judged(
    path: tuple[str | int, ...],
    text: Text,
    rules: Iterable[Rule],
    around: Text | None = None,
) -> Iterator[Finding]:
    for locale, words in text.items():
        language = LANGUAGES.get(_language_of(locale))
        if language is None:
            continue
        for rule in rules:
            found = language.breach(rule, words, (around or {}).get(locale, ""))
            if found:
                yield Finding((*path, locale), rule, found)


def _language_of(locale: str) -> str:
    return locale.partition("-")[0]

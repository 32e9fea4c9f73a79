"""What a text may not do to a visitor, and who says so."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_GAP_CHARACTERS = 80
_SENTENCE_CHARACTERS = 300


@dataclass(frozen=True)
class Rule:
    """A deceptive pattern: what is expected instead, and where that is written.

    A fault is refused; what is none is only pointed out.
    """

    name: str
    expected: str
    reference: str
    is_fault: bool = True


IMPLIED = Rule(
    "implied consent",
    "expected no consent by going on, scrolling, closing or silence",
    "GDPR Art. 4(11) and recital 32; CJEU C-673/17 Planet49, para. 62; "
    "EDPB Guidelines 05/2020, para. 86; CNIL guidelines 2020-091",
)
CONDITIONAL = Rule(
    "consent as a condition",
    "expected that the site can be used after a no",
    "GDPR Art. 7(4) and recital 42; EDPB Guidelines 05/2020, paras. 38-41",
)
SHAMING = Rule(
    "confirm-shaming",
    "expected a no that nobody is made to feel bad about",
    "EDPB Guidelines 03/2022, 4.3.1 Emotional steering; "
    "ICO and CMA, Harmful design in digital markets (2023), Confirmshaming",
)
PRESSURE = Rule(
    "pressure",
    "expected neither haste, nor reward, nor advice to accept",
    "EDPB Guidelines 03/2022, 4.3.1 Emotional steering; "
    "ICO and CMA, Harmful design in digital markets (2023), Biased framing",
)
ONE_SIDED = Rule(
    "one-sided call",
    "expected rejecting to be named wherever accepting is called for",
    "EDPB Guidelines 03/2022, 4.5.1 Lacking hierarchy; EDPB Cookie Banner Taskforce "
    "report (2023), type A; CNIL recommendation 2020-092",
)
DOUBLE_NEGATIVE = Rule(
    "double negative",
    "expected words in which yes allows and no refuses",
    "EDPB Guidelines 03/2022, 4.6.2 Ambiguous wording or information; ICO, "
    "How should we write a consent request",
)
NECESSITY = Rule(
    "necessity of what may be refused",
    "expected no necessity, since this purpose may be refused; strictly necessary ones "
    "have the basis exempt",
    "ePrivacy Directive Art. 5(3); EDPB Guidelines 03/2022, 4.6.1 Conflicting "
    "information; EDPB Cookie Banner Taskforce report (2023), type H",
)
FINAL = Rule(
    "a choice for good",
    "expected that a choice can be withdrawn at any time",
    "GDPR Art. 7(3); EDPB Guidelines 03/2022, 4.6.1 Conflicting information",
)
LOSS = Rule(
    "a loss for who refuses",
    "say in the purpose's description what is different after a no",
    "GDPR recital 42; EDPB Guidelines 03/2022, 4.3.1 Emotional steering",
    is_fault=False,
)
VAGUE = Rule(
    "vague purpose",
    "say what is done with the data; nobody can tell that from these words",
    "GDPR Art. 5(1)(b); Article 29 Working Party, Opinion 03/2013, p. 16",
    is_fault=False,
)


class Language:
    """What the rules look like in one language.

    In a pattern `…` stands for a stretch of one sentence in which nothing is negated,
    and `^…` for all of it up to there.
    """

    def __init__(
        self, *, negated: str, both_ways: str, patterns: Mapping[Rule, Iterable[str]]
    ) -> None:
        self._stretch = rf"(?:(?!{negated})[^.!?])"
        self._both_ways = self._compiled([both_ways])
        self._patterns = {rule: self._compiled(patterns[rule]) for rule in patterns}

    def breach(self, rule: Rule, text: str, around: str = "") -> str:
        """Return the words of a text that break a rule, else nothing.

        A call to accept breaks none where the text, or what is read with it, names
        the other choice.
        """
        text = _plain(text)
        found = self._patterns[rule].search(text)
        if found is None:
            return ""
        if rule is ONE_SIDED and self._both_ways.search(f"{text} {_plain(around)}"):
            return ""
        return found.group().strip(" .,:;!?")

    def _compiled(self, patterns: Iterable[str]) -> re.Pattern[str]:
        joined = "|".join(f"(?:{pattern})" for pattern in patterns)
        gap = f"{self._stretch}{{0,{_GAP_CHARACTERS}}}?"
        start = f"(?:^|(?<=[.!?:;] )){self._stretch}{{0,{_SENTENCE_CHARACTERS}}}?"
        spelled = joined.replace("^…", start).replace("…", gap)
        return re.compile(spelled, re.IGNORECASE)


def _plain(text: str) -> str:
    """Return a text on one line, its apostrophes straight, nothing hidden in it."""
    visible = text.replace("\u00ad", "").replace("\u200b", "")
    return " ".join(visible.replace("\u2019", "'").split())

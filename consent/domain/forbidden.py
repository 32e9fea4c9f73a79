"""Fields that no site file has, on purpose, and why."""

import re
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str | int, ...]
_SEPARATORS = re.compile(r"[\s_-]")


class _Ban(NamedTuple):
    names: re.Pattern[str]
    why: str


def _ban(names: str, why: str) -> _Ban:
    return _Ban(re.compile(names), why)


# Names as other tools have them, too, so that whoever comes from one learns why.
# Small letters, separators taken out; `true` is how YAML reads a bare `on`.
_BANS = (
    _ban(
        r"(default|initial)(on|true|value|state|consent|choice|enabled|checked|granted)?"
        r"|(pre|auto)?(ticked|checked|selected|enabled|granted|consented|optedin)|true",
        "a purpose that needs consent is off until the visitor switches it on; "
        "pre-ticked is no consent (GDPR Art. 4(11) and recital 32; CJEU C-673/17 "
        "Planet49, paras. 52-63; EDPB Guidelines 03/2022, 4.2.1 Deceptive snugness; "
        "EDPB Cookie Banner Taskforce report, type B)",
    ),
    _ban(
        r".*(implied|implicit)consent|.*(auto(matic)?(accept|consent)\w*)"
        r"|.*(accept|consent|allow|dismiss|agree)(ed)?(on|by|after)"
        r"(scroll|close|click|continue|navigation|timeout|delay|windowclick|idle)\w*"
        r"|highprivacy",
        "scrolling, closing, waiting and going on are no consent (GDPR recital 32; "
        "EDPB Guidelines 05/2020, para. 86; CNIL guidelines 2020-091)",
    ),
    _ban(
        r"(must|force|forced|require)(consent|accept)|(cookie|consent)?wall"
        r"|(required|readonly|locked|mandatory)",
        "whoever may say no may use the site after it; what nobody can refuse has "
        "`basis: exempt` and is strictly necessary (GDPR Art. 7(4); ePrivacy Directive "
        "Art. 5(3); EDPB Guidelines 05/2020, paras. 38-41)",
    ),
    _ban(
        r".*(reject|refuse|refusal|decline|deny|accept|allowall|agree(?!ment)).*"
        r"|equalweightbuttons|(primary|secondary)?buttons?|highlight\w*",
        "accept and reject have one look, one size, one layer and standard words, so "
        "that a no is as easy as a yes (GDPR Art. 7(3) and (4); EDPB Guidelines "
        "03/2022, 4.5.1 Lacking hierarchy; EDPB Cookie Banner Taskforce report, types "
        "A, D and E; CNIL recommendation 2020-092; ICO and CMA, Harmful design in "
        "digital markets)",
    ),
)


def faults(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    """Yield what is banned of a field that no site file has, or below it."""
    name = path[-1]
    why = _why(name) if isinstance(name, str) else None
    if why:
        yield path, f"expected no such field: {why}"
    elif isinstance(value, dict):
        for key, below in value.items():
            yield from faults((*path, key), below)
    elif isinstance(value, list):
        for index, below in enumerate(value):
            yield from faults((*path, index), below)


def _why(name: str) -> str | None:
    plain = _SEPARATORS.sub("", name).lower()
    return next((ban.why for ban in _BANS if ban.names.fullmatch(plain)), None)

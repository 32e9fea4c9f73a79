"""What a visitor was shown, from what the script was told and who it was shown to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec

from consent.domain.entries import Record, Script
from consent.domain.tokens import Token
from consent.domain.vocabulary import Basis, How


class Layer(StrEnum):
    """A layer of the banner: what it asks first, or the settings."""

    BOX = "box"
    DIALOG = "dialog"


_BOX_BUTTONS = ("reject", "accept", "settings")
_TOLD_BUTTONS = ("ok", "settings")
_DIALOG_BUTTONS = ("reject", "accept", "save")
_CLASS = {Layer.BOX: "consent-banner__button", Layer.DIALOG: "button"}


class _Purpose(msgspec.Struct, frozen=True):
    id: str
    bit: int
    since: int
    basis: Basis
    title: str
    vendors: tuple[str, ...]
    sells: bool = False
    news: str | None = None


class _Config(msgspec.Struct, frozen=True):
    """What of a script's configuration can be read on its layers.

    Ledgers keep configurations for ever, so whatever is added here needs a default.
    """

    purposes: tuple[_Purpose, ...]
    texts: dict[str, str]
    privacy: str | None = None
    gpc: str | None = None


class _Details(msgspec.Struct, frozen=True):
    """What its dialog says beyond that."""

    descriptions: dict[str, str]
    vendors: dict[str, str]
    texts: dict[str, str]


@dataclass(frozen=True)
class ShownPurpose:
    """One purpose as a layer showed it; `state` is the word beside it, if any."""

    title: str
    description: str
    vendors: tuple[str, ...]
    state: str | None


@dataclass(frozen=True)
class Shown:
    """A layer as it was shown; all of its buttons have one class, hence one look.

    The box has descriptions and vendors one click away, and its facts instead.
    """

    layer: Layer
    heading: str
    intro: str | None
    facts: str | None
    purposes: tuple[ShownPurpose, ...]
    links: tuple[str, ...]
    buttons: tuple[str, ...]
    button_class: str


def layer_of(record: Record) -> Layer | None:
    """Return the layer that a record was made on, if it was made on the banner."""
    if record.how is not How.BANNER or record.layout not in set(Layer):
        return None
    return Layer(record.layout)


def is_asked(config: Mapping[str, Any], before: Token | None, now: float) -> bool:
    """Tell whether the banner asks whoever comes with a token."""
    told = msgspec.convert(config, _Config)
    return any(_is_open(purpose, before, now) for purpose in told.purposes)


def shown(
    script: Script,
    layer: Layer,
    *,
    before: Token | None,
    gpc: bool,
    now: float,
) -> Shown:
    """Return what a layer showed to whoever came with the token `before`.

    `now` is in seconds since the epoch.
    """
    told = msgspec.convert(script.config, _Config)
    beyond = msgspec.convert(script.details, _Details)
    texts, is_box = told.texts | beyond.texts, layer is Layer.BOX
    states = {p.id: _state(p, before, gpc=gpc, now=now) for p in told.purposes}
    honoured = {
        purpose.id: told.gpc
        for purpose in told.purposes
        if gpc and purpose.sells and states[purpose.id] == "refused"
    }
    purposes = tuple(
        ShownPurpose(
            title=purpose.title,
            description=_with(
                beyond.descriptions[purpose.id], honoured.get(purpose.id)
            ),
            vendors=tuple(beyond.vendors[vendor] for vendor in purpose.vendors),
            state=None if is_box else texts[states[purpose.id]],
        )
        for purpose in told.purposes
        if not is_box or _is_open(purpose, before, now)
    )
    asked = [one for one in told.purposes if _is_open(one, before, now)]
    links = ("preferences", "privacy") if told.privacy else ("preferences",)
    return Shown(
        layer=layer,
        heading=texts["heading" if is_box else "title"],
        intro=_with(texts["intro"], told.gpc if honoured else None) if is_box else None,
        facts=_facts(asked, texts, is_again=_answered(before)) if is_box else None,
        purposes=purposes,
        links=tuple(texts[name] for name in links),
        buttons=tuple(
            texts[name] for name in (_box_buttons(told) if is_box else _DIALOG_BUTTONS)
        ),
        button_class=_CLASS[layer],
    )


def _facts(
    asked: Sequence[_Purpose], texts: Mapping[str, str], *, is_again: bool
) -> str:
    """Return what the box says it asks about; who answered before is told the news."""
    told = [(one.news if is_again else None) or one.title for one in asked]
    return " · ".join([*told, texts["vendors"]])


def _with(text: str, note: str | None) -> str:
    return f"{text} {note}" if note else text


def _box_buttons(told: _Config) -> tuple[str, ...]:
    return _TOLD_BUTTONS if "ok" in told.texts else _BOX_BUTTONS


def _is_open(purpose: _Purpose, before: Token | None, now: float) -> bool:
    """Tell whether no decision about a purpose stands yet."""
    if purpose.basis is Basis.EXEMPT:
        return False
    return before is None or before.is_default or not _stands(purpose, before, now)


def _answered(before: Token | None) -> bool:
    return before is not None and not before.is_default


def _stands(purpose: _Purpose, before: Token, now: float) -> bool:
    return before.expires > now and before.notice >= purpose.since


def _state(purpose: _Purpose, before: Token | None, *, gpc: bool, now: float) -> str:
    """Return the name of the text that tells how a purpose's switch stands."""
    if purpose.basis is Basis.EXEMPT:
        return "always"
    is_signalled = gpc and purpose.sells and not (before and before.gpc)
    is_on = not is_signalled and _is_on(purpose, before, now)
    return "granted" if is_on else "refused"


def _is_on(purpose: _Purpose, before: Token | None, now: float) -> bool:
    if before is None:
        return purpose.basis is Basis.OBJECTION
    refused = any(
        one.bit == purpose.bit and not one.granted for one in before.exceptions
    )
    is_allowed = bool(before.allowed >> purpose.bit & 1)
    return _stands(purpose, before, now) and is_allowed and not refused

"""What changed between two texts, passage by passage and word by word."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

_ALIKE = 0.5
"""Passages that share less than this of their words are two, not one changed."""
_FURTHEST = 8
"""How many passages may have gone in between for two to be compared."""
# Languages without spaces are compared by character.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff]|[^\s\u3040-\u30ff\u3400-\u9fff]+\s*|\s+"
)


class Mark(StrEnum):
    """What became of a piece of a text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


class Passage(NamedTuple):
    """A heading, paragraph or point: what it is (an HTML tag), and its plain words."""

    tag: str
    text: str


class Piece(NamedTuple):
    """A run of words that shares one fate."""

    mark: Mark
    text: str


class Revised(NamedTuple):
    """A passage of either text, or one that both have in other words."""

    tag: str
    pieces: tuple[Piece, ...]

    @property
    def is_changed(self) -> bool:
        """Whether anything of it is not as it was."""
        return any(piece.mark is not Mark.SAME for piece in self.pieces)


@lru_cache(maxsize=64)
def revised(old: tuple[Passage, ...], new: tuple[Passage, ...]) -> tuple[Revised, ...]:
    """Return the new text with what was added and removed, in reading order."""
    return tuple(_revised(old, new))


def _revised(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Revised]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind == "equal":
            yield from (_whole(one, Mark.SAME) for one in new[j1:j2])
        else:
            yield from _replaced([*old[i1:i2]], new[j1:j2])


def _replaced(left: list[Passage], new: Sequence[Passage]) -> Iterator[Revised]:
    for passage in new:
        alike = (n for n, one in enumerate(left[:_FURTHEST]) if _is_like(one, passage))
        place = next(alike, None)
        if place is None:
            yield _whole(passage, Mark.ADDED)
            continue
        yield from (_whole(one, Mark.REMOVED) for one in left[:place])
        yield Revised(passage.tag, _pieces(left[place].text, passage.text))
        del left[: place + 1]
    yield from (_whole(one, Mark.REMOVED) for one in left)


def _whole(passage: Passage, mark: Mark) -> Revised:
    return Revised(passage.tag, (Piece(mark, passage.text),))


def _is_like(old: Passage, new: Passage) -> bool:
    if old.tag != new.tag:
        return False
    return SequenceMatcher(None, _words(old.text), _words(new.text)).ratio() >= _ALIKE


def _pieces(old: str, new: str) -> tuple[Piece, ...]:
    before, after = _words(old), _words(new)
    found = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            found.append(Piece(Mark.SAME, "".join(after[j1:j2])))
        else:
            found.append(Piece(Mark.REMOVED, "".join(before[i1:i2])))
            found.append(Piece(Mark.ADDED, "".join(after[j1:j2])))
    return tuple(
        Piece(mark, "".join(piece.text for piece in run))
        for mark, run in groupby(filter(_has_text, found), lambda piece: piece.mark)
    )


def _has_text(piece: Piece) -> bool:
    return piece.text != ""


def _words(text: str) -> list[str]:
    """Return words with the space behind each, so that the last is like the others."""
    return _WORD.findall(f"{' '.join(text.split())} ")

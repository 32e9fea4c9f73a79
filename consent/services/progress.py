"""How work that takes more than a moment tells how far it is."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Progress = Callable[[int, int], None]
"""`progress(done, total)`."""
STEP = 1_000
Item = TypeVar("Item")


def no_progress(done: int, total: int) -> None:
    """Tell nobody."""


def counted(items: Iterable[Item], total: int, progress: Progress) -> Iterator[Item]:
    """Yield items, and tell now and then how many there were."""
    for done, item in enumerate(items, 1):
        if done % STEP == 0:
            progress(done, total)
        yield item
    progress(total, total)

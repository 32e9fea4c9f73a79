"""A chart of rates beside each other, as plain SVG."""

from collections.abc import Iterator
from statistics import median

from benchmarks.chart import COLOURS, drawing
from benchmarks.server.report import BESIDE, Beside, Found, peer

LEFT, FULL, BAR, HEAD, GAP = 110, 470, 18, 30, 10


def svg(found: Found) -> str:
    """Return for each kind of request a bar for us and one for c15t."""
    height = HEAD + 2 * BAR + GAP
    parts: list[str] = []
    for place, one in enumerate(BESIDE):
        parts += _panel(one, found, place * height + 8)
    return drawing("Our server beside c15t's", parts, len(BESIDE) * height)


def _panel(one: Beside, found: Found, top: int) -> Iterator[str]:
    rates = {"Consent": one.ours, peer(): one.best(found)}
    values = {title: median(found[name]) for title, name in rates.items()}
    yield f'<text class="title" x="8" y="{top + 12}">{one.title}, 1/s</text>'
    for place, (title, rate) in enumerate(values.items()):
        y = top + HEAD - 8 + place * BAR
        width = max(1, round(rate / max(values.values()) * FULL))
        size = f'width="{width}" height="{BAR - 4}"'
        colour = COLOURS[0] if place else COLOURS[-1]
        yield f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{title}</text>'
        yield f'<rect x="{LEFT}" y="{y}" {size} fill="{colour}"/>'
        yield f'<text x="{LEFT + width + 6}" y="{y + 12}">{rate:,.0f}</text>'

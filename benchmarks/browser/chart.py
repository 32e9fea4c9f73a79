"""A chart of what differs most, as plain SVG."""

from collections.abc import Iterator, Sequence
from statistics import median

from benchmarks.browser.banners import BANNERS
from benchmarks.browser.report import MEASURES, Results
from benchmarks.chart import COLOURS, drawing

SHOWN = ("bytes", "visible", "script", "gone")
LEFT, FULL, BAR, HEAD, GAP = 190, 400, 18, 30, 14


def svg(results: Results) -> str:
    """Return a bar for each banner, with a line from least to most."""
    banners = {key: found for key, found in results.items() if key != "none"}
    height = HEAD + len(banners) * BAR + GAP
    parts: list[str] = []
    for place, name in enumerate(SHOWN):
        parts += _panel(banners, name, place * height + 8)
    return drawing("Our banner beside others", parts, len(SHOWN) * height)


def _panel(banners: Results, name: str, top: int) -> Iterator[str]:
    values = {key: [float(v) for v in found[name]] for key, found in banners.items()}
    scale = FULL / max(max(of) for of in values.values())
    yield f'<text class="title" x="8" y="{top + 12}">{MEASURES[name].title}</text>'
    for place, (key, of) in enumerate(values.items()):
        y = top + HEAD - 8 + place * BAR
        title = BANNERS[key].title
        yield f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{title}</text>'
        yield from _bar(of, y, scale, COLOURS[-1] if key == "ours" else COLOURS[0])


def _bar(values: Sequence[float], y: int, scale: float, colour: str) -> Iterator[str]:
    middle = median(values)
    width = max(1, round(middle * scale))
    size = f'width="{width}" height="{BAR - 4}"'
    yield f'<rect x="{LEFT}" y="{y}" {size} fill="{colour}"/>'
    least, most = (LEFT + round(value * scale) for value in (min(values), max(values)))
    line = f'x1="{least}" x2="{most}" y1="{y + 7}" y2="{y + 7}"'
    yield f'<line {line} stroke="#333"/>'
    yield f'<text x="{max(LEFT + width, most) + 6}" y="{y + 12}">{middle:,.0f}</text>'

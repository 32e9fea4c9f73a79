"""A chart of what is left of each rate as a ledger grows, as plain SVG."""

from collections.abc import Iterable, Iterator, Mapping

from benchmarks.report import TITLES, Results, rates

WIDTH, LEFT, BAR, GAP, HEAD = 720, 170, 12, 12, 34
FULL = 400
"""Pixels of a rate that is as high as on the smallest ledger."""
COLOURS = ("#9fb8d8", "#4a7ab5", "#1d3f6e")
_STYLE = "text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600}"


def svg(found: Mapping[str, Results]) -> str:
    """Return bars of each rate, relative to the smallest ledger of its database."""
    parts, top = [], 8
    for kind, results in found.items():
        parts += [*_group(TITLES[kind], results, top)]
        top += _height(results)
    return drawing("Rates on longer ledgers, relative to the shortest", parts, top)


def drawing(title: str, parts: Iterable[str], height: int) -> str:
    """Return an SVG document of these parts, on white ground."""
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    start = f'<svg xmlns="http://www.w3.org/2000/svg" role="img" {size}>'
    head = f"<title>{title}</title><style>{_STYLE}</style>"
    ground = '<rect width="100%" height="100%" fill="#fff"/>'
    body = "\n".join(parts)
    return f"{start}{head}{ground}\n{body}\n</svg>\n"


def _height(results: Results) -> int:
    return HEAD + len(rates(results)) * (len(results) * BAR + GAP) + GAP


def _group(title: str, results: Results, top: int) -> Iterator[str]:
    yield f'<text class="title" x="8" y="{top + 14}">{title}</text>'
    for place, size in enumerate(results):
        x = LEFT + place * 150
        yield f'<rect x="{x}" y="{top + 4}" width="12" height="12" ' + _fill(place)
        label = f"{int(size):,} records"
        yield f'<text x="{x + 18}" y="{top + 14}">{label}</text>'
    for row, name in enumerate(rates(results)):
        y = top + HEAD + row * (len(results) * BAR + GAP)
        middle = y + len(results) * BAR // 2 + 4
        yield f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end">{name}</text>'
        yield from _bars(results, name, y)


def _bars(results: Results, name: str, y: int) -> Iterator[str]:
    first = next(iter(results.values()))[name]
    for place, measured in enumerate(results.values()):
        share = measured[name] / first
        width = min(round(share * FULL), WIDTH - LEFT - 110)
        top = y + place * BAR
        yield f'<rect x="{LEFT}" y="{top}" width="{width}" height="{BAR - 1}" ' + (
            _fill(place)
        )
        label = f"{measured[name]:,.0f}/s"
        yield f'<text x="{LEFT + width + 6}" y="{top + BAR - 2}">{label}</text>'


def _fill(place: int) -> str:
    return f'fill="{COLOURS[place % len(COLOURS)]}"/>'

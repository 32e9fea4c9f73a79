"""The real axe-core, and what it is asked for."""

from tests.packaging.tools import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = [
    *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"),
    "best-practice",
]
VIOLATIONS = """async ([tags, rules]) => {
  const { violations } = await axe.run({ runOnly: tags, rules });
  return violations.map(({ id, nodes }) =>
    [id, ...nodes.map(({ target }) => `${target}`)]);
}"""
PALETTES = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
}


def violations(page, size, palette):
    """Return the rules broken in a window of this size, each with where."""
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    # What forced colours are, the visitor says; axe takes the page's for them.
    rules = {"color-contrast": {"enabled": palette != "forced colours"}}
    return page.evaluate(VIOLATIONS, [TAGS, rules])

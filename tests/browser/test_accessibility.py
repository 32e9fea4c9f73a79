"""The real axe-core finds nothing, and what it cannot judge is measured here."""

import pytest
from playwright.sync_api import expect

from tests.browser.axe import AXE, PALETTES, violations

pytestmark = pytest.mark.browser

SIZES = [(320, 256), (320, 568), (1280, 800)]
TARGET_PIXELS = 24
# Ratio of contrast of each text in a layer to the layer's surface, as WCAG counts it.
CONTRASTS = """(root) => {
  const rgb = (text) => text.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  const linear = (part) =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const light = (text) => {
    const [red, green, blue] = rgb(text).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const ownGround = ({ backgroundColor }) =>
    backgroundColor !== "rgba(0, 0, 0, 0)" && backgroundColor;
  const groundOf = (part) => {
    const around = part.assignedSlot ?? part.parentElement ?? part.getRootNode().host;
    return ownGround(getComputedStyle(part)) || groundOf(around);
  };
  const parts = [...root.querySelectorAll("*")].filter(({ childNodes }) =>
    [...childNodes].some(({ nodeType, data }) => nodeType === 3 && data.trim()));
  return parts.map((part) => {
    const [low, high] = [getComputedStyle(part).color, groundOf(part)]
      .map(light).sort((one, other) => one - other);
    return [part.textContent, (high + 0.05) / (low + 0.05)];
  });
}"""


NOTHING = [[], [], []]


@pytest.mark.parametrize("palette", PALETTES)
def test_axe_finds_nothing(new_visitor, palette):
    visitor = new_visitor(reduced_motion="reduce", **PALETTES[palette])
    visitor.context.add_init_script(path=AXE)
    shop = visitor.visit_shop()

    def broken(_):
        return [rule for size in SIZES for rule in violations(shop.page, size, palette)]

    assert in_each_layer(shop, broken) == NOTHING


@pytest.mark.parametrize("palette", ["light", "dark"])
def test_every_text_is_in_contrast_to_what_it_stands_on(new_visitor, palette):
    """What axe leaves undecided: it cannot see what a slotted text stands on."""
    site = new_visitor(**PALETTES[palette]).visit_site("other")

    assert in_each_layer(site, faint) == NOTHING


def test_every_target_is_large_enough(visitor):
    site = visitor.visit_site("other")

    assert in_each_layer(site, small) == NOTHING


def in_each_layer(site, look):
    """Return what is found in the banner, in its settings, and once it is folded."""
    found = [look(site.banner)]
    site.banner.settings.press("Enter")
    expect(site.dialog.root).to_be_visible()
    found.append(look(site.dialog))
    site.dialog.reject.click()
    site.wait_until_recorded()
    return [*found, look(site.banner)]


def faint(layer):
    """Return the texts of a layer that WCAG finds too faint, all taken for small."""
    measured = layer.root.evaluate(CONTRASTS)
    assert measured
    return [(text, ratio) for text, ratio in measured if ratio < 4.5]


def small(layer):
    """Return the targets of a layer that are smaller than WCAG 2.2 asks for."""
    targets = [
        target
        for role in ("button", "link", "switch")
        for target in layer.root.get_by_role(role).all()
    ]
    sizes = [(target.text_content(), target.bounding_box()) for target in targets]
    assert sizes
    return [
        (name, box)
        for name, box in sizes
        if min(box["width"], box["height"]) < TARGET_PIXELS
    ]

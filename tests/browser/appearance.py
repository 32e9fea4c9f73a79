"""Sites that differ in their looks alone, and what can be measured of a layer."""

import itertools
from http import HTTPStatus

from consent.domain.appearance import POSITIONS, Layout
from consent.services import notices
from examples.demo.places import SITE_FILES
from tests.browser.page import eventually
from tests.browser.sites import dressed

SAMPLE = next(path for path in SITE_FILES if path.stem == "hummingbytes")
ARRANGEMENTS = [
    (layout, position)
    for layout in Layout
    for position in (POSITIONS[layout] or (None,))
]
# Where something is, and the names that themes have for it, are no part of its look.
NO_LOOK = (
    r"^--|^(inline-size|width|perspective-origin|transform-origin"
    r"|grid-template-(columns|rows))$"
)
_names = (f"look-{number}" for number in itertools.count(1))

MEASURE = """(host, [layer, noLook]) => {
  const root = layer === "dialog" ? host.shadowRoot.querySelector(".dialog") : host;
  const box = layer === "dialog" ? root : host.shadowRoot.querySelector(".box");
  const rect = (part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return { x, y, width, height };
  };
  const isLarger = (inner, outer) => inner > outer + 1;
  const clips = (part) =>
    isLarger(part.scrollWidth, part.clientWidth) ||
    isLarger(part.scrollHeight, part.clientHeight);
  const texts = [...root.querySelectorAll("h2, p, a, button, label, .title, .always")];
  const inner = [...host.shadowRoot.querySelectorAll(".text, .actions")];
  const [reject, accept] = ["reject", "accept"].map((name) =>
    getComputedStyle(root.querySelector(`button[name=${name}]`)));
  const page = document.documentElement;
  return {
    unequal: [...reject].filter(
      (name) => !name.match(noLook) && reject[name] !== accept[name]),
    box: rect(box),
    overflow: page.scrollWidth - page.clientWidth,
    window: { width: page.clientWidth, height: innerHeight },
    buttons: [...root.querySelectorAll("button")].map((one) => [one.name, rect(one)]),
    clipped: [...texts, ...(layer === "dialog" ? [] : inner)]
      .filter((part) => part.clientWidth && clips(part))
      .map((part) => `${part.localName} ${part.className}`),
  };
}"""


def publish_dressed(runtime, town, site=None, **appearance):
    """Publish a site that looks like this, and wait until it is served; return it."""
    site = site or next(_names)
    text = SAMPLE.read_text("utf-8")
    notices.publish(runtime, dressed(text, site, town.origin(site), appearance))
    eventually(
        lambda: town.service.ask("GET", f"/{site}/banner.js")[0] == HTTPStatus.OK
    )
    return site


def measured(page, layer):
    """Return what can be measured of a layer: boxes, and what is wrong with it."""
    return page.locator("consent-banner").evaluate(MEASURE, [layer, NO_LOOK])

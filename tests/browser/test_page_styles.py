import pytest
from playwright.sync_api import expect

from tests.browser.page import ENGLISH, eventually, words_of

pytestmark = pytest.mark.browser

HOSTILE = """
  :not(:root) {
    display: none !important; visibility: hidden !important; opacity: 0 !important;
    color: red !important; background: red !important; font: 3px fantasy !important;
    position: absolute !important; inset: -9999px auto auto -9999px !important;
    z-index: 1 !important; transform: scale(0) !important; filter: blur(9px) !important;
    clip-path: circle(0) !important; pointer-events: none !important;
    width: 1px !important; height: 1px !important; overflow: hidden !important;
  }
"""
NAMES = ("surface", "ink", "muted", "line", "button", "button-ink", "accent", "radius")
HOSTILE_SHEETS = {
    "hides": HOSTILE,
    "our own properties": f"* {{ {''.join(f'--{name}: 0 0 red;' for name in NAMES)} }}",
    "unsets": "* { all: unset !important }",
    "hides buttons": "button, dialog, slot, [popover] { display: none !important }",
    "large root": ":root { font-size: 40px; line-height: 9; letter-spacing: 1em }",
    "texts": """
      p, h2, a, button {
        font: italic 50px/4 fantasy !important; margin: 50px !important;
        order: -1 !important; text-transform: uppercase !important;
        text-indent: 99px !important; writing-mode: vertical-rl !important;
        direction: rtl !important; rotate: 9deg !important;
      }""",
    "first letters": """
      *::first-letter { font-size: 90px !important }
      *::first-line { font-size: 60px !important }""",
    "pseudo-elements": """
      *::before, *::after { content: "x" !important; display: block !important }
      ::backdrop { background: red !important; display: block !important }""",
    "transforms": """
      html { transform: rotate(3deg) scale(0.5); filter: blur(2px); perspective: 9px }
      body { transform: translateX(300px); overflow: hidden; position: fixed }""",
    "sideways": "html { writing-mode: vertical-rl; direction: rtl; display: grid }",
    "the element": """
      consent-banner {
        display: none !important; inset: 0 !important; zoom: 3 !important;
        scale: 3 !important; contain: strict !important; direction: rtl !important;
        content-visibility: hidden !important; max-width: 9px !important;
        mask: linear-gradient(#0000, #0000) !important;
      }""",
    "the dialog": """
      dialog, .dialog, .box, .text { display: none !important; inset: 9px !important }
      dialog::backdrop { background: red !important }""",
}
COVER = "body::after { content: ''; position: fixed; inset: 0; z-index: 2147483647; }"
# Kept and compared in the page: it is too much to carry over for every sheet.
LOOKS = """
  const looks = (host) => [
    host, ...host.children, ...host.shadowRoot.querySelectorAll("*"),
  ].map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    const style = getComputedStyle(part);
    const look = { box: [x, y, width, height].join() };
    for (const name of style) look[name] = style[name];
    if (part.getRootNode() === document)
      for (const name of ["::before", "::after", "::backdrop"])
        look[name] = getComputedStyle(part, name).display;
    return look;
  });
"""
KEEP = f"(host) => {{ {LOOKS} return looks(host); }}"
DIFFERENCES = f"""(host, kept) => {{
  {LOOKS}
  return looks(host).flatMap((look, index) =>
    Object.keys(look)
      .filter((name) => look[name] !== kept[index][name])
      .map((name) => `${{name}}: ${{kept[index][name]}}, now ${{look[name]}}`));
}}"""
WEAR = """(css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}"""
PAGE_STYLES = """() => ["html", "head", "head *", "body", "body *"]
  .flatMap((selector) => [...document.querySelectorAll(selector)])
  .map((part) => {
    const style = getComputedStyle(part);
    return [...style].map((name) => `${part.localName} ${name}: ${style[name]}`).join();
  })"""
# The document tells of no animation in a shadow tree.
NOTHING_MOVES = """({ shadowRoot }) =>
  shadowRoot.getAnimations().every(({ playState }) => playState === "finished")"""
GLOBALS = "Object.getOwnPropertyNames(window)"
CHILDREN = "document.querySelectorAll('html > *').length"
BODY = "<h1>Title</h1><p>Text <a href='#'>link</a></p><button>Buy</button><dialog>"


def test_hostile_styles_of_the_page_do_not_hide_the_buttons(visitor):
    site = visitor.visit_site("other", f"<style>{HOSTILE}</style>")

    site.banner.settings.click()
    site.dialog.close.click()
    expect(site.dialog.root).to_be_hidden()
    site.banner.reject.click()

    expect(site.banner.reopen).to_be_visible()


in_both_directions = pytest.mark.parametrize(
    ("name", "words"),
    [("other", ENGLISH), ("arabic", words_of("ar"))],
    ids=["ltr", "rtl"],
)


@in_both_directions
def test_nothing_of_them_shows_in_the_banner_or_the_dialog(new_visitor, name, words):
    site = new_visitor(reduced_motion="reduce").visit_site(name, words=words, body=BODY)
    site.banner.settings.click()
    expect(site.dialog.root).to_be_visible()
    eventually(lambda: site.banner.root.evaluate(NOTHING_MOVES))
    plain = site.banner.root.evaluate_handle(KEEP)

    for name_of_sheet, css in HOSTILE_SHEETS.items():
        site.page.evaluate(WEAR, css)

        assert site.banner.root.evaluate(DIFFERENCES, plain) == [], name_of_sheet


@in_both_directions
def test_the_direction_is_that_of_its_language_not_of_the_page(
    new_visitor, name, words
):
    site = new_visitor(reduced_motion="reduce").visit_site(name, words=words)
    eventually(lambda: site.banner.root.evaluate(NOTHING_MOVES))
    plain = site.banner.root.evaluate_handle(KEEP)

    for direction in ("rtl", "ltr"):
        site.page.evaluate("(dir) => { document.documentElement.dir = dir }", direction)

        assert site.banner.root.evaluate(DIFFERENCES, plain) == []


def test_a_page_enlarged_as_a_whole_keeps_it_in_the_window(visitor):
    site = visitor.visit_site("other")

    site.page.evaluate(WEAR, ":root { zoom: 2 }")

    for button in (site.banner.reject, site.banner.accept, site.banner.settings):
        expect(button).to_be_in_viewport(ratio=1)


def test_it_changes_nothing_of_the_page(visitor):
    site = visitor.visit_site("other", body=BODY)
    site.banner.settings.click()
    expect(site.dialog.root).to_be_visible()
    page = site.page
    styles, names = page.evaluate(PAGE_STYLES), page.evaluate(GLOBALS)
    elements = page.evaluate(CHILDREN)

    visitor.context.route("**/banner.js", lambda route: route.fulfill(body=""))
    page.reload()

    assert page.evaluate(PAGE_STYLES) == styles
    assert {*names} - {*page.evaluate(GLOBALS)} == {"consent"}
    assert page.evaluate(CHILDREN) == elements - 1


def test_what_a_page_lays_on_top_of_itself_does_not_cover_the_banner(visitor):
    site = visitor.visit_site("other", f"<style>{COVER}</style>")

    site.banner.reject.click()

    expect(site.banner.reopen).to_be_visible()


def test_a_theme_reaches_the_banner_by_its_properties(visitor):
    theme = "consent-banner { --consent-button: rgb(1, 2, 3); }"

    site = visitor.visit_site("other", f"<style>{theme}</style>")

    for button in (site.banner.reject, site.banner.accept):
        expect(button).to_have_css("background-color", "rgb(1, 2, 3)")


def test_who_wants_less_motion_sees_none(new_visitor):
    shop = new_visitor(reduced_motion="reduce").visit_shop()

    shop.banner.settings.click()

    assert moving_parts(shop) == []


def test_everyone_else_sees_it_appear(shop):
    """The counterpart: what the test above looks for is there at all."""
    shop.banner.settings.click()

    assert "dialog" in moving_parts(shop)


def moving_parts(shop):
    """Return the tags of what has an animation or a transition."""
    expect(shop.dialog.root).to_be_visible()
    return shop.banner.root.evaluate(
        """(host) => [...host.shadowRoot.querySelectorAll("*")]
          .filter((part) => {
            const { animationName, ...style } = getComputedStyle(part);
            const isMoving = (duration) => parseFloat(duration) > 0.001;
            return (
              (animationName !== "none" && isMoving(style.animationDuration)) ||
              isMoving(style.transitionDuration)
            );
          })
          .map((part) => part.localName)"""
    )

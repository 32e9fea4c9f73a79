import pytest
from playwright.sync_api import expect

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
THEIR_PROPERTIES = f"* {{ {''.join(f'--{name}: 0 0 red;' for name in NAMES)} }}"
COVER = "body::after { content: ''; position: fixed; inset: 0; z-index: 2147483647; }"
LOOK = """(it) => {
  const { color, backgroundColor, borderRadius, fontSize } = getComputedStyle(it);
  return [color, backgroundColor, borderRadius, fontSize];
}"""


def test_hostile_styles_of_the_page_do_not_hide_the_buttons(visitor):
    site = visitor.visit_site("other", f"<style>{HOSTILE}</style>")

    site.banner.settings.click()
    site.dialog.close.click()
    site.banner.reject.click()

    expect(site.banner.reopen).to_be_visible()


@pytest.mark.parametrize(
    "style", [HOSTILE, THEIR_PROPERTIES], ids=["properties", "custom properties"]
)
def test_nothing_of_them_shows_in_the_banner(visitor, style):
    plain = visitor.visit_site("other")
    expected = looks(plain)

    styled = visitor.visit_site("other", f"<style>{style}</style>")

    assert looks(styled) == expected


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


def looks(site):
    """Return how the parts of the banner look."""
    parts = [site.banner.heading, site.banner.reject, site.banner.preferences]
    return [part.evaluate(LOOK) for part in parts]


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

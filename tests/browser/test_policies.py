"""The strictest policies that a page can have, with real headers."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

NONCE = "b2theXRoYXQ"
WATCH = f"""<script nonce="{NONCE}">
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) =>
    violations.push([event.effectiveDirective, event.blockedURI, event.sample]));
</script>"""
HELD = f"""<script type="text/plain" data-consent="analytics" nonce="{NONCE}">
  window.ran = true;
</script>"""


@pytest.fixture
def policy(town):
    """Return the policy that docs/embedding.md tells, with nothing else allowed."""
    rules = {
        "default-src": "'none'",
        "script-src": f"'nonce-{NONCE}'",
        "connect-src": town.places.service.address,
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
        "trusted-types": "consent",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def test_everything_works_under_the_strictest_policy(visitor, policy):
    headers = {"Content-Security-Policy": policy}
    site = visitor.visit_site("other", WATCH, HELD, nonce=NONCE, headers=headers)

    site.banner.settings.click()
    expect(site.dialog.root).to_be_visible()
    expect(site.dialog.accept).to_have_css("min-height", "44px")
    site.dialog.accept.click()
    site.wait_until_recorded()

    site.page.wait_for_function("window.ran")
    assert site.page.evaluate("violations") == []
    assert visitor.errors == []


def test_the_policy_is_in_force(visitor, policy):
    """The counterpart: what the test above looks for is noticed at all."""
    headers = {"Content-Security-Policy": policy}
    site = visitor.visit_site("other", WATCH, nonce=NONCE, headers=headers)

    site.page.evaluate(
        """() => {
          document.body.append(Object.assign(document.createElement("style")));
          document.body.lastChild.textContent = "p { color: red }";
          try { document.body.innerHTML = "<p>"; } catch {}
        }"""
    )

    site.page.wait_for_function("violations.length > 1")
    found = {directive for directive, *_ in site.page.evaluate("violations")}
    assert found == {"style-src-elem", "require-trusted-types-for"}


def test_an_isolated_page_can_embed_it(visitor):
    headers = {
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    site = visitor.visit_site("other", headers=headers)

    site.banner.settings.click()
    site.dialog.reject.click()
    site.wait_until_recorded()

    assert site.page.evaluate("crossOriginIsolated")
    assert visitor.errors == []

"""Whatever the page holds and whatever was chosen: what fires is what checks allow."""

from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.browser.page import eventually

pytestmark = pytest.mark.browser

NAMES = ["analytics", "marketing", "analytics:plausible", "marketing:tube"]
TARGETS = [*NAMES, "necessary", "analytics:tube", "nobody", "necessary:other-press"]
KINDS = {
    "inline": '<script type="text/plain" data-consent="{target}">{note}</script>',
    "module": '<script type="text/plain" data-type="module" data-consent="{target}">'
    "{note}</script>",
    "external": '<script type="text/plain" data-consent="{target}"'
    ' src="https://count.example/?{number}"></script>',
    "async": '<script type="text/plain" data-consent="{target}" async'
    ' src="https://count.example/?{number}"></script>',
    "frame": '<iframe data-consent="{target}"'
    ' data-src="https://count.example/?{number}"></iframe>',
    "image": '<img data-consent="{target}" alt=""'
    ' data-src="https://count.example/?{number}">',
}
NOTE = "fetch('https://count.example/?{number}')"
tags = st.lists(
    st.tuples(st.sampled_from([*KINDS]), st.sampled_from(TARGETS)), max_size=12
)
wants = st.dictionaries(st.sampled_from(NAMES), st.booleans(), min_size=1)


def written(tags):
    return "".join(
        KINDS[kind].format(
            target=target, number=number, note=NOTE.format(number=number)
        )
        for number, (kind, target) in enumerate(tags)
    )


def allows(town, token, target):
    """Ask the service, as a gateway would."""
    purpose, _, vendor = target.partition(":")
    query = f"?{urlencode({'vendor': vendor})}" if vendor else ""
    headers = {"Consent-Token": token}
    path = f"/v1/embeds/check/{purpose}{query}"
    return town.service.ask("GET", path, None, headers)[0] == 200


def fired_by(visitor, town, tags, choices):
    """Choose, then open the page anew; return what fired, and the token."""
    fired = set()

    def answer(route):
        fired.add(int(route.request.url.partition("?")[2]))
        route.fulfill(headers={"Access-Control-Allow-Origin": "*"})

    visitor.context.route("https://count.example/**", answer)
    site = visitor.visit_site("embeds", written(tags))
    for wanted in choices:
        before = site.token()
        site.page.evaluate("(wants) => consent.set(wants)", wanted)
        eventually(lambda before=before: site.token() not in {None, before})
    fired.clear()
    # The barrier: it comes last, and runs once what is before it had its turn.
    last = '<script type="text/plain" data-consent="necessary">end = 1</script>'
    town.open_site("embeds", _head(site) + written(tags) + last)
    site.page.reload()
    eventually(lambda: site.page.evaluate("window.end"))
    site.page.wait_for_load_state("networkidle")
    return fired, site.token()


def _head(site):
    source = site.page.evaluate("document.querySelector('script').src")
    return f'<script src="{source}" async></script>'


@settings(
    max_examples=12,
    deadline=None,
    # A smaller example takes minutes to find.
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(tags, st.lists(wants, min_size=1, max_size=2))
def test_what_fires_is_what_checks_allow(new_visitor, town, tags, choices):
    fired, token = fired_by(new_visitor(), town, tags, choices)

    assert fired == {
        number for number, (_, target) in enumerate(tags) if allows(town, token, target)
    }

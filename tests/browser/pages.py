"""Every page of a visitor: what holds for each is tested over this list."""

import re

from playwright.sync_api import expect

# The number is that of a record of whoever looks.
PAGES = {
    "preferences": "/hummingbytes/preferences",
    "cookies": "/hummingbytes/cookies",
    "privacy": "/hummingbytes/privacy",
    "records": "/hummingbytes/preferences/records",
    "erasure": "/hummingbytes/preferences/records/erasure",
    "receipt": "/v1/hummingbytes/records/{number}",
    "missing receipt": "/v1/hummingbytes/records/0",
    "replay": "/hummingbytes/records/{number}/replay",
    "docs": "/docs",
    "error": "/hummingbytes/nothing",
}
MAIN_PAGES = ("preferences", "records", "cookies")
FAILING = {"missing receipt", "error"}


class Tour:
    """A visitor who allowed something, and so has every page to look at."""

    def __init__(self, visitor):
        self.visitor = visitor
        center = visitor.visit_center()
        center.answer("Analytics", "Allow").click()
        expect(center.said).to_contain_text("Recorded as number")
        self.number = re.search(r"\d+", center.said.text_content())[0]
        self.page = center.page

    def address(self, name):
        """Return where a page is."""
        service = self.visitor.town.places.service.address
        return service + PAGES[name].format(number=self.number)

    def visit(self, name, query=""):
        """Open a page, everything on it unfolded; return it."""
        self.page.goto(self.address(name) + query)
        self.page.evaluate(
            "document.querySelectorAll('details').forEach((one) => (one.open = true))"
        )
        return self.page

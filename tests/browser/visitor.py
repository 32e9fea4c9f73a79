"""A visitor's browser: its pages, and what it stored, asked for and complained of."""


from tests.browser.page import ENGLISH, Shop

PATIENCE_SECONDS = 10
PAUSE_SECONDS = 0.02
KEPT = """() => [localStorage, sessionStorage].map(
  (kept) => Object.fromEntries(Object.keys(kept).map((key) => [key, kept[key]])))"""


class Visitor:
    """One browser context."""

    def __init__(self, context, town):
        self.context = context
        self.town = town
        self.requests = []
        self.errors = []
        context.on("request", self.requests.append)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def shop(self, path="/", words=ENGLISH):
        """Open the shop in a new tab."""
        return self.tab().open(self.town.places.shop.address + path)

    def tab(self, page_class=Shop, words=ENGLISH):
        return page_class(self.context.new_page(), words)

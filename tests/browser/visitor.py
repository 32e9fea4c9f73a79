"""A visitor's browser: its tabs, what it keeps, what it asked for and complained of."""

from urllib.parse import urlsplit

from tests.browser.page import ENGLISH, Center, Gateway, Shop, Site

KEPT = """async () => [
  ...[localStorage, sessionStorage].flatMap(Object.entries),
  ...(await indexedDB.databases()).map(({ name }) => ["IndexedDB", name]),
  ...(await caches.keys()).map((name) => ["Cache", name]),
]"""


class Visitor:
    """One browser, which shares nothing with the others."""

    def __init__(self, context, town):
        context.set_default_timeout(5000)
        self.context = context
        self.town = town
        self.requests = []
        self.errors = []
        self.exceptions = []
        context.on("request", lambda request: self.requests.append(request))
        context.on("console", self._note)
        context.on("weberror", self._note_exception)

    def visit_shop(self, words=ENGLISH, *, banner=True):
        """Open the shop in a new tab, and wait for its banner."""
        shop = Shop(self.context.new_page(), words)
        shop.page.goto(self.town.places.shop.address)
        if banner:
            shop.banner.root.wait_for()
        return shop

    def visit_site(self, name, *head, nonce="", words=ENGLISH, query="", **page):
        """Open a page of another site, which has nothing but these tags in its head.

        It may also be given a body and headers.
        """
        script = f"{self.town.places.service.address}/{name}/banner.js{query}"
        banner = f'<script src="{script}" nonce="{nonce}" async></script>'
        site = Site(self.context.new_page(), words)
        site.page.goto(self.town.open_site(name, "".join([banner, *head]), **page))
        site.banner.root.wait_for()
        return site

    def open_site(self, name, head, body=""):
        """Open a page of another site that has its own tag of the banner."""
        site = Site(self.context.new_page())
        site.page.goto(self.town.open_site(name, head, body))
        site.banner.root.wait_for()
        return site

    def visit_framed(self, name, *head, attributes=""):
        """Open a page of another site in a frame of a page of yet another one."""
        script = f"{self.town.places.service.address}/{name}/banner.js"
        inner = self.town.open_site(
            name, "".join([f'<script src="{script}" async></script>', *head])
        )
        frame = f'<iframe src="{inner}" {attributes}></iframe>'
        outer = self.town.open_site("outer", frame)
        page = self.context.new_page()
        page.goto(outer)
        frame = page.frames[-1]
        frame.locator("consent-banner").wait_for(state="attached")
        return Site(frame)

    def visit_on_https(self, site, host):
        """Open a page of a site on a host of its own, by https."""
        script = f"{self.town.places.service.address}/{site}/banner.js"
        html = f'<!doctype html><script src="{script}" async></script><body></body>'
        # There is no such server: the browser is answered right here.
        self.context.route(
            f"https://{host}/",
            lambda route: route.fulfill(body=html, content_type="text/html"),
        )
        opened = Site(self.context.new_page())
        opened.page.goto(f"https://{host}/")
        opened.banner.root.wait_for()
        return opened

    def visit_center(self, address=None):
        """Open the preference center in a new tab, as from a bookmark."""
        center = Center(self.context.new_page())
        center.page.goto(address or self.town.preferences)
        return center

    def visit_gateway(self):
        """Look at the gateway's own page, in a new tab."""
        gateway = Gateway(self.context.new_page())
        gateway.page.goto(self.town.places.gateway.address)
        return gateway

    def cookies(self):
        """Return the shop's cookies by name."""
        found = self.context.cookies(self.town.places.shop.address)
        return {cookie["name"]: cookie["value"] for cookie in found}

    def everything_asked(self):
        """Return whatever was asked of anybody, as method and address."""
        return [f"{request.method} {request.url}" for request in self.requests]

    def asked(self, place):
        """Return what it asked one of the three programs for, as method and path."""
        address = place.address
        return [
            f"{request.method} {request.url.removeprefix(address)}"
            for request in self.requests
            if request.url.startswith(f"{address}/")
        ]

    def page_loads(self):
        """Return the paths of the pages that were loaded, one for each time."""
        loads = [one for one in self.requests if one.is_navigation_request()]
        return [urlsplit(request.url).path for request in loads]

    def requests_with(self, text):
        """Return the requests that carry a text in their address, body or headers."""
        return [request for request in self.requests if text in written(request)]

    def lose_the_service(self):
        """Let nothing through to the service from now on."""
        self.context.route(self._service, lambda route: route.abort())

    def lose_answers(self):
        """Let everything through to the service, and nothing back."""

        service = self.town.places.service

        def lose(route):
            # Sent from outside of the browser, where the name means nothing.
            url = route.request.url.replace(service.address, service.direct)
            route.fetch(url=url)
            route.abort()

        self.context.route(self._service, lose)

    def meet_failures(self, status):
        """Let the service answer with a status of failure."""
        self.context.route(self._service, lambda route: route.fulfill(status=status))

    def delay_the_service(self):
        """Let what is asked of the service wait; return the list of what waits."""
        waiting = []
        self.context.route(self._service, lambda route: waiting.append(route))
        return waiting

    def find_the_service(self):
        """Let everything through again."""
        self.context.unroute(self._service)

    @property
    def _service(self):
        return f"{self.town.places.service.address}/v1/**"

    def _note_exception(self, error):
        self.exceptions.append(str(error.error))
        self.errors.append(str(error.error))

    def _note(self, message):
        if message.type == "error":
            self.errors.append(message.text)


def kept_by(page):
    """Return what a page keeps outside of cookies, as pairs of name and value."""
    return page.evaluate(KEPT)


def written(request):
    """Return everything that a request tells its server, its cookies aside."""
    return f"{request.url} {request.post_data} {request.headers}"

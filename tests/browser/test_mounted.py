"""The service behind real proxies below a path of the site's own host."""

from contextlib import ExitStack

import pytest
import yaml
from playwright.sync_api import expect

from tests.browser.page import ENGLISH, Center, Site, eventually
from tests.factories import site_file
from tests.proxies import running
from tests.running import Service

pytestmark = pytest.mark.browser

LOCATIONS = """
location / {{
  default_type text/html;
  return 200 '<!doctype html><script src="/_consent/shop/banner.js" async></script>
              <body><a href="/_consent/shop/preferences">Privacy</a>';
}}
location /_consent/ {{
  proxy_pass http://127.0.0.1:{service}/;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-Host $http_host;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-For $remote_addr;
  proxy_set_header X-Forwarded-Prefix /_consent;
}}
"""
CADDYFILE = """
{{
  admin off
  auto_https off
}}
http://home.localhost:{port} {{
  handle_path /_consent/* {{
    reverse_proxy 127.0.0.1:{service} {{
      header_up X-Forwarded-Prefix /_consent
    }}
  }}
  handle {{
    header Content-Type text/html
    respond `<!doctype html><script src="/_consent/shop/banner.js" async></script>
             <body><a href="/_consent/shop/preferences">Privacy</a>`
  }}
}}
"""
# Tells what scripts write into cookies.
NOTE = """
  const { get, set } = Object.getOwnPropertyDescriptor(Document.prototype, "cookie");
  window.written = [];
  Object.defineProperty(document, "cookie", {
    get: () => get.call(document),
    set: (text) => (window.written.push(text.split(";")[0]), set.call(document, text)),
  });
"""


@pytest.fixture
def caddy(tmp_path, free_ports):
    """Return what starts a real Caddy in front of the service; it returns the port."""
    with ExitStack() as stack:

        def start(service):
            (port,) = free_ports(1)
            file = tmp_path / "Caddyfile"
            file.write_text(CADDYFILE.format(port=port, service=service))
            arguments = ["run", "--adapter", "caddyfile", "--config", file]
            stack.enter_context(running("caddy", arguments, port))
            return port

        yield start


@pytest.fixture(params=["nginx", "caddy"])
def port(request, nginx, caddy, free_port):
    """Start each proxy in turn in front of where the service will be."""
    if request.param == "caddy":
        return caddy(free_port)
    return nginx(LOCATIONS.format(service=free_port))


@pytest.fixture
def home(tmp_path, free_port, port):
    """Return the address of a site with the service below a path of it."""
    address = f"http://home.localhost:{port}"
    file = tmp_path / "shop.yaml"
    file.write_text(yaml.safe_dump(site_file(origins=[address])))
    database = f"sqlite:///{tmp_path / 'consent.sqlite'}"
    proxied = {"CONSENT_PROXIES": "1"}
    service = Service(tmp_path, free_port, database, more=proxied)
    service.set_up(file)
    with service.serving():
        yield address


@pytest.fixture
def site(home, new_visitor):
    """Open a page of the site."""
    visitor = new_visitor()
    visitor.context.add_init_script(NOTE)
    opened = Site(visitor.context.new_page(), ENGLISH)
    opened.page.goto(home)
    opened.banner.root.wait_for()
    return opened


def cookies(site, home):
    return {one["name"]: one["value"] for one in site.page.context.cookies(home)}


def test_the_server_keeps_the_answer_and_no_script_writes_over_it(site, home):
    site.accept()
    eventually(lambda: cookies(site, home).get("consent_shop") not in {None, "pending"})
    written = site.page.evaluate("window.written")
    assert written[-1] == "consent_shop=pending"
    assert {text.partition("=")[0] for text in written} == {
        "consent_shop",
        "consent_shop_secret",
    }

    site.page.reload()
    expect(site.banner.reopen).to_be_visible()
    site.page.wait_for_load_state("networkidle")

    assert site.page.evaluate("window.written") == []
    assert site.allows("analytics")


def test_the_preference_center_knows_the_visitor_and_the_page_what_was_done_there(
    site, home
):
    site.accept()
    center = Center(site.page)
    site.page.goto(f"{home}/_consent/shop/preferences")
    expect(center.state("analytics")).to_contain_text("Allowed by you on")

    center.withdraw.click()
    expect(center.state("analytics")).to_contain_text("Not allowed")
    site.page.goto(home)
    expect(site.banner.reopen).to_be_visible()

    assert not site.allows("analytics")


def test_the_settings_open_from_there_too(site):
    site.banner.settings.click()

    expect(site.dialog.root).to_be_visible()


def test_without_javascript_all_of_it_works_there(home, new_visitor):
    page = new_visitor(java_script_enabled=False).context.new_page()
    center = Center(page)
    page.goto(f"{home}/_consent/shop/preferences")

    center.answer("analytics title", "Do not allow").click()
    expect(center.said).to_contain_text("A no needs no identifier")
    expect(page.get_by_text("Without JavaScript")).to_have_count(0)
    assert kept_by_the_site(page, home) == {"consent_shop"}

    center.answer("marketing title", "Allow").click()
    expect(center.said).to_contain_text("Recorded as number")
    expect(center.state("analytics")).to_contain_text("you said no on")
    assert kept_by_the_site(page, home) == {"consent_shop", "consent_shop_secret"}


def kept_by_the_site(page, home):
    """Return the names of the cookies that the site's own pages have an answer in."""
    names = {one["name"] for one in page.context.cookies(home)}
    return {name for name in names if name.startswith("consent_shop")}

"""Every answer that is a page, found by the app's own list of addresses."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

from consent.services.notices import publish
from consent.services.sitefiles import load
from tests.packaging.tools import ROOT
from tests.web.filling import HERE, fields

SITE_FILE = ROOT / "examples" / "hummingbytes.yaml"
SITE = "hummingbytes"
PREFERENCES = f"/{SITE}/preferences"
AS_BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
# What an address may have in it. The record is one of whoever walks.
VALUES = {
    "site": SITE,
    "purpose": "analytics",
    "vendor": "matomo",
    "link": "none",
    "gateway": "edge",
    "version": 1,
    "filename": "none.css",
    "number": 1,
    "level": "0",
    "place": "000.p/1",
}


def walk(app):
    """Return each page by name: of every address, in every state that matters."""
    publish(app.extensions["consent"], load(SITE_FILE.read_text("utf-8")))
    stranger, holder = app.test_client(), app.test_client()
    action = f"{PREFERENCES}/analytics"
    sent = fields(holder.get(PREFERENCES).text, action) | {"decision": "granted"}
    assert holder.post(action, data=sent, headers=HERE).status_code == 303
    answers = {
        f"{endpoint} of {who}": client.get(address, headers=AS_BROWSER)
        for endpoint, address in addresses(app, "GET")
        for who, client in (("the holder", holder), ("a stranger", stranger))
    }
    answers |= {
        f"{endpoint} without a token": stranger.post(
            address, data={"decision": "refused"}, headers=HERE | AS_BROWSER
        )
        for endpoint, address in addresses(app, "POST")
    }
    answers["nowhere"] = stranger.get("/nowhere/at/all")
    answers["another method"] = stranger.delete(PREFERENCES)
    answers["too large"] = stranger.post(action, data={"more": "x" * 70_000})
    return {name: one for name, one in answers.items() if one.mimetype == "text/html"}


def addresses(app, method):
    """Return every address that takes a method, with the name of its view."""
    adapter = app.url_map.bind("localhost")
    return [
        (
            rule.endpoint,
            adapter.build(rule.endpoint, {k: VALUES[k] for k in rule.arguments}),
        )
        for rule in app.url_map.iter_rules()
        if method in rule.methods
    ]


@dataclass
class Form:
    """A form of a page: where it goes to, how, and what it carries."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class Forms(HTMLParser):
    """Reads the forms, and whatever is written into a page that no policy allows."""

    def __init__(self, page):
        super().__init__()
        self.forms = []
        self.inline = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        """Note a form, a field of it, and what is inline."""
        found = dict(attrs)
        if tag == "form":
            self.forms.append(Form(found["action"], found.get("method", "get")))
        elif tag == "input" and self.forms:
            self.forms[-1].fields[found.get("name")] = found.get("value")
        is_code = tag == "script" and "src" not in found
        if is_code and found.get("type") != "application/ld+json":
            self.inline.append(tag)
        self.inline += [name for name in found if name == "style" or name[:2] == "on"]
        self.inline += [tag] if tag == "style" else []

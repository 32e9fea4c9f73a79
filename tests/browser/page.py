"""What a visitor sees and does: a page with the banner, and the preference center."""

import time
from dataclasses import asdict, dataclass

from playwright.sync_api import expect

from consent.services.languages import gettext_for

PATIENCE_SECONDS = 5
PAUSE_SECONDS = 0.02

STOPPED = {"HELD withdrawn", "HELD refused"}
"""After a no said elsewhere: the verdicts on the token of before and the new one."""


@dataclass(frozen=True)
class Words:
    """What the banner's parts are called."""

    banner: str
    dialog: str
    reject: str
    accept: str
    settings: str
    save: str
    close: str
    preferences: str


ENGLISH = Words(
    banner="Cookie choices",
    dialog="Cookie settings",
    reject="Reject all",
    accept="Accept all",
    settings="Settings",
    save="Save choice",
    close="Close",
    preferences="Details and all services",
)
GERMAN = Words(
    banner="Cookie-Auswahl",
    dialog="Cookie-Einstellungen",
    reject="Alle ablehnen",
    accept="Alle akzeptieren",
    settings="Einstellungen",
    save="Auswahl speichern",
    close="Schließen",
    preferences="Einzelheiten und alle Dienste",
)


def words_of(locale):
    """Return what the catalogue of a language calls the banner's parts."""
    translate = gettext_for(locale)
    return Words(**{name: translate(word) for name, word in asdict(ENGLISH).items()})


class Layer:
    """Some buttons and links together: the banner's box, or its dialog."""

    def __init__(self, root, words):
        self.root = root
        self.reject = self.button(words.reject)
        self.accept = self.button(words.accept)
        self.preferences = root.get_by_role("link", name=words.preferences)

    def button(self, name):
        """Return the button of that name."""
        return self.root.get_by_role("button", name=name, exact=True)


class Banner(Layer):
    """The first layer; when it has its answer, only a button to reopen it."""

    def __init__(self, page, words):
        super().__init__(page.get_by_role("region", name=words.banner), words)
        self.heading = self.root.get_by_role("heading")
        self.settings = self.button(words.settings)
        self.reopen = self.button(words.banner)
        self.status = self.root.get_by_role("status")


class Dialog(Layer):
    """The settings, purpose by purpose."""

    def __init__(self, page, words):
        super().__init__(page.get_by_role("dialog", name=words.dialog), words)
        self.save = self.button(words.save)
        self.close = self.button(words.close)

    def switch(self, purpose):
        """Return the switch of a purpose."""
        return self.root.get_by_role("switch", name=purpose)


class Site:
    """A page that embeds the banner."""

    def __init__(self, page, words=ENGLISH):
        self.page = page
        self.banner = Banner(page, words)
        self.dialog = Dialog(page, words)

    def accept(self):
        """Accept everything, and wait until it is recorded."""
        self.banner.accept.click()
        self.wait_until_recorded()

    def reject(self):
        """Reject everything, and wait until it is recorded."""
        self.banner.reject.click()
        self.wait_until_recorded()

    def change(self, name):
        """Press a button of the dialog, and wait until that is recorded."""
        self.open_dialog()
        self.dialog.button(name).click()
        self.wait_until_recorded()

    def open_dialog(self):
        """Open the settings by the button that a folded banner leaves."""
        self.banner.reopen.click()
        expect(self.dialog.root).to_be_visible()

    def wait_until_recorded(self):
        """Wait until nothing is unsent."""
        expect(self.banner.reopen).to_be_visible()
        eventually(self.token)

    def token(self):
        """Return the token that the page may show to a gateway."""
        return self.page.evaluate("window.consent.token()")

    def allows(self, purpose):
        """Tell whether the banner lets a purpose run."""
        return self.page.evaluate("(id) => window.consent.allows(id)", purpose)

    def follow_to_center(self):
        """Follow the link of the dialog to the preference center."""
        self.open_dialog()
        self.dialog.preferences.click()
        center = Center(self.page)
        expect(center.back).to_be_visible()
        center.wait_for_hand_over()
        return center

    def come_back(self):
        """Return to this tab from another one, as the visitor does."""
        self.page.bring_to_front()
        # Playwright keeps every tab visible, so that none notices.
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


class Shop(Site):
    """A page of the demo's shop, whose bar tells what became of its events."""

    def __init__(self, page, words=ENGLISH):
        super().__init__(page, words)
        bar = page.get_by_role("complementary", name="What just happened")
        self.happened = bar.get_by_role("listitem", include_hidden=True)
        self.send_anyway = bar.get_by_role("button", name="Send an event anyway")

    def send_event_anyway(self):
        """Play the careless tag; return the gateway's verdict on it."""
        careless = self.happened.filter(has_text="A careless tag")
        count = careless.count()
        self.send_anyway.click()
        expect(careless).to_have_count(count + 1)
        return verdict_in(careless.first.text_content())

    def verdict_on(self, tag):
        """Wait for a gated tag to run; return the gateway's verdict on its event."""
        return verdict_in(self.happened.filter(has_text=tag).first.text_content())


class Center:
    """The preference center."""

    def __init__(self, page):
        self.page = page
        self.summary = page.get_by_role("heading", level=2).first
        self.said = page.get_by_role("status")
        self.withdraw = page.get_by_role("button", name="Withdraw everything")
        self.undo = page.get_by_role("button", name="Undo")
        self.details = page.locator("details.vendors")
        self.back = page.get_by_role("link", name="Back to")
        self.other_answer = page.get_by_role("button", name="Show that answer")

    def state(self, purpose_id):
        """Return the line that tells how a purpose stands."""
        return self.page.get_by_test_id(f"state-{purpose_id}")

    def answer(self, purpose, name):
        """Return a button of a purpose or vendor: `Allow`, `Do not allow`, `Object`."""
        group = self.page.get_by_role("group", name=f"Your decision on {purpose}")
        return group.get_by_role("button", name=name, exact=True)

    def wait_for_hand_over(self):
        """Wait until the secret that came along was posted; only then the form goes."""
        expect(self.page.locator("[data-handover]")).to_have_count(0)

    def wait_until_settled(self):
        """Wait until htmx minds what it swapped in; until then forms load pages."""
        expect(self.page.locator(".htmx-added")).to_have_count(0)

    def go_back_to_shop(self):
        """Follow the link back; return the shop."""
        self.back.click()
        shop = Shop(self.page)
        shop.banner.root.wait_for()
        return shop


class Gateway:
    """The gateway's own page."""

    def __init__(self, page):
        self.page = page

    def events(self):
        """Return what came in, newest first: fired or held, which event, and why."""
        parts = [
            self.page.locator(f".event__{part}").all_text_contents()
            for part in ("word", "what", "why")
        ]
        return [
            f"{word.upper()} {what.split()[0]} {why.split()[0]}"
            for word, what, why in zip(*parts, strict=True)
        ]


def verdict_in(line):
    """Return the word and the reason of a line of the bar."""
    word = "FIRED" if "FIRED" in line else "HELD"
    return f"{word} {line.split(': ')[1].split('.')[0]}"


def eventually(read, wanted=bool):
    """Read until the value is what is wanted; return it, or fail with the last one."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not wanted(value := read()):
        assert time.monotonic() < deadline, f"still {value!r}"
        time.sleep(PAUSE_SECONDS)
    return value

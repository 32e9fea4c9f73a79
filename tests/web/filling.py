"""Filling in the forms of the preference center, as a browser without scripts does."""

import re
from html import unescape

from tests.factories import ORIGIN

PAGE = "/shop/preferences"
HERE = {"Origin": "http://localhost"}
FROM_SHOP = {"Referer": f"{ORIGIN}/"}


def fields(page, action):
    """Return the hidden fields of the form with this action."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)
    assert form, action
    inputs = re.findall(r"<input[^>]*>", form[0])
    named = [re.search(r'name="([^"]*)"', one)[1] for one in inputs]
    values = [re.search(r'value="([^"]*)"', one) for one in inputs]
    return {n: unescape(v[1]) if v else "" for n, v in zip(named, values, strict=True)}


def see(client, **headers):
    """Return the preference center."""
    answer = client.get(PAGE, headers=headers)
    assert answer.status_code == 200
    return answer.text


def submit(client, action, page=None, **changes):
    """Fill in a form of the page and send it; return the page that follows."""
    sent = fields(page or see(client), action) | changes
    answer = client.post(action, data=sent, headers=HERE)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text


def decide(client, purpose, decision, page=None):
    """Press a purpose's button; return the page that follows."""
    return submit(client, f"{PAGE}/{purpose}", page, decision=decision)


def hand_over(client, secret):
    """Come from the shop with its secret; return the page that follows."""
    page = see(client, **FROM_SHOP)
    return submit(client, f"{PAGE}/handover", page, secret=secret)


def state(page, purpose):
    """Return what the page says about a purpose."""
    return re.search(rf'data-testid="state-{purpose}">(.*?)</p>', page, re.S)[1].strip()


def decide_vendor(client, purpose, vendor, decision):
    """Press the button of a vendor in a purpose; return the page that follows."""
    sent = fields(see(client), f"{PAGE}/{purpose}") | {"decision": decision}
    address = f"{PAGE}/{purpose}/vendors/{vendor}"
    answer = client.post(address, data=sent, headers=HERE)
    assert answer.status_code == 303, answer.text
    return client.get(answer.location).text

"""What a real server sends of a very large notice."""

import re
from itertools import product
from random import Random

import brotli
import httpx
import pytest
import yaml

from tests.factories import site_file, text, vendor

MOST_BYTES = 100_000
TINY_BYTES = 500
COOKIES, VENDORS = 500, 80
# As many words as a long notice may have, so that it is no easier to compress.
WORDS = ["".join(parts) for parts in product("bdfgklmnprst", "aeiou", "lmnrst", "aeo")]
LOADED = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def sentence(random, count):
    """Return a sentence of so many words, in each language."""
    return text(f"{' '.join(random.choices(WORDS, k=count))}.".capitalize())


def declared(number):
    """Return a vendor with its share of the cookies, which look like real ones."""
    random = Random(number)  # noqa: S311 - no secrets, only words
    about = ("analytics", "marketing")[number % 2]
    word = random.choice(WORDS)
    cookies = [
        {
            "name": f"_{random.choice(WORDS)}_{random.getrandbits(24):x}",
            "purpose": about,
            "lifetime": f"{random.randint(1, 24)} months",
            "description": sentence(random, 15),
        }
        for _ in range(number, COOKIES, VENDORS)
    ]
    return vendor(
        f"{word}-{number}",
        about,
        role=sentence(random, 12),
        country=random.choice(["US", "NZ", "DE", "JP"]),
        safeguards=sentence(random, 10),
        policy=f"https://{word}.example/privacy",
        hosts=[f"cdn-{random.getrandbits(16)}.{word}.example"],
        cookies=cookies,
    )


@pytest.fixture
def browser(published, tmp_path):
    """Serve a notice with so many cookies and vendors; return what asks for it."""
    vendors = [declared(number) for number in range(VENDORS)]
    assert sum(len(one["cookies"]) for one in vendors) == COOKIES
    path = tmp_path / "large.yaml"
    path.write_text(yaml.safe_dump(site_file(vendors=vendors)))
    published.run("site", "publish", path)
    with published.serving():
        address = f"http://127.0.0.1:{published.port}"
        with httpx.Client(base_url=address) as client:
            yield client


def test_the_pages_of_a_very_large_notice_are_small_to_transfer(browser):
    pages = {path: loaded(browser, path) for path in ("cookies", "preferences")}

    assert browser.get("/shop/cookies").text.count('role="row"') > COOKIES
    assert {path: size for path, size in pages.items() if size > MOST_BYTES} == {}


def loaded(browser, path):
    """Return how many bytes a page and all that it loads have on their way."""
    page, size = sent(browser, f"/shop/{path}")
    parts = LOADED.findall(page)
    assert parts
    return size + sum(sent(browser, part)[1] for part in parts)


def sent(browser, path):
    """Return a text, and how many bytes its body has; only tiny ones go as they are."""
    headers = {"Accept-Encoding": "gzip, br"}
    with browser.stream("GET", path, headers=headers) as answer:
        body = b"".join(answer.iter_raw())
    assert answer.status_code == 200
    if len(body) < TINY_BYTES and "Content-Encoding" not in answer.headers:
        return body.decode(), len(body)
    return brotli.decompress(body).decode(), len(body)

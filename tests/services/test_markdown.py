import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consent.domain.revisions import Passage
from consent.services import markdown


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ("a <b onclick='x()'>b</b>", "&lt;b onclick"),
        ("[a](javascript:alert(1))", "[a](javascript:alert(1))"),
        ("[a](data:text/html,x)", "[a](data:text/html,x)"),
        ("[a](vbscript:x)", "[a](vbscript:x)"),
        ("[a](JavaScript:alert(1))", "[a](JavaScript:alert(1))"),
        ("<javascript:alert(1)>", "&lt;javascript:"),
        ("![a](https://tracker.example/pixel.gif)", '!<a href="https://tracker'),
    ],
)
def test_markup_scripts_and_images_of_the_source_stay_text(source, expected):
    html = markdown.html(source)

    assert expected in html
    assert "<script" not in html
    assert "<img" not in html
    assert "<b" not in html


PIECES = [
    "[a](",
    ")",
    "<",
    ">",
    "http://",
    "//",
    "[",
    "]",
    "javascript:",
    "*",
    "\n",
    "`",
]
LINK = re.compile(r"""<a href="(?!(?i:javascript|data|vbscript):)[^"<>]*"[^<>]*>""")


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3)))
def test_no_text_brings_in_any_other_markup(pieces):
    html = markdown.html("".join(pieces), "https://consent.example/shop/privacy")

    tags = re.findall(r"<a[^>]*>", html)
    known = r"</?(a|p|h[2-6]|ul|ol|li|em|strong|code|pre|hr|br|blockquote)\b"
    assert len(re.findall(known, html)) == html.count("<")
    assert all(LINK.fullmatch(tag) for tag in tags)


def test_links_lead_where_they_say_and_tell_no_other_site_whence():
    html = markdown.html(
        "[a](cookies) [b](mailto:a@b.example) [c](https://c.example/)",
        "https://consent.example/shop/privacy",
    )

    assert '<a href="https://consent.example/shop/cookies" rel="noreferrer">' in html
    assert '<a href="mailto:a@b.example">' in html
    assert '<a href="https://c.example/" rel="noreferrer">' in html
    assert '<a href="cookies">' in markdown.html("[a](cookies)")


@pytest.mark.parametrize("first", ["#", "###"])
def test_headings_begin_below_that_of_the_page(first):
    html = markdown.html(f"{first} One\n\n{first}# Two")

    assert "<h2>One</h2>" in html
    assert "<h3>Two</h3>" in html


def test_tables_are_tables():
    assert "<td>30 days</td>" in markdown.html("|a|b|\n|-|-|\n|Images|30 days|")


def test_passages_are_what_people_read():
    text = """\
# Title

Some *words* and
a [link](https://there.example/) and a [page](cookies).

- A point
- Another

***

    code

Last.
"""

    assert markdown.passages(text) == (
        Passage("h2", "Title"),
        Passage("p", "Some words and a link (https://there.example/) and a page."),
        Passage("li", "A point"),
        Passage("li", "Another"),
        Passage("p", "code\n"),
        Passage("p", "Last."),
    )

"""A link in a mail: one click, one confirmation, and nothing for whoever only looks."""

from datetime import UTC, datetime, timedelta

import pytest

from consent.services import links, subjects
from consent.services.notices import publish
from tests.accounts import ANN, Vouching
from tests.factories import OTHER_ORIGIN, SECRET, SITE, body, make_notice
from tests.web.asking import post, record, size

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def runtime_of(app):
    return app.extensions["consent"]


@pytest.fixture
def site(runtime_of):
    return Vouching(runtime_of)


@pytest.fixture
def link(site):
    """Return the address of a link for somebody who allowed two purposes."""
    site.choose(ANN, analytics="granted", marketing="granted")
    return made(site.runtime)


def made(runtime, subject=ANN, days=1):
    expires = datetime.now(UTC) + timedelta(days=days)
    address = links.withdrawal_link(runtime, SITE, subject, expires)
    return address.removeprefix("https://consent.example")


def newest(runtime, subject=ANN):
    return subjects.history(runtime, SITE, subject)[0]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_whoever_only_looks_changes_nothing(client, link, runtime_of, method):
    before = size(runtime_of)

    answer = client.open(link, method=method)

    assert answer.status_code == 200
    assert size(runtime_of) == before


def test_the_page_asks_with_one_button_and_needs_no_cookie(client, link, runtime_of):
    page = client.get(link)
    done = client.post(link)

    assert page.text.count("<button") == 1
    assert "Nothing happens before you press the button." in page.text
    assert "Set-Cookie" not in page.headers
    assert "Set-Cookie" not in done.headers
    assert "Consent withdrawn" in done.text
    record = newest(runtime_of)
    assert record.action == "withdrawn"
    assert {made.decision for made in record.decisions.values()} == {
        "refused",
        "objected",
    }


def test_a_mail_program_withdraws_by_one_click(client, link, runtime_of):
    """RFC 8058: a POST with this body, and without anything else."""
    answer = client.post(link, data=ONE_CLICK)

    assert answer.status_code == 200
    assert newest(runtime_of).action == "withdrawn"


def test_pressing_twice_is_withdrawing_once(client, link, runtime_of):
    client.post(link)
    before = size(runtime_of)

    again = client.post(link)

    assert again.status_code == 200
    assert size(runtime_of) == before


def test_what_was_allowed_again_since_is_withdrawn_as_well(client, link, site):
    client.post(link)
    site.choose(ANN, analytics="granted", after=newest(site.runtime).number)

    client.post(link)

    assert newest(site.runtime).decisions["analytics"].decision == "refused"


def test_a_link_for_a_browser_is_made_by_any_number_of_its_records(client, runtime_of):
    answer = record(client, {"analytics": "granted"})
    subject = subjects.subject_of_record(runtime_of, SITE, answer["number"])
    record(client, {"marketing": "granted"}, after=answer["number"])

    client.post(made(runtime_of, subject))

    secret = subjects.holder(runtime_of, SITE, SECRET)
    assert newest(runtime_of, secret).action == "withdrawn"


def test_it_speaks_the_language_of_the_newest_answer(client, site):
    site.choose(ANN, analytics="granted")

    page = client.get(made(site.runtime).replace("lang=en", "lang=de"))

    assert "Alles widerrufen" in page.text


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("fault", ["too old", "damaged", "of another site"])
def test_a_link_that_is_no_good_is_a_clear_page(
    client, link, runtime_of, fault, method
):
    publish(runtime_of, make_notice(site="other", origins=[OTHER_ORIGIN]))
    granted = body({"analytics": "granted"})
    post(client, "records", granted, origin=OTHER_ORIGIN, site="other")
    address = {
        "too old": made(runtime_of, days=-1),
        "damaged": link.replace("?", "A?"),
        "of another site": link.replace("/shop/", "/other/"),
    }[fault]
    before = size(runtime_of)

    answer = client.open(address, method=method)

    assert answer.status_code == 410
    assert "This link no longer works" in answer.text
    assert 'href="/' in answer.text
    assert "preferences" in answer.text
    assert size(runtime_of) == before


def test_a_link_to_what_was_erased_is_no_good(client, link, runtime_of):
    subjects.erase(runtime_of, SITE, ANN)

    assert client.get(link).status_code == 410
    assert client.post(link).status_code == 410


def test_a_link_signed_by_an_older_secret_still_works(client, link, runtime_of, app):
    """Mails are read late: rotating the secrets of pages must not break their links."""
    settings = runtime_of.settings
    rotated = (*settings.secret_keys, "fedcba9876543210" * 2)
    object.__setattr__(settings, "secret_keys", rotated)

    assert client.post(link).status_code == 200

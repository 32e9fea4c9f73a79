"""Same key and same body, the same answer: whatever was published in between."""

from dataclasses import replace

import pytest
from msgspec import convert

from consent.services.bodies import ChoiceRequest, WithdrawalRequest
from consent.services.choices import record_choice, withdraw
from consent.services.notices import publish
from consent.services.runtime import Runtime
from tests.factories import SITE, body, fresh_key, make_notice, site_file

GRANT = {"analytics": "granted"}

LATER_NOTICES = {
    "other words": {"privacy_policy": "https://shop.example/privacy"},
    "laxer regime": {"regime": "opt-out"},
    "other locale first": {"locales": ["de", "en"]},
    "fewer purposes": {"purposes": site_file()["purposes"][:1], "vendors": []},
}
after_each_notice = pytest.mark.parametrize(
    "changes", LATER_NOTICES.values(), ids=LATER_NOTICES.keys()
)


@pytest.fixture
def service(onlooker):
    onlooker.follower.poll()
    return onlooker


@after_each_notice
def test_a_choice_sent_again_gets_the_same_answer(service, ledger, changes):
    asked = convert(body(GRANT), ChoiceRequest)
    first = record_choice(service, SITE, asked)
    publish(service, make_notice(**changes))

    again = record_choice(service, SITE, asked)

    assert again == first
    assert len(ledger()) == 3


@after_each_notice
def test_a_withdrawal_sent_again_gets_the_same_answer(service, ledger, changes):
    granted = record_choice(service, SITE, convert(body(GRANT), ChoiceRequest))
    asked = WithdrawalRequest(
        token=granted.token, key=fresh_key(), purposes=["analytics"]
    )
    first = withdraw(service, SITE, asked)
    publish(service, make_notice(**changes))

    again = withdraw(service, SITE, asked)

    assert again == first
    assert len(ledger()) == 4


def test_a_choice_on_a_notice_that_arrives_just_now_is_recorded(service):
    """The banner may have come from a process that knows of it a moment earlier."""
    other = Runtime.open(replace(service.settings, poll_seconds=60))
    publish(service, make_notice(term_days=30))
    asked = convert(body(GRANT, notice=2), ChoiceRequest)

    answer = record_choice(other, SITE, asked)

    other.close()
    assert service.ledger(SITE).record(answer.number).notice == 2

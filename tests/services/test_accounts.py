"""Accounts act by proofs, are found by their HMAC, and are erased like anybody."""

import pytest
from sqlalchemy import update

from consent.domain.vocabulary import Action
from consent.errors import InvalidAccountProof, InvalidChoice
from consent.services import accounts, apikeys, choices, subjects
from consent.services.bodies import ChoiceRequest, HeadRequest, WithdrawalRequest
from consent.services.notices import publish
from consent.store import tables
from tests.accounts import ANN, BOB, Vouching, with_a_new_vendor
from tests.factories import SITE, fresh_key, make_notice


@pytest.fixture
def site(shop):
    return Vouching(shop)


def head(site, secret, **changes):
    return choices.head(site.runtime, SITE, HeadRequest(secret=secret, **changes))


def test_an_account_has_one_answer_wherever_it_is_logged_in(site):
    site.choose(analytics="granted")
    newest = site.choose(marketing="granted", after=1)

    found = head(site, site.proof())

    assert found.number == newest.number
    assert found.decisions == {"analytics": "granted", "marketing": "granted"}


def test_a_no_of_an_account_is_its_own_so_that_it_follows(site):
    site.choose(analytics="refused", marketing="refused")

    assert head(site, site.proof()).decisions["analytics"] == "refused"


def test_an_account_that_never_answered_has_an_empty_answer(site):
    found = head(site, site.proof())

    assert (found.token, found.number, found.decisions) == (None, None, {})


def test_accounts_are_apart(site):
    site.choose(ANN, analytics="granted")

    assert head(site, site.proof(BOB)).number is None


def test_a_grant_from_a_browser_that_did_not_see_the_withdrawal_comes_too_late(site):
    given = site.choose(analytics="granted")
    asked = WithdrawalRequest(token=given.token, key=fresh_key())
    choices.withdraw(site.runtime, SITE, asked)

    late = site.choose(analytics="granted", after=given.number)

    assert late.decisions["analytics"] == "refused"
    newest = subjects.history(site.runtime, SITE, ANN)
    assert [record.account for record in newest] == [True, True, True]


def test_the_same_choice_sent_again_with_a_fresh_proof_is_the_same_record(site):
    asked = {"key": fresh_key(), "notice": 1, "decisions": {"analytics": "granted"}}
    numbers = [
        choices.record_choice(
            site.runtime,
            SITE,
            ChoiceRequest(
                **asked, how="banner", locale="en", secret=site.proof(seconds=seconds)
            ),
        ).number
        for seconds in (60, 120)
    ]

    assert numbers[0] == numbers[1]


def test_a_revoked_key_vouches_for_nobody_at_once(site):
    proof = site.proof()
    apikeys.revoke(site.runtime, site.key.id)

    with pytest.raises(InvalidAccountProof):
        head(site, proof)


def test_a_key_of_before_accounts_signs_nothing(site):
    """Its public half is not known: it has to be made anew."""
    with site.runtime.database.writing() as connection:
        connection.execute(update(tables.api_key).values(public=None))

    with pytest.raises(InvalidAccountProof, match="no API key of shop that signs"):
        head(site, site.proof())


def test_a_key_of_another_site_vouches_for_nobody(site):
    publish(site.runtime, make_notice(site="other"))
    _, text = apikeys.add(site.runtime, "other", "accounts")
    site.api_key = text

    with pytest.raises(InvalidAccountProof):
        head(site, site.proof())


def test_an_account_is_erased_by_its_proof_like_anybody(site):
    site.choose(analytics="granted")
    site.choose(BOB, analytics="granted")
    subject = subjects.holder(site.runtime, SITE, site.proof())

    erasure = subjects.erase(site.runtime, SITE, subject)

    assert erasure.numbers == (1,)
    assert head(site, site.proof()).number is None
    assert head(site, site.proof(BOB)).number == 2


def test_who_answered_before_a_material_change_is_to_be_notified(site):
    site.choose(ANN, analytics="granted")
    site.choose(BOB, analytics="granted")
    publish(site.runtime, with_a_new_vendor())
    site.choose(BOB, notice=2, after=2, analytics="granted")

    version = accounts.newest_material(site.runtime, SITE)
    told = list(accounts.to_notify(site.runtime, SITE, version))

    assert version == 2
    assert [(one.account, one.notice) for one in told] == [(ANN.hex(), 1)]


def test_only_accounts_can_be_notified(site):
    asked = ChoiceRequest(
        key=fresh_key(),
        notice=1,
        decisions={"analytics": "granted"},
        how="banner",
        locale="en",
        secret="0" * 32,
    )
    choices.record_choice(site.runtime, SITE, asked)

    assert list(accounts.to_notify(site.runtime, SITE, 2)) == []


def test_counting_tells_how_far_it_is(site):
    site.choose(ANN, analytics="granted")
    seen = []

    list(accounts.to_notify(site.runtime, SITE, 2, lambda *done: seen.append(done)))

    assert seen[-1] == (1, 1)


@pytest.mark.parametrize("text", ["", "a0", "x" * 32])
def test_what_is_no_account_is_told(text):
    with pytest.raises(InvalidChoice, match="32 hexadecimal digits"):
        accounts.named(text)


def test_a_withdrawal_of_an_account_says_that_it_is_one(site):
    site.choose(analytics="granted")
    choices.withdraw_as_subject(
        site.runtime, SITE, secret=site.proof(), key=fresh_key(), locale="en"
    )

    newest = subjects.history(site.runtime, SITE, ANN)[0]

    assert (newest.action, newest.account) == (Action.WITHDRAWN, True)

"""An upgrade that changes the script: the same version is published again, once."""

from functools import partial

import msgspec

from consent.domain.entries import Publication, subject_of
from consent.domain.receipts import verify
from consent.services import choices, notices, receipts
from consent.services.bodies import ChoiceRequest, HeadRequest
from consent.services.checks import may_fire
from consent.services.preferences import preferences
from consent.services.runtime import Runtime
from tests.factories import SECRET, SITE, body, make_notice
from tests.store.concurrency import together

GRANT = {"analytics": "granted"}


def choose(runtime, made=GRANT, **changes):
    return choices.record_choice(
        runtime, SITE, msgspec.convert(body(made, **changes), ChoiceRequest)
    )


def publications(runtime):
    entries = runtime.ledger(SITE).entries()
    return [found for _, found in entries if isinstance(found, Publication)]


def test_an_upgrade_publishes_the_same_version_again_once(shop, upgraded):
    later = upgraded("banner.js")

    renewed, failures = notices.renew(later)
    again, _ = notices.renew(later)

    assert [(one.version, one.number, one.renews) for one in renewed] == [(1, 1, 0)]
    assert again == failures == []
    first, second = publications(shop)
    assert first.notice == second.notice
    assert first.scripts["en"].config == second.scripts["en"].config
    assert first.scripts["en"].sha256 != second.scripts["en"].sha256


def test_several_processes_that_start_at_once_publish_once(shop, settings, release):
    folder = release("banner.js")
    processes = [Runtime.open(settings, folder) for _ in range(4)]

    together(*(partial(notices.renew, process) for process in processes))

    for process in processes:
        process.close()
    assert [one.number for one in publications(shop)] == [0, 1]


def test_an_upgrade_never_brings_an_older_notice_back(shop, upgraded):
    """What another process published meanwhile is what is published again."""
    later = upgraded("banner.js")
    notices.publish(shop, make_notice(term_days=30))

    notices.renew(later)

    newest = publications(shop)[-1]
    assert (newest.version, newest.notice.term_days) == (2, 30)


def test_nobody_is_asked_again_and_tokens_stay_good(shop, upgraded):
    before = choose(shop)

    notices.renew(upgraded("banner.js"))
    shop.follower.poll()

    assert may_fire(shop, SITE, [before.token], "analytics", None, gpc=False).allowed
    assert choices.head(shop, SITE, HeadRequest(secret=SECRET)).token == before.token
    stands = preferences(shop, SITE, SECRET, refused={"marketing": 1}, gpc=False)
    assert stands.standing("analytics").verdict.reason == "granted"
    assert stands.standing("marketing").verdict.reason == "refused"


def test_choices_go_on_under_the_version_they_know(shop, upgraded):
    notices.renew(upgraded("banner.js"))

    answer = choose(shop)
    shop.follower.poll()

    assert shop.ledger(SITE).record(answer.number).notice == 1
    assert may_fire(shop, SITE, [answer.token], "analytics", None, gpc=False).allowed


def test_a_receipt_from_before_an_upgrade_is_proven_after_it(shop, upgraded):
    """The notice that it holds has to precede it."""
    number = choose(shop).number
    later = upgraded("banner.js")
    notices.renew(later)

    subject = subject_of(SITE, bytes.fromhex(SECRET))
    receipt = receipts.receipt(later, SITE, number, subject)

    assert receipt.publication.number == 0
    assert verify(receipt.document).record.number == number

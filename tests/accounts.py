"""A site that vouches for its accounts."""

import time

from consent.domain import accounts
from consent.domain.vocabulary import Decision, How
from consent.services import apikeys, choices
from consent.services.bodies import ChoiceRequest
from tests.factories import SITE, fresh_key, make_notice, site_file, vendor

ANN = bytes.fromhex("a0" * 16)
BOB = bytes.fromhex("b0" * 16)


def with_a_new_vendor():
    """Return the test site's notice with one vendor more, about which it has to ask."""
    vendors = [*site_file()["vendors"], vendor("new", "analytics")]
    return make_notice(vendors=vendors)


class Vouching:
    """A site with an API key, and what its accounts choose."""

    def __init__(self, runtime):
        self.runtime = runtime
        self.key, self.api_key = apikeys.add(runtime, SITE, "accounts")

    def proof(self, account=ANN, seconds=600, site=SITE):
        """Return the proof that an account is logged in."""
        return accounts.prove(site, self.api_key, account, int(time.time()) + seconds)

    def choose(self, account=ANN, *, notice=1, after=None, **decisions):
        """Record a choice of an account."""
        asked = ChoiceRequest(
            key=fresh_key(),
            notice=notice,
            decisions={name: Decision(word) for name, word in decisions.items()},
            how=How.BANNER,
            locale="en",
            secret=self.proof(account),
            after=after,
        )
        return choices.record_choice(self.runtime, SITE, asked)

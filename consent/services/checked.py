"""The checks that this process answers itself, counted for each site."""

import secrets

from consent.domain.tallies import Batches
from consent.store.follower import Follower


class Checked(dict[str, Batches]):
    """What was checked here, by site."""

    def __init__(self, follower: Follower) -> None:
        super().__init__()
        self._follower = follower

    def __missing__(self, site: str) -> Batches:
        def is_known(purpose: str) -> bool:
            return self._follower.state(site).has_purpose(purpose)

        return self.setdefault(site, Batches(secrets.token_hex(16), is_known))

"""What a gateway asks the service over HTTP."""

import msgspec
import urllib3

from consent.domain import feed
from consent.domain.feed import Changes, Snapshot, StatusList, unpack_statuses
from consent.domain.reports import Report
from consent.errors import SnapshotNeeded, Unavailable

TIMEOUT = urllib3.Timeout(connect=2, read=5)
_GONE = 410
_OK = 200
_TAKEN = 204


class Service:
    """One site of a service, as gateways see it; keeps its connection open."""

    def __init__(self, url: str, site: str, api_key: str | None = None) -> None:
        self._key = api_key
        self._base = f"{url.rstrip('/')}/v1/{site}"
        self._pool = urllib3.PoolManager(
            maxsize=1, timeout=TIMEOUT, retries=False, headers={"Accept": "*/*"}
        )

    def snapshot(self) -> Snapshot:
        """Return the state without its status lists; raises Unavailable."""
        return self._get("state", Snapshot)

    def status_list(self, index: int) -> bytes:
        """Return the bytes of one status list; raises Unavailable."""
        try:
            return unpack_statuses(self._get(f"status/{index}", StatusList))
        except ValueError as exc:
            raise Unavailable(str(exc)) from exc

    def changes(self, after: int) -> Changes:
        """Return what happened after a number; raises SnapshotNeeded, Unavailable."""
        return self._get(f"changes?after={after}", Changes)

    def report(self, gateway: str, report: Report) -> None:
        """Have a report taken in; raises Unavailable if it perhaps was not."""
        try:
            answer = self._pool.request(
                "POST",
                f"{self._base}/gateways/{gateway}",
                body=msgspec.json.encode(report),
                headers={
                    "Authorization": f"Bearer {self._key}",
                    "Content-Type": "application/json",
                },
                redirect=False,
            )
        except (urllib3.exceptions.HTTPError, OSError) as exc:
            raise Unavailable(f"the service cannot be told: {exc}") from exc
        if answer.status != _TAKEN:
            raise Unavailable(f"the service answers {answer.status}")

    def close(self) -> None:
        """Close the connection."""
        self._pool.clear()

    def _get(self, path: str, kind: type[feed.Told]) -> feed.Told:
        try:
            answer = self._pool.request("GET", f"{self._base}/{path}", redirect=False)
            if answer.status == _GONE:
                raise SnapshotNeeded("the service tells no changes from there on")
            if answer.status != _OK:
                raise Unavailable(f"the service answers {answer.status}")
            return feed.read(answer.data, kind)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as exc:
            raise Unavailable(f"the service cannot be followed: {exc}") from exc

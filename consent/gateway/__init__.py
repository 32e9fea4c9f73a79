"""The gateway SDK: ask before firing, in process, by a site state followed over HTTP.

It needs none of the server's packages.
"""

from consent.domain.checks import Verdict
from consent.domain.vocabulary import Reason
from consent.gateway.gateway import Gateway

__all__ = ["Gateway", "Reason", "Verdict"]

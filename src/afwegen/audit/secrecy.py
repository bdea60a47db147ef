"""Whether a stored session is secret, as its entries say it: a file of it then holds no openings unless asked for."""

from afwegen.log import canonical
from afwegen.stores.contract import Store

__all__ = ["is_secret"]

_DECLARED = b'"type":"disclosure-declared/1"'


def is_secret(store: Store, session: str) -> bool:
    """
    Say whether a session promised to show no single judgement.

    Raises:
        UnknownSession: The store does not hold it.
    """
    # Only the few entries that may say so are parsed: what people wrote is never in an entry.
    declared = [canonical.parse(stored.entry) for stored in store.read(session) if _DECLARED in stored.entry]
    return bool(declared) and declared[-1]["fields"]["disclosure"] == "secret"

"""Who stands behind which pseudonym, and how somebody goes of whom the vault no longer says who it is."""

from __future__ import annotations

from typing import Final

import attrs
from attrs import frozen
from rpds import HashTrieMap

__all__ = ["NAMELESS", "NOBODY", "USUAL", "VOICE", "People", "is_erased"]

USUAL: Final = "p_"
"""How the usual pseudonym of somebody begins."""
VOICE: Final = "j_"
"""How the pseudonym begins that somebody has in one round of a secret session."""
NAMELESS: Final = "~"
"""How somebody goes whom the vault no longer names: this, and the pseudonym."""

EMPTY: Final[HashTrieMap[str, str]] = HashTrieMap()


@frozen(kw_only=True)
class People:
    """
    Who stands behind which pseudonym, as far as the vault still says.

    Attributes:
        keys: By pseudonym, the key by which the host knows the person.
        pseudonyms: By key, the usual pseudonym.
        voices: By key and round, the pseudonym in that round of a secret session.
    """

    keys: HashTrieMap[str, str] = EMPTY
    pseudonyms: HashTrieMap[str, str] = EMPTY
    voices: HashTrieMap[tuple[str, str], str] = HashTrieMap()  # noqa: RUF009 - it cannot be changed

    def with_person(self, pseudonym: str, key: str) -> People:
        """Return the book with one more pseudonym in it."""
        known = attrs.evolve(self, keys=self.keys.insert(pseudonym, key))
        if pseudonym.startswith(VOICE):
            return known
        return attrs.evolve(known, pseudonyms=self.pseudonyms.insert(key, pseudonym))

    def with_voice(self, pseudonym: str, key: str, voice: str) -> People:
        """Return the book with a pseudonym that somebody has in one round of a secret session."""
        return attrs.evolve(self.with_person(pseudonym, key), voices=self.voices.insert((key, voice), pseudonym))

    def pseudonym(self, key: str, voice: str | None = None) -> str | None:
        """Return the pseudonym of a person, in a round or the usual one; None where the log shows none yet."""
        return self.pseudonyms.get(key) if voice is None else self.voices.get((key, voice))

    def pseudonyms_of(self, key: str) -> tuple[str, ...]:
        """Return every pseudonym of somebody, in any round: what an erasure has to reach."""
        return tuple(sorted(pseudonym for pseudonym, known in self.keys.items() if known == key))

    def key(self, pseudonym: str) -> str:
        """Return the key behind a pseudonym; the pseudonym itself, marked, where the vault no longer says."""
        return self.keys.get(pseudonym) or f"{NAMELESS}{pseudonym}"


NOBODY: Final = People()


def is_erased(key: str) -> bool:
    """
    Say whether this is how somebody goes of whom the vault no longer says who it is.

    >>> is_erased("~p_3f"), is_erased("anna")
    (True, False)
    """
    return key.startswith(NAMELESS)

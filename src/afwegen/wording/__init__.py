"""What the library says to people, in English and Dutch: plain sentences under a name."""

from typing import Final

from afwegen.errors import AfwegenError
from afwegen.wording import advice

__all__ = ["LANGUAGES", "SENTENCES", "say"]

LANGUAGES: Final = ("en", "nl")
SENTENCES: Final[dict[str, dict[str, str]]] = {f"advice.{rule}": said for rule, said in advice.SENTENCES.items()}
"""By name, the sentence in each language; ``{...}`` takes a value."""


def say(name: str, language: str = "en", **values: str) -> str:
    """
    Return a sentence in a language, with its values filled in.

    Raises:
        AfwegenError: The language or the sentence is not known.

    >>> say("advice.too-few", "nl", count="6", setting="10")
    'Er doen 6 mensen mee; de methode raadt minstens 10 aan.'
    """
    if language not in LANGUAGES:
        raise AfwegenError("this language is not spoken here", f"choose from {', '.join(LANGUAGES)}", language)
    said = SENTENCES.get(name)
    if said is None:
        raise AfwegenError("there is no such sentence", "see afwegen.wording.SENTENCES", name)
    return said[language].format(**values)

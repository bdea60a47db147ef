"""The clock of the story: it shows the moment the story has come to, not the moment it is told."""

from datetime import UTC, datetime, timedelta
from typing import Final

__all__ = ["Clock"]

BETWEEN_TWO_LOOKS: Final = timedelta(seconds=20)


class Clock:
    """
    A clock that is turned by hand, and goes on a little at every look.

    >>> clock = Clock("2016-09-13T09:00+02:00")
    >>> clock(), clock()
    (datetime.datetime(2016, 9, 13, 7, 0, 20, tzinfo=datetime.timezone.utc),
     datetime.datetime(2016, 9, 13, 7, 0, 40, tzinfo=datetime.timezone.utc))
    """

    def __init__(self, moment: str) -> None:
        self.turn_to(moment)

    def turn_to(self, moment: str) -> None:
        """Set the hands to a moment, written as ``"2016-09-13T09:00+02:00"``."""
        self._moment = datetime.fromisoformat(moment).astimezone(UTC)

    def __call__(self) -> datetime:
        """Return the moment it is now in the story."""
        self._moment += BETWEEN_TWO_LOOKS
        return self._moment

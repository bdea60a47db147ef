"""An event with its envelope: who, in which role, for whom, when, and through which channel."""

from datetime import UTC, datetime
from typing import Any, Generic, Literal, TypeVar

from attrs import frozen

from afwegen.errors import CodecError
from afwegen.events.declaration import event_type
from afwegen.method import Role

__all__ = ["Channel", "Record", "milliseconds", "not_before", "to_the_minute"]

Channel = Literal["live", "paper", "oral", "async"]
E_co = TypeVar("E_co", covariant=True)


# Without slots: a frozen class is then made faster, and records are made by the hundred thousand.
@frozen(kw_only=True, slots=False)
class Record(Generic[E_co]):
    """
    One act, as it stands in the log; a proposal is a record not yet stored.

    Attributes:
        session: The id of the session.
        seq: Its place in the log, from 0, without gaps.
        event: What happened.
        happened_at: When it happened, UTC in milliseconds.
        recorded_at: When it was entered, UTC in milliseconds.
        by: The key of who entered it; a pseudonym (``~p_...``) once they were erased.
        role: The role in which the author acts.
        on_behalf_of: The key of the person it was entered for, if not for oneself.
        subgroup: The subgroup it was entered for, if any.
        channel: How it came in.
        meeting: The meeting that was open, if any.
    """

    session: str
    seq: int
    event: E_co
    happened_at: datetime
    recorded_at: datetime
    by: str
    role: Role
    on_behalf_of: str | None = None
    subgroup: str | None = None
    channel: Channel = "live"
    meeting: str | None = None

    @property
    def type(self) -> str:
        """Return the type name, as on disk."""
        return event_type(self.event).name

    @property
    def author(self) -> str:
        """Return whose words these are: a subgroup's, somebody's for whom they were entered, or who entered them."""
        return self.subgroup or self.on_behalf_of or self.by

    @property
    def entered_later(self) -> bool:
        """Say whether it was entered after the fact, through paper or from memory."""
        return self.happened_at < self.recorded_at and self.channel in {"paper", "oral"}


def milliseconds(moment: Any) -> datetime:
    """
    Return a moment in UTC, cut to milliseconds, as the log keeps it.

    Raises:
        CodecError: *moment* is no datetime with a time zone.
    """
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise CodecError("a moment has a time zone", "give an aware datetime", moment)
    utc: datetime = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def to_the_minute(moment: datetime) -> datetime:
    """Return the minute in which something happened, by its beginning."""
    return moment.replace(second=0, microsecond=0)


def not_before(moment: datetime, beginning: datetime) -> bool:
    """Say whether something can have happened since a beginning; told to the minute, it may have been later in it."""
    return moment >= (to_the_minute(beginning) if moment == to_the_minute(moment) else beginning)

"""What is the association's own: the rooms that groups meet in."""

from typing import ClassVar

from django.db import models


class Booking(models.Model):
    """A room for a decision session; the session itself is kept by afwegen, in the same database."""

    session = models.CharField(max_length=64, unique=True)
    room = models.CharField(max_length=100)
    reports = models.PositiveIntegerField(default=0)

    class Meta:
        """Who may see all sessions, whoever takes part in them."""

        permissions: ClassVar = [("see_all_sessions", "Can see all sessions")]

    def __str__(self) -> str:
        """Return the room."""
        return self.room

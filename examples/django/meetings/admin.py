"""In Django's admin: the rooms, and a page that lists all sessions for whoever may see them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path

from meetings import sessions
from meetings.models import Booking


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin):
    """The rooms, with the list of sessions behind a permission of its own."""

    list_display = ("room", "session", "reports")
    change_list_template = "meetings/change_list.html"

    def get_urls(self) -> list[Any]:
        """Return the pages of the admin, and one more."""
        listing = path("sessions/", self.admin_site.admin_view(self.all_sessions), name="all_sessions")
        return [listing, *super().get_urls()]

    def all_sessions(self, request: HttpRequest) -> HttpResponse:
        """List every session with its step, whether or not a room was booked for it."""
        if not request.user.has_perm("meetings.see_all_sessions"):
            raise PermissionDenied
        rooms = dict(Booking.objects.values_list("session", "room"))
        # A session is read from its beginning here; for thousands of them keep a projection instead.
        states = [(head.id, sessions.load(head.id).state) for head in sessions.store().sessions()]
        rows = [(key, state, rooms.get(key, "")) for key, state in states]
        page = {**self.admin_site.each_context(request), "title": "All sessions", "rows": rows}
        return TemplateResponse(request, "meetings/all_sessions.html", page)

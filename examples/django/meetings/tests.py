"""What the example promises: ``python manage.py test``, on the database that the settings name."""

from unittest.mock import patch

from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.test import TransactionTestCase
from django.urls import reverse

from afwegen.errors import StoreError
from afwegen.events import ParticipantInvited, RoundClosed, RoundOpened
from meetings import sessions
from meetings.models import Booking

FORM = {"title": "Complex A", "area": "Municipality X", "room": "Community centre"}
PROBLEM = {"statement": "Noise at night", "why": "we lie awake"}


class Pages(TransactionTestCase):
    """With real transactions: a test case of Django's that wraps everything in one would hide what matters."""

    def setUp(self) -> None:
        """Make two people, and sign the first in."""
        self.jochum = User.objects.create_user("jochum")
        self.anna = User.objects.create_user("anna")
        self.client.force_login(self.jochum)

    def begun(self) -> str:
        """Begin a session by the page, and return its id."""
        return self.client.post(reverse("begin"), FORM).url.split("/")[2]

    def all_ids(self) -> set[str]:
        """Return the ids of everything in the store."""
        return {head.id for head in sessions.store().sessions()}

    def test_a_session_and_its_room_are_kept_together(self) -> None:
        """By one page."""
        self.assertContains(self.client.get(reverse("begin")), "Begin a session")
        key = self.begun()

        assert Booking.objects.get(session=key).room == "Community centre"
        assert sessions.load(key).state.length == 3

    def test_when_the_room_fails_there_is_no_session(self) -> None:
        """Neither is kept when the host's own row cannot be written."""
        before = self.all_ids()
        full = patch.object(Booking.objects, "create", side_effect=DatabaseError("the disk is full"))
        with full, self.assertRaisesMessage(DatabaseError, "the disk is full"):
            self.client.post(reverse("begin"), FORM)

        assert self.all_ids() == before
        assert Booking.objects.count() == 0

    def test_when_the_act_is_refused_there_is_no_room(self) -> None:
        """Neither is kept when the method refuses, and the page says why."""
        before = self.all_ids()
        answer = self.client.post(reverse("begin"), {**FORM, "title": " "})

        self.assertContains(answer, "is blank", status_code=422)
        assert self.all_ids() == before
        assert Booking.objects.count() == 0

    def test_a_report_and_its_count_are_kept_together(self) -> None:
        """Both when it goes well; neither when the session refuses who asks."""
        key = self.begun()
        self.client.post(reverse("report", args=[key]), PROBLEM)
        self.client.force_login(self.anna)
        refused = self.client.post(reverse("report", args=[key]), PROBLEM, follow=True)

        self.assertContains(refused, 'role="alert"')
        assert Booking.objects.get(session=key).reports == 1
        assert len(sessions.load(key).state.inventory.problems) == 1

    def test_a_session_is_told_that_the_host_has_committed(self) -> None:
        """Not before; outside a transaction nothing is recorded at all."""
        with transaction.atomic():
            session = sessions.start(title="Complex B", area="Municipality X", by="jochum")
            assert session.unsettled == 1

        assert session.unsettled == 0
        with self.assertRaisesMessage(StoreError, "transaction.atomic"):
            session.record(ParticipantInvited(participant="anna", name="Anna", perspective="resident"), by="jochum")

    def test_a_blind_round_stays_blind(self) -> None:
        """The page shows a report to others when the round has closed."""
        key = self.begun()
        with transaction.atomic():
            sessions.load(key).record(RoundOpened(round="r", asks="problems", blind=True), by="jochum")
        self.client.post(reverse("report", args=[key]), PROBLEM)
        own = self.client.get(reverse("show", args=[key]))
        self.client.logout()
        blind = self.client.get(reverse("show", args=[key]))
        with transaction.atomic():
            sessions.load(key).record(RoundClosed(round="r"), by="jochum")

        self.assertContains(own, PROBLEM["statement"])
        self.assertNotContains(blind, PROBLEM["statement"])
        self.assertContains(self.client.get(reverse("show", args=[key])), PROBLEM["statement"])

    def test_an_unknown_session_is_not_found(self) -> None:
        """With 404."""
        assert self.client.get(reverse("show", args=["nowhere"])).status_code == 404

    def test_the_admin_lists_sessions_for_who_may_see_them(self) -> None:
        """Being staff is not enough."""
        key = self.begun()
        self.jochum.is_staff = True
        self.jochum.save()
        assert self.client.get(reverse("admin:all_sessions")).status_code == 403
        self.jochum.user_permissions.set(Permission.objects.filter(codename__in=["see_all_sessions", "view_booking"]))

        self.assertContains(self.client.get(reverse("admin:all_sessions")), reverse("show", args=[key]))
        self.assertContains(self.client.get(reverse("admin:meetings_booking_changelist")), "All sessions")

    def test_the_migrations_say_what_the_models_say(self) -> None:
        """Nothing was forgotten."""
        call_command("makemigrations", "--check", "--dry-run", verbosity=0)

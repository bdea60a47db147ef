"""The pages: begin a session and book a room, look at it, report a problem."""

from secrets import token_hex

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from afwegen import AfwegenError, UnknownSession
from afwegen.events import ParticipantInvited, ProblemReported, StepStarted
from meetings import sessions
from meetings.models import Booking


@login_required
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a session and book its room: both, or neither."""
    if request.method != "POST":
        return render(request, "meetings/begin.html")
    by, form = request.user.get_username(), request.POST
    try:
        with transaction.atomic():
            session = sessions.start(title=form["title"], area=form["area"], by=by)
            invited = ParticipantInvited(
                participant=by, name=request.user.get_full_name() or by, perspective="resident"
            )
            session.record(invited, StepStarted(step="inventory"), by=by)
            Booking.objects.create(session=session.id, room=form["room"])
    except AfwegenError as refusal:
        messages.error(request, refusal)
        return render(request, "meetings/begin.html", status=422)
    return redirect("show", key=session.id)


def show(request: HttpRequest, key: str) -> HttpResponse:
    """Show a session as its viewer may see it."""
    try:
        session = sessions.load(key)
    except UnknownSession as unknown:
        raise Http404(str(unknown)) from unknown
    seen = session.seen_by(sessions.viewer(session, request.user))
    page = {"session": session, "state": seen, "problems": seen.inventory.problems.values()}
    return render(request, "meetings/show.html", page)


@require_POST
@login_required
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Record a problem, and count it in a row of our own: both, or neither."""
    form = request.POST
    try:
        with transaction.atomic():
            problem = ProblemReported(
                problem=f"problem-{token_hex(4)}", statement=form["statement"], why=form["why"], owner="residents"
            )
            session = sessions.load(key)
            session.record(problem, by=request.user.get_username())
            transaction.on_commit(session.committed)
            Booking.objects.filter(session=key).update(reports=F("reports") + 1)
    except AfwegenError as refusal:
        messages.error(request, refusal)
    return redirect("show", key=key)

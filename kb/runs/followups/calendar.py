"""Follow-ups as a calendar file (RFC 5545): the day, the checklist and the way there, nothing that anybody typed.

Calendars lie on private telephones and are shared with others, so what was typed, which may name somebody, is left out.
"""

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from kb.runs.followups.models import FollowUp
from kb.web.addresses import external_url

LASTS = timedelta(minutes=30)


def calendar_of(found: Iterable[FollowUp]) -> bytes:
    """The file. An event keeps its UID for ever; `SEQUENCE` says that it was moved."""
    calendar = Calendar()
    calendar.add("prodid", "-//Rådrum//Uppföljningar//SV")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for follow_up in found:
        calendar.add_component(_event(follow_up))
    return bytes(calendar.to_ical())


def _event(follow_up: FollowUp) -> Event:
    address = external_url("runs.follow_up_show", public_id=follow_up.public_id)
    exercise = "ÖVNING: " if follow_up.run.is_exercise else ""
    event = Event()
    event.add("uid", f"uppfoljning-{follow_up.public_id}@radrum")
    event.add("dtstamp", follow_up.changed_at)
    event.add("dtstart", follow_up.due_at)
    event.add("duration", LASTS)
    event.add("sequence", follow_up.moves)
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    event.add("summary", f"{exercise}Uppföljning: {follow_up.run.title}")
    event.add("description", f"Logga in i Rådrum och läs vad som ska följas upp: {address}")
    event.add("url", address)
    return event

"""Pages that every capability may lead to, by endpoint. All others are named by the capability that has them, alone."""

from enum import StrEnum


class Landmark(StrEnum):
    """Endpoints known to all; templates write them out."""

    START = "desk.start_show"
    DESK = "desk.worklist_show"
    ADMINISTRATION = "desk.administration_show"
    EVENTS = "audit.event_index"

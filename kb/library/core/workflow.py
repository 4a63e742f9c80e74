"""The words that are stored of an item's life: its status, the states of its working copy, verdicts, ways.

And which step leads from one state to another.
"""

from enum import StrEnum

from kb.errors import Refused
from kb.text.labels import Labelled


class Status(Labelled):
    """What readers have of an item: nothing yet, the text, or the words that it was taken away."""

    DRAFT = "utkast", "Utkast"
    PUBLISHED = "publicerad", "Publicerad"
    WITHDRAWN = "borttagen", "Borttagen"


class State(Labelled):
    """Where the working copy is. REST: there is none, the published text is all."""

    REST = "vila", "Publicerad"
    DRAFT = "utkast", "Utkast"
    REVIEW = "granskning", "Till granskning"
    CHANGES = "andring", "Ändring begärd"
    APPROVED = "godkand", "Godkänd"


class Verdict(Labelled):
    """What a reviewer says to a revision."""

    APPROVED = "godkand", "Godkänd"
    CHANGES = "andring", "Ändring begärd"


class Origin(StrEnum):
    """Where a text came from: written here, loaded by people here, or shipped with the product."""

    WRITTEN = "redaktion"
    LOADED = "inlasning"
    SHIPPED = "radrum"


class Way(Labelled):
    """How a revision came about."""

    WRITTEN = "redaktion", "Skriven"
    LOADED = "inlasning", "Inläst"
    RESTORED = "aterstallning", "Äldre version hämtad"


class Course(StrEnum):
    """By which way something was published, taken over or taken away, as the audit log says it."""

    REVIEW = "granskning"
    LOADED = "inläsning"
    SHIPPED = "ny version från Rådrum"
    PUBLISHED = "publicerad"
    AS_DRAFT = "som utkast"
    AT_ONCE = "genast"
    CONFIRMED = "bekräftad"
    UNSAID = ""


class Outcome(StrEnum):
    """What became of a withdrawal. REPUBLISHED: the text came back through review."""

    OPEN = ""
    CONFIRMED = "bekraftad"
    DECLINED = "avslagen"
    TAKEN_BACK = "angrad"
    SUPERSEDED = "genast"
    PUT_BACK = "tillbakalagd"
    REPUBLISHED = "publicerad"


class Act(StrEnum):
    """What can be done to a working copy."""

    SAVE = "spara"
    SUBMIT = "skicka"
    APPROVE = "godkänna"
    REQUEST_CHANGES = "begära ändring"
    PUBLISH = "publicera"


STATE_NAMES = State.names()

TRANSITIONS: dict[tuple[State, Act], State] = {
    **{(state, Act.SAVE): State.DRAFT for state in State},
    (State.DRAFT, Act.SUBMIT): State.REVIEW,
    (State.CHANGES, Act.SUBMIT): State.REVIEW,
    (State.REVIEW, Act.APPROVE): State.APPROVED,
    (State.REVIEW, Act.REQUEST_CHANGES): State.CHANGES,
    (State.APPROVED, Act.REQUEST_CHANGES): State.CHANGES,
    (State.APPROVED, Act.PUBLISH): State.REST,
}


def after(state: str, act: Act) -> State:
    """The state that `act` leads to. Raises `Refused` when it is not possible from `state`."""
    try:
        return TRANSITIONS[State(state), act]
    except KeyError:
        name = STATE_NAMES[State(state)].lower()
        raise Refused(f"Det går inte att {act.value} nu: texten är i läget ”{name}”.") from None

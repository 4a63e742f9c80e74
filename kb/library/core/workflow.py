"""The states of a working copy and which step leads from one to another."""

from enum import StrEnum

from kb.errors import Refused


class State(StrEnum):
    """Where the working copy is. REST: there is none, the published text is all."""

    REST = "vila"
    DRAFT = "utkast"
    REVIEW = "granskning"
    CHANGES = "andring"
    APPROVED = "godkand"


class Act(StrEnum):
    """What can be done to a working copy."""

    SAVE = "spara"
    SUBMIT = "skicka"
    APPROVE = "godkänna"
    REQUEST_CHANGES = "begära ändring"
    PUBLISH = "publicera"


STATE_NAMES = {
    State.REST: "Publicerad",
    State.DRAFT: "Utkast",
    State.REVIEW: "Till granskning",
    State.CHANGES: "Ändring begärd",
    State.APPROVED: "Godkänd",
}

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

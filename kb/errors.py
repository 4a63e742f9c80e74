"""What can go wrong in a way that a person should be told about. Messages are Swedish and shown as they are."""

from typing import Any


class RadrumError(Exception):
    """Base of all errors with a message for the reader."""

    message = "Något gick fel."

    def __init__(self, message: str | None = None) -> None:
        self.message = message or type(self).message
        super().__init__(self.message)


class NotFound(RadrumError):
    """The thing does not exist, or the reader may not know that it does (404)."""

    message = "Sidan finns inte."


class Forbidden(RadrumError):
    """The reader is known but lacks the right (403)."""

    message = "Du har inte behörighet till det här."


class Gone(RadrumError):
    """The thing was withdrawn (410)."""

    message = "Texten är borttagen."


class Conflict(RadrumError):
    """Somebody else changed the thing first (409). `current` is what is stored now."""

    message = "Någon annan har ändrat under tiden."

    def __init__(self, message: str | None = None, current: Any = None) -> None:
        super().__init__(message)
        self.current = current


class Unreadable(RadrumError):
    """What is stored cannot be read: written by another version, or damaged (409). Costs its own page, never a list."""

    message = "Texten går inte att läsa: det som är lagrat är skadat."


class Invalid(RadrumError):
    """The input does not do (422). `field` names the field, `message` says what to do about it."""

    message = "Uppgiften går inte att använda."

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooMany(RadrumError):
    """Too many attempts (429). `retry_after` is in seconds."""

    message = "För många försök. Vänta en stund och försök igen."

    def __init__(self, message: str | None = None, retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(RadrumError):
    """Writing is impossible just now: full disk, read-only store, busy database (503)."""

    message = "Det går inte att spara just nu. Läsning fungerar. Försök igen om en stund."


class Refused(RadrumError):
    """A command or a start is refused, nothing was changed."""

    message = "Det går inte."

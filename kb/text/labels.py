"""Words that are stored, each with what people call it."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """An enum whose members are written `NAME = "stored word", "What people call it"`."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """A member that is its stored word."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def names(cls) -> dict[Self, str]:
        """Every word with its label, in the order in which they are declared."""
        return {member: member.label for member in cls}

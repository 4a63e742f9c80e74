"""A finding of the lint: where, how bad, by which rule, what to do."""

from dataclasses import dataclass

ERROR, WARNING = "fel", "varning"
READABILITY = frozenset({"lix", "sentence"})


@dataclass(frozen=True)
class Finding:
    """One thing to mend. `place` is a field of the text at `file`; `rule` names the rule in English."""

    file: str
    place: str
    level: str
    rule: str
    message: str

    @property
    def line(self) -> str:
        """The finding as the command prints it."""
        return f"{self.level} {self.file}:{self.place} {self.message}"

    def stops(self, *, strict: bool) -> bool:
        """Whether it makes the command fail: errors, and when strict all warnings but those about readability."""
        return self.level == ERROR or (strict and self.rule not in READABILITY)

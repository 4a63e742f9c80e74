"""What is typed or loaded, in the one shape in which it is stored."""

from kb.text.characters import normal, one_line

__all__ = ["block", "entries", "one_line"]


def block(text: str) -> str:
    """A text with plain line ends, in one spelling, without space around it."""
    return normal(text).strip()


def entries(text: str, separator: str = "\n") -> list[str]:
    """What is typed as a list, one on each line or with another separator between; each as one line, none empty."""
    parts = normal(text).splitlines() if separator == "\n" else text.split(separator)
    return [line for part in parts if (line := one_line(part))]

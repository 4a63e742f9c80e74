"""YAML as people write it: every value is the text that stands there, with its line. What it is, the schema says.

YAML itself reads 12:30 as 750, 010 as 8, 3.10 as 3.1 and "no" as false.
"""

from collections.abc import Iterator
from typing import Any

import yaml

from kb.errors import Invalid

Path = tuple[str | int, ...]
_LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NOTHING = frozenset({"", "~", "null", "Null", "NULL"})
_MOST_VALUES = 100_000  # a file of aliases to aliases can hold more values than there is memory
_MOST_LEVELS = (
    50  # a checklist has seven; libyaml's composer ends the whole process on a file of many thousands
)
_ADVICE = {
    "tab character": "Börja raden med mellanslag, inte tabb.",
    "that cannot start any token": "Sätt texten inom citattecken. Börja raden med mellanslag, inte tabb.",
    "mapping values are not allowed": "Det står ett kolon inne i en text: sätt texten inom citattecken.",
    "could not find expected ':'": "Ett kolon saknas efter ett namn, eller så behöver texten citattecken.",
    "did not find expected": "Kontrollera indragen: det som hör ihop börjar lika långt in.",
    "special characters are not allowed": "Filen innehåller ett otillåtet tecken.",
    "but found another document": "Filen ska ha en enda text: ta bort raden med ---.",
}


def read(text: str) -> tuple[Any, dict[Path, int]]:
    """The data of a YAML text, all values as text, and the line (from 1) of each name and value.

    Raises `Invalid` with the field "rad N" for what is no YAML and for a name that stands twice.
    """
    try:
        _check_levels(text)
        root = yaml.compose(text, Loader=_LOADER)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _not_yaml(error) from None
    reader = _Reader()
    return (reader.value(root, ()) if root is not None else None), reader.lines


def _check_levels(text: str) -> None:
    """Raise `RecursionError` for what is nested too deep to be composed; the events come one by one."""
    level = 0
    for event in yaml.parse(text, Loader=_LOADER):
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if level > _MOST_LEVELS:
            raise RecursionError


class _Reader:
    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.above: set[int] = set()
        self.count = 0

    def value(self, node: yaml.Node, path: Path) -> Any:
        """The plain data of a node."""
        self.count += 1
        if id(node) in self.above or self.count > _MOST_VALUES:
            raise Invalid(_line_of(node), "Filen hänvisar till sig själv (*). Skriv ut texten i stället.")
        if not node.tag.startswith("tag:yaml.org,2002:"):
            raise Invalid(_line_of(node), f"Märkningen {node.tag} går inte att använda. Ta bort den.")
        self.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.ScalarNode):
            return None if not node.style and node.value in _NOTHING else node.value
        self.above.add(id(node))
        found = (
            self._list(node, path) if isinstance(node, yaml.SequenceNode) else dict(self._pairs(node, path))
        )
        self.above.discard(id(node))
        return found

    def _list(self, node: yaml.SequenceNode, path: Path) -> list[Any]:
        return [self.value(entry, (*path, place)) for place, entry in enumerate(node.value)]

    def _pairs(self, node: yaml.Node, path: Path) -> Iterator[tuple[str, Any]]:
        known: dict[str, int] = {}
        for key, entry in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise Invalid(_line_of(key), "Här ska ett namn stå, följt av kolon.")
            name, line = key.value, key.start_mark.line + 1
            if name in known:
                words = f"{name} står två gånger, på rad {known[name]} och rad {line}. Ta bort det ena."
                raise Invalid(_line_of(key), words)
            known[name] = self.lines[(*path, name)] = line
            yield name, self.value(entry, (*path, name))


def _line_of(node: yaml.Node) -> str:
    return f"rad {node.start_mark.line + 1}"


def _not_yaml(error: Exception) -> Invalid:
    mark = getattr(error, "problem_mark", None)
    words = str(error)
    advice = next(
        (advice for sign, advice in _ADVICE.items() if sign in words), "Kontrollera indrag och citattecken."
    )
    if isinstance(error, RecursionError):
        advice = "Det är för många nivåer i varandra."
    return Invalid(f"rad {mark.line + 1}" if mark else "", f"Filen är inte giltig YAML. {advice}")

"""What texts are sorted and filtered by, as a table: a new facet is a row here (and its words, where they are new).

Search builds its index, its filters, their counts and its addresses from it, lists of texts their conditions and menus.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select

from kb.library.content.document import AUDIENCE_NAMES, Kind, Phase
from kb.library.core.models.items import ContentItem, ItemAudience, ItemPhase
from kb.library.core.models.topics import Topic, item_topic

if TYPE_CHECKING:
    from kb.library.core.indexable import Indexable


@dataclass(frozen=True, eq=False)
class Facet:
    """`name` is how it stands in addresses and in the index; `legend` what people call it.

    `words` are its values, short as they stand in addresses, with their labels; None: the topics, which an
    organisation may add to. `read` gives the values of an item, whose `document` is all that its page shows, by what
    `content` and `core` know; a value that is not among `words` is indexed, but no filter shows it. `holds` is the same
    for the database: the condition on rows of `ContentItem` that have a value.
    `option` is its name on the terminal, where `also` are other ways to write a value. Of those in `LISTED`, `every` is
    the choice of all, and `told` says in a sentence which was made.
    """

    name: str
    legend: str
    words: Mapping[str, str] | None
    read: Callable[["Indexable"], Iterable[str]]
    holds: Callable[[str], ColumnElement[bool]]
    option: str
    also: Mapping[str, str] = field(default_factory=dict)
    every: str = ""
    told: Callable[[str], str] = str

    def term(self, value: str) -> str:
        """How the index says that an item has this value."""
        return f"{self.name}:{value}"

    def values(self, topics: Mapping[str, str]) -> Mapping[str, str]:
        """All values with their labels, in their order."""
        return topics if self.words is None else self.words


PHASE = Facet(
    "skede",
    "Skede",
    {phase.value: phase.label for phase in Phase},
    lambda item: item.phases,
    lambda value: ContentItem.id.in_(select(ItemPhase.item_id).where(ItemPhase.phase == value)),
    option="phase",
    also={"före": "fore"},
    every="Alla skeden",
    told=lambda label: f"skedet {label.lower()}",
)
TOPIC = Facet(
    "amne",
    "Ämne",
    None,
    lambda item: item.topics,
    lambda value: ContentItem.id.in_(select(item_topic.c.item_id).join(Topic).where(Topic.slug == value)),
    option="topic",
    also={"våld": "vald", "lex sarah": "lex-sarah"},
    every="Alla ämnen",
    told=lambda label: f"ämnet {label}",
)
KIND = Facet(
    "typ",
    "Typ",
    {kind.value: kind.label for kind in Kind},
    lambda item: (item.kind,),
    lambda value: ContentItem.kind == value,
    option="kind",
    also={
        "fall": "berattelse",
        "berättelse": "berattelse",
        "vägledning": "vagledning",
        "påstående": "pastaende",
    },
)
AUDIENCE = Facet(
    "malgrupp",
    "För vem",
    AUDIENCE_NAMES,
    lambda item: item.audiences,
    lambda value: ContentItem.id.in_(select(ItemAudience.item_id).where(ItemAudience.audience == value)),
    option="audience",
)

# In the order in which the page of search shows them.
FACETS = (PHASE, TOPIC, KIND, AUDIENCE)
# By these lists of one kind of text are narrowed, in this order.
LISTED = (TOPIC, PHASE)

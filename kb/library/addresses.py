"""Where texts stand: the address by kind and slug, the same in views, presenting modules, templates, mail and commands.

A page of hits asks for a hundred of them: it may cost a microsecond, and `url_for` costs twenty.
"""

from kb.library.content.document import Kind
from kb.web.addresses import address_below

PAGES: dict[str, str] = {
    Kind.ARTICLE: "library.article_show",
    Kind.STORY: "library.story_show",
    Kind.CHECKLIST: "library.checklist_show",
    Kind.TEMPLATE: "library.template_show",
    Kind.CLAIM: "library.claim_show",
}


def address(kind: str, slug: str) -> str:
    """The address of a text."""
    return address_below(PAGES[kind]) + slug


def provision_address(slug: str) -> str:
    """The address of a section of law."""
    return address_below("library.provision_show") + slug

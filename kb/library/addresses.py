"""Where texts stand: the address by kind and slug, the same in views, presenting modules, templates, mail and commands.

A page of hits asks for a hundred of them: it may cost a microsecond, and `url_for` costs twenty.
"""

from kb.library.content.document import Kind
from kb.web.addresses import address_below, page_address

PAGES: dict[str, str] = {
    Kind.ARTICLE: "library.article_show",
    Kind.STORY: "library.story_show",
    Kind.CHECKLIST: "library.checklist_show",
    Kind.TEMPLATE: "library.template_show",
    Kind.CLAIM: "library.claim_show",
}

HISTORIES: dict[str, str] = {
    kind: endpoint.removesuffix("show") + "version_index" for kind, endpoint in PAGES.items()
}


def address(kind: str, slug: str) -> str:
    """The address of a text."""
    return address_below(PAGES[kind]) + slug


def history_address(kind: str, slug: str, **compared: int) -> str:
    """The address of the versions of a text, with two of them compared (`fran`, `till`)."""
    return page_address(HISTORIES[kind], slug=slug, **compared)


def provision_address(slug: str) -> str:
    """The address of a section of law."""
    return address_below("library.provision_show") + slug

"""Test data, valid with no arguments."""

import itertools
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from kb import clock
from kb.accounts.models import Membership, Unit, User
from kb.accounts.queries import get_viewer
from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM, Viewer
from kb.library.content.document import Action, Document, Section, Source, Step
from kb.library.core.models.items import ContentItem
from kb.library.services import drafts, publication, revisions

_numbers = itertools.count(1)


def make_unit(session: Session, name: str = "") -> Unit:
    """A unit."""
    unit = Unit(name=name or f"Enhet {next(_numbers)}", created_at=clock.now())
    session.add(unit)
    session.flush()
    return unit


def make_user(
    session: Session, *roles: Role, unit: Unit | None = None, name: str = "", email: str = ""
) -> User:
    """A person with roles in a unit; without a usable password (see `sign_in`)."""
    number = next(_numbers)
    user = User(
        name=name or f"Person {number}",
        email=email or f"person{number}@kommun.example",
        password_hash=None,
        created_at=clock.now(),
    )
    session.add(user)
    session.flush()
    if roles:
        unit = unit or make_unit(session)
        session.add_all(Membership(user_id=user.id, unit_id=unit.id, role=role.value) for role in roles)
        session.flush()
    return user


def viewer_of(session: Session, user: User) -> Viewer:
    """The viewer that this person is."""
    found = get_viewer(session, user.id)
    assert found is not None
    return found


def make_document(kind: str = "vagledning", **values: Any) -> Document:
    """A complete document."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "kind": kind,
        "title": f"Text nummer {number}",
        "summary": f"Det här är ingressen till text nummer {number}.",
        "body": "<h2>Bakgrund</h2><p>Så här är det.</p>",
        "topics": ("hot",),
        "phases": ("under",),
        "audiences": ("chef",),
        "owner": "Redaktionen",
        "checked_on": "2026-11-01",
        "sources": (Source(title="Arbetsmiljölag (1977:1160)", publisher="Riksdagen"),),
    }
    if kind == "vagledning":
        given["actions"] = (Action(do="Ring 112.", why="Liv går först."), Action(do="Gå undan."))
    if kind == "checklista":
        given |= {"mode": "las-och-gor", "led_by": "Chef", "sections": make_sections()}
    if kind == "berattelse":
        given |= {
            "basis": "avidentifierad",
            "before": "<p>Det var lugnt.</p>",
            "during": "<p>Någon ringde och hotade.</p>",
            "after": "<p>Alla fick stöd.</p>",
            "worked": ("Larmet gick fram.",),
            "otherwise": ("Ringa tidigare.",),
        }
    if kind == "mall":
        given |= {
            "channel": "internt",
            "text": "Hej!\n\n[Dag och klockslag] hände [vad].\nMer kommer [tid].",
            "secrecy": "<p>Säg inget om vem som har insatser.</p>",
            "check_before": ("Låt chefen läsa texten.", "Ta bort alla namn."),
        }
    if kind == "pastaende":
        given |= {
            "claim": ("De tar barnen utan anledning.",),
            "short_answer": "Nej. En domstol beslutar, och lagen säger när.",
            "valid_to": "2027-05-21",
        }
    return Document(**{**given, **values})


def make_sections() -> tuple[Section, ...]:
    """Two sections with four steps."""
    first = Step(
        id="sakra",
        text="Säkra den utsatta.",
        short="Säkra",
        role="Kollega",
        deadline="Genast",
        deadline_sort="relativ",
        minutes=0,
        critical=True,
        why="Liv går först.",
    )
    second = Step(
        id="ring",
        text="Ring chef.",
        role="Kollega",
        deadline="Inom 15 minuter",
        deadline_sort="relativ",
        minutes=15,
    )
    third = Step(
        id="film",
        text="Spara länken.",
        role="Chef",
        deadline="Samma dag",
        deadline_sort="kalender",
        condition="Om mötet filmades",
    )
    fourth = Step(
        id="anmal",
        text="Anmäl.",
        role="Chef",
        deadline="Utan dröjsmål",
        deadline_sort="lag",
        legal="AML 3 kap. 3 a §",
    )
    return (
        Section(title="Först", steps=(first, second), pause="Är alla i säkerhet?"),
        Section(title="Sedan", steps=(third, fourth)),
    )


def make_item(
    session: Session, document: Document | None = None, *, slug: str = "", by: Viewer = SYSTEM
) -> ContentItem:
    """A published item."""
    document = document or make_document()
    item = drafts.new_item(session, document, slug or f"text-{next(_numbers)}")
    revision = revisions.add_revision(session, item, document, by=by, reason="Inläst", way="inlasning")
    item.workflow = "vila"
    publication.put_public(session, item, revision, by=by, way="inläsning")
    session.flush()
    return item


def make_draft(session: Session, document: Document | None = None, *, by: Viewer = SYSTEM) -> ContentItem:
    """An item that is not published yet."""
    return drafts.create_item(session, document or make_document(), by=by)


def first_unit(session: Session) -> Unit:
    """Some unit, made if there is none."""
    return session.scalars(select(Unit).order_by(Unit.id)).first() or make_unit(session)

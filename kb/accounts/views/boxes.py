"""What accounts put into the menus, on the board of the administration and among the first steps."""

from flask import url_for
from sqlalchemy.orm import Session

from kb.accounts import queries
from kb.accounts.permissions import Permission
from kb.accounts.services.units import FIRST_UNIT
from kb.accounts.viewer import Viewer
from kb.config import Settings
from kb.mail.queries import count_kept, was_anything_sent
from kb.text.wording import counted
from kb.web.landmarks import Landmark
from kb.web.registry import Board, Box, Contents, Entry, FirstStep, Menu

ENTRIES = (
    Entry(menu=Menu.ACCOUNT, title="Mitt konto", endpoint="accounts.account_show", place=10),
    Entry(menu=Menu.ADMINISTRATION, title="Användare", endpoint="accounts.user_index", place=30),
    Entry(menu=Menu.ADMINISTRATION, title="Enheter", endpoint="accounts.unit_index", place=40),
    Entry(menu=Menu.ADMINISTRATION, title="E-post", endpoint="accounts.message_index", place=70),
)


def _people(session: Session, _viewer: Viewer) -> Contents:
    people = queries.count_people(session)
    return Contents(
        count=people.users,
        rows=[
            {
                "title": "Alla användare",
                "url": url_for("accounts.user_index"),
                "meta": counted(people.closed, "stängt konto", "stängda konton"),
            },
            {
                "title": "Bjud in en person",
                "url": url_for("accounts.invitation_new"),
                "meta": counted(people.invitations, "inbjudan väntar", "inbjudningar väntar"),
            },
        ],
    )


def _units(session: Session, _viewer: Viewer) -> Contents:
    rows = [{"title": "Alla enheter", "url": url_for("accounts.unit_index")}]
    return Contents(count=queries.count_units(session), rows=rows)


def _kept_mail(session: Session, _viewer: Viewer) -> Contents:
    kept = count_kept(session)
    title = counted(kept, "mejl har inte skickats", "mejl har inte skickats")
    return Contents(
        count=kept,
        rows=[{"title": "E-post", "url": url_for("accounts.message_index")}],
        warning=(title, "Läs dem under E-post och se till att de når fram.") if kept else None,
    )


def _sign_ins(session: Session, _viewer: Viewer) -> Contents:
    meta = "Vem som har gjort vad, och när"
    rows = [{"title": "Händelser", "url": url_for(Landmark.EVENTS), "meta": meta}]
    return Contents(count=queries.count_sign_ins(session), rows=rows)


BOXES = tuple(
    Box(
        board=Board.ADMINISTRATION,
        key=key,
        title=title,
        permission=Permission.ADMINISTER,
        place=place,
        read=read,
    )
    for key, title, place, read in (
        ("konton", "Konton", 10, _people),
        ("enheter", "Enheter", 20, _units),
        ("mejl", "Mejl som väntar", 30, _kept_mail),
        ("inloggade", "Inloggade just nu", 40, _sign_ins),
    )
)


def first_steps(settings: Settings) -> tuple[FirstStep, ...]:
    """What is done on the first day about units, mail and people."""
    return (
        FirstStep(
            title="Ge enheten sitt namn",
            text=f"Den första enheten heter {FIRST_UNIT} tills du ger den ett annat namn. "
            "Lägg till fler om ni är flera.",
            endpoint="accounts.unit_index",
            link="Enheter",
            place=20,
            is_done=lambda session: queries.has_named_unit(session, besides=FIRST_UNIT),
        ),
        FirstStep(
            title="Koppla en e-postserver",
            text="Den som sköter driften anger RADRUM_SMTP_URL. Utan den sparas mejlen, och du får ge länkar för hand.",
            endpoint="accounts.message_index",
            link="E-post",
            place=40,
            is_done=lambda _session: bool(settings.smtp_url),
        ),
        FirstStep(
            title="Skicka ett provmejl",
            text="Klart när ett mejl har gått iväg till e-postservern. Se efter att det också kom fram.",
            endpoint="accounts.message_index",
            link="Skicka provmejlet",
            place=50,
            is_done=was_anything_sent,
        ),
        FirstStep(
            title="Bjud in en andra person som granskare",
            text="Ingen godkänner sin egen text. Klart när personen har skapat sitt konto.",
            endpoint="accounts.invitation_new",
            link="Bjud in",
            place=60,
            is_done=queries.has_second_reviewer,
        ),
    )

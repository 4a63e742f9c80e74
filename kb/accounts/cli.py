"""`flask accounts`: links, accounts and lists from the terminal."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from kb.accounts import queries
from kb.accounts.letters import link_url
from kb.accounts.models import Unit
from kb.accounts.roles import Role
from kb.accounts.services import links, users
from kb.accounts.services.handing import hand_out_password_link
from kb.accounts.viewer import SYSTEM
from kb.accounts.ways import Way
from kb.errors import RadrumError
from kb.text.characters import one_line
from kb.web.commands import CommandGroup
from kb.web.sessions import reader, transaction

accounts_cli = CommandGroup("accounts", help="Konton, enheter och engångslänkar.")


@accounts_cli.command("link")
@click.argument("email", metavar="E-POST")
def link(email: str) -> None:
    """Skapa en ny engångslänk: för nytt lösenord, eller för den första administratören."""
    with _reported(), transaction() as session:
        address = users.clean_email(email)
        user = queries.user_by_email(session, address)
        token = (
            hand_out_password_link(session, user, by=SYSTEM, way=Way.TERMINAL)
            if user
            else links.create_first_admin_link(session, address)
        )
        if token is None:
            raise RadrumError(f"Det finns inget konto för {address}. Be en administratör bjuda in personen.")
    click.echo(link_url(token))
    click.echo("Länken fungerar en gång. Öppna den i webbläsaren.", err=True)


@accounts_cli.command("create")
@click.argument("email", metavar="E-POST")
@click.option("--name", required=True, help="Personens namn.")
@click.option("--unit", "unit_name", required=True, help="Enhetens namn.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="Roll (kan upprepas).",
)
@click.option(
    "--password-stdin", is_flag=True, help="Läs lösenordet från standard in. Annars skapas en engångslänk."
)
def create(email: str, name: str, unit_name: str, roles: tuple[str, ...], password_stdin: bool) -> None:
    """Skapa ett konto."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    with _reported(), transaction() as session:
        unit = _unit(queries.list_units(session), unit_name)
        held = {unit.id: {Role(role) for role in roles}}
        user = users.create_user(
            session, name=name, email=email, password=password, roles=held, by=SYSTEM, way=Way.TERMINAL
        )
        token = (
            None if password_stdin else links.create_password_link(session, user, by=SYSTEM, way=Way.TERMINAL)
        )
        click.echo(f"Kontot {user.email} är skapat.", err=True)
    if token:
        click.echo(link_url(token))


@accounts_cli.command("list")
def list_accounts() -> None:
    """Skriv ut alla konton: e-post, namn, läge, roller (med tabb emellan)."""
    for row in queries.list_users(reader()):
        state = "stängt" if row.is_closed else "öppet" if row.can_sign_in else "utan lösenord"
        click.echo("\t".join([row.email, row.name, state, "; ".join(row.places)]))


@accounts_cli.command("close")
@click.argument("email", metavar="E-POST")
def close(email: str) -> None:
    """Stäng ett konto."""
    with _reported(), transaction() as session:
        user = queries.user_by_email(session, email)
        if user is None:
            raise RadrumError(f"Det finns inget konto för {email}.")
        users.close_account(session, user, by=SYSTEM)
    click.echo(f"Kontot {email} är stängt.", err=True)


def _unit(known: Sequence[Unit], name: str) -> Unit:
    for unit in known:
        if unit.name.casefold() == one_line(name).casefold():
            return unit
    raise RadrumError(
        f"Enheten {name} finns inte. Välj bland: {', '.join(unit.name for unit in known) or 'inga än'}."
    )


@contextmanager
def _reported() -> Iterator[None]:
    """Errors become one line on stderr and exit status 1."""
    try:
        yield
    except RadrumError as error:
        click.echo(error.message, err=True)
        raise SystemExit(1) from error

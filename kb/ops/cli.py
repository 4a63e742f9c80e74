"""`flask ops`: preparing a start, backups, checks."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import current_app

from kb.accounts.letters import link_url
from kb.accounts.services.demo import DemoAccount
from kb.config import Settings
from kb.db import Database
from kb.errors import Refused
from kb.machines import alone
from kb.ops import backup, preparing
from kb.ops.sizes import megabytes
from kb.search.engine import nodes
from kb.search.engine.indexer import Indexer
from kb.web.commands import CommandGroup, progress_bar, reported
from kb.web.health import health_of

ops_cli = CommandGroup("ops", help="Start, säkerhetskopior och kontroller.")
WAIT = 120


@ops_cli.command("start")
@click.option("--demo", is_flag=True, help="Skapa konton att prova med. Nekas när RADRUM_ENV=production.")
def start_command(demo: bool) -> None:
    """Förbered en start: startinnehåll, sökindex, enhet och den första administratörens engångslänk."""
    database, settings = _database(), _settings()
    with reported():
        if demo:
            preparing.refuse_demo_in_production(settings)
        hindrance = preparing.attempt(lambda: _prepare_alone(database, settings, demo=demo))
        # Where nothing can be written that is the reason, whatever was hindered by it first.
        hindrance = preparing.unwritable(database, settings.instance) or hindrance
        if hindrance is None:
            return
        if not preparing.can_be_served(database):
            raise Refused(f"Rådrum går inte att förbereda: {hindrance}")
    click.echo(f"Rådrum startar, och det som finns kan läsas, men inget kan sparas: {hindrance}", err=True)


def _prepare_alone(database: Database, settings: Settings, *, demo: bool) -> None:
    """Prepare while no other node does."""
    with alone(database):
        _prepare(database, settings, demo=demo)


def _prepare(database: Database, settings: Settings, *, demo: bool) -> None:
    _index()
    _starter(database, settings)
    if demo:
        _print_accounts(preparing.ensure_demo(database, settings))
    token = preparing.ensure_people(database)
    if token is not None:
        click.echo("Det finns ingen administratör än. Öppna länken och välj ditt lösenord:")
        click.echo(f"  {link_url(token)}")
        click.echo("Länken fungerar en gång, i sju dagar. Varje ny start ger en ny länk.")


@ops_cli.command("backup")
@click.argument("file", metavar="FIL", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Ersätt också en skadad säkerhetskopia, men aldrig något annat.")
def backup_command(file: Path, force: bool) -> None:
    """Säkerhetskopiera databasen och uppladdade filer till FIL, medan sajten är igång."""
    with reported(), _progress() as progress:
        manifest = backup.back_up(_database(), _settings().instance, file, progress, force=force)
    words = f"{manifest.rows} rader, {len(manifest.uploads)} filer, {megabytes(file.stat().st_size)}"
    click.echo(f"Säkerhetskopian är gjord och kontrollerad: {words}.", err=True)
    click.echo(file)


@ops_cli.command("restore")
@click.argument("file", metavar="FIL", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Ersätt allt som redan finns.")
def restore_command(file: Path, force: bool) -> None:
    """Återställ en säkerhetskopia från FIL. Stoppa sajten först."""
    from kb.ops import restore  # brings Alembic, which no other command needs

    with reported():
        with _progress() as progress:
            manifest = restore.restore(_database(), _uploads(), file, force=force, progress=progress)
        # What is restored may be older than the shipped texts: the next start compares them again.
        (_settings().instance / preparing.DIGEST).unlink(missing_ok=True)
        _rebuild("Återställd säkerhetskopia.")
    click.echo(
        f"Återställt: {manifest.rows} rader, {len(manifest.uploads)} filer. Sökindexet är byggt.", err=True
    )


@ops_cli.command("check")
def check_command() -> None:
    """Kontrollera databasen, sökindexet och jobben. Felen skrivs ut, ett på varje rad."""
    with reported():
        problems = health_of(current_app).problems(_database())
    for problem in problems:
        click.echo(problem)
    if problems:
        raise SystemExit(1)
    click.echo("Allt stämmer.", err=True)


@ops_cli.command("status")
def status_command() -> None:
    """Visa hur det står till: det som sidan Drift visar, med varje nods läge."""
    with _database().reading() as session:
        for title, part in health_of(current_app).figures(session):
            click.echo(title)
            for name, value in part.rows:
                click.echo(f"  {name}: {value}")
            for wrong, advice in part.warnings:
                click.echo(f"  OBS! {wrong.removesuffix('.')}. {advice}")


@ops_cli.command("forget-node")
@click.argument("node", metavar="NOD")
def forget_command(node: str) -> None:
    """Glöm en nod som är borttagen. NOD är dess namn i ops status. En som finns kvar hör av sig igen."""
    with _database().transaction() as session:
        nodes.forget(session, node)
    click.echo(node)


def _starter(database: Database, settings: Settings) -> None:
    with progress_bar("Läser in texterna") as show:
        report = preparing.ensure_starter(database, settings.instance, show)
    if report is None:
        return
    counts = report.counts()
    click.echo(f"Startinnehåll: {counts['created']} nya, {counts['updated']} uppdaterade texter.")
    for slug in report.updated:
        click.echo(f"  Förnyad, ingen här hade granskat eller ändrat den: {slug}")
    for slug in report.offered:
        click.echo(f"  Ny version väntar på ert beslut i arbetslistan: {slug}")
    for place, reason in report.failed:
        click.echo(f"{place}: {reason}", err=True)


def _index() -> None:
    """Build the index where there is none; what is less than that the worker mends while the site serves."""
    damage = _indexer().store.damage()
    if damage is not None:
        _rebuild(damage)


def _rebuild(reason: str) -> None:
    with progress_bar("Bygger sökindexet") as show:
        try:
            if _indexer().rebuild(reason, progress=show, wait=WAIT) is None:
                raise Refused(
                    "En annan process skriver i sökindexet. Kör sedan: python3 dev.py flask search rebuild"
                )
        except OSError as error:
            raise Refused(f"Sökindexet gick inte att skriva: {error.strerror}.") from error


def _print_accounts(accounts: list[DemoAccount]) -> None:
    click.echo("Konton att prova med (nya lösenord vid varje start med --demo):")
    for account in accounts:
        roles = ", ".join(account.roles)
        click.echo(f"  {roles:<15} {account.email:<28} {account.password:<32} {account.unit}")


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """What is being done, one line at a time, where somebody looks on."""
    yield (lambda word: click.echo(f"{word} …", err=True)) if sys.stderr.isatty() else (lambda _word: None)


def _database() -> Database:
    database: Database = current_app.extensions["database"]
    return database


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _uploads() -> Path:
    return _settings().instance / backup.UPLOADS


def _indexer() -> Indexer:
    indexer: Indexer = current_app.extensions["search"].indexer
    return indexer

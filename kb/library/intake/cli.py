"""`flask library`: loading content."""

from pathlib import Path

import click
from flask import current_app

from kb import clock
from kb.accounts.viewer import SYSTEM
from kb.library.content.deadlinks import Target
from kb.library.intake.linting.entries import read_entries
from kb.library.intake.linting.findings import ERROR, Finding
from kb.library.intake.linting.links import targets
from kb.library.intake.linting.lint import Site, lint
from kb.library.intake.linting.nearness import Source, read_sources
from kb.library.intake.linting.shipped import lint_shipped
from kb.library.intake.linting.stored import published_entries
from kb.library.intake.loading import Report, allowed_topics, load
from kb.library.intake.records import passed_over
from kb.library.intake.starter import STARTER, load_starter
from kb.text.wording import counted
from kb.web.addresses import is_page
from kb.web.commands import CommandGroup, progress_bar, reported

library_cli = CommandGroup("library", help="Läs in och kontrollera innehåll.")


@library_cli.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--publish", is_flag=True, help="Publicera det som läses in.")
def load_command(path: Path, publish: bool) -> None:
    """Läs in en mapp med Markdown och YAML, eller en .jsonl-fil.

    Det är en administratörs handling och antecknas så. Texter som någon har ändrat här skrivs aldrig över.
    """
    with reported(), progress_bar("Läser in") as show:
        report = load(current_app.extensions["database"], path, publish=publish, by=SYSTEM, progress=show)
    for file in passed_over(path):
        click.echo(
            f"{file}: Filen är inte läst. Namnet ska sluta på .md, .yaml, .yml eller .jsonl.", err=True
        )
    _print(report)
    if report.failed:
        raise SystemExit(1)


@library_cli.command("starter")
def starter_command() -> None:
    """Läs in och publicera innehållet som följer med Rådrum."""
    with reported(), progress_bar("Läser in") as show:
        report = load_starter(current_app.extensions["database"], show)
    _print(report)
    if report.failed:
        raise SystemExit(1)


@library_cli.command("lint")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option("--database", is_flag=True, help="Kontrollera det som är publicerat här.")
@click.option("--strict", is_flag=True, help="Låt också varningar vara fel, utom de om läsbarhet.")
@click.option(
    "--sources",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    envvar="RADRUM_SOURCES",
    help="En mapp med källtexter (.txt, .md) som inga meningar får ligga för nära.",
)
def lint_command(path: Path | None, database: bool, strict: bool, sources: Path | None) -> None:
    """Kontrollera texter: innehållet som följer med, en mapp eller fil, eller det som är publicerat.

    Skriver en rad för varje sak att rätta: fel eller varning, fil, plats och vad som är på tok.
    """
    with reported():
        count, findings = _lint(path, database=database, sources=read_sources(sources) if sources else [])
    for finding in findings:
        click.echo(finding.line)
    errors = sum(finding.level == ERROR for finding in findings)
    warnings = counted(len(findings) - errors, "varning", "varningar")
    click.echo(f"{counted(count, 'text', 'texter')}: {errors} fel, {warnings}.", err=True)
    if any(finding.stops(strict=strict) for finding in findings):
        raise SystemExit(1)


def _lint(path: Path | None, *, database: bool, sources: list[Source]) -> tuple[int, list[Finding]]:
    if not database and (path is None or path.resolve() == STARTER):
        return lint_shipped(clock.today(), is_page, sources)
    with current_app.extensions["database"].reading() as session:
        published = published_entries(session)
        topics = allowed_topics(session)
    entries = read_entries(path, topics) if path and not database else published
    others: dict[str, Target] = targets(published)
    return len(entries), lint(entries, Site(clock.today(), is_page, others, sources))


def _print(report: Report) -> None:
    for place, reason in [*report.failed, *report.said]:
        click.echo(f"{place}: {reason}", err=True)
    for slug in report.kept:
        click.echo(f"Lämnad orörd, ändrad här: {slug}", err=True)
    words = {
        "created": "nya",
        "updated": "uppdaterade",
        "unchanged": "oförändrade",
        "kept": "lämnade orörda",
        "offered": "väntar på ert beslut",
        "failed": "med fel",
    }
    click.echo(
        ", ".join(f"{number} {words[name]}" for name, number in report.counts().items()) + ".", err=True
    )

"""`flask library`: loading content."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from kb.accounts.viewer import SYSTEM
from kb.library.loading import Report, load
from kb.library.starter import load_starter
from kb.web.commands import progress_bar, reported

library_cli = AppGroup("library", help="Läs in och kontrollera innehåll.")


@library_cli.command("load")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--publish", is_flag=True, help="Publicera det som läses in.")
def load_command(path: Path, publish: bool) -> None:
    """Läs in en mapp med Markdown och YAML, eller en .jsonl-fil.

    Det är en administratörs handling och antecknas så. Texter som någon har ändrat här skrivs aldrig över.
    """
    with reported(), progress_bar("Läser in") as show:
        report = load(current_app.extensions["database"], path, publish=publish, by=SYSTEM, progress=show)
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


def _print(report: Report) -> None:
    for place, reason in report.failed:
        click.echo(f"{place}: {reason}", err=True)
    for slug in report.kept:
        click.echo(f"Lämnad orörd, ändrad här: {slug}", err=True)
    words = {
        "created": "nya",
        "updated": "uppdaterade",
        "unchanged": "oförändrade",
        "kept": "lämnade orörda",
        "failed": "med fel",
    }
    click.echo(
        ", ".join(f"{number} {words[name]}" for name, number in report.counts().items()) + ".", err=True
    )

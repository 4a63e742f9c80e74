"""`flask binder`: make the crisis binder, check a copy of it."""

from pathlib import Path

import click
from flask import current_app

from kb.binder import files, services
from kb.binder.contents import gather
from kb.binder.writing import write
from kb.errors import Refused
from kb.web.commands import CommandGroup

binder_cli = CommandGroup("binder", help="Krispärmen: en fil att ha när det varken finns nät eller server.")


@binder_cli.command("make")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Skriv filen hit.")
def make(output: Path | None) -> None:
    """Gör krispärmen nu; skriv dess kontrollsumma och plats."""
    settings, database = current_app.config["SETTINGS"], current_app.extensions["database"]
    if output is None:
        stored = services.make(database, settings.instance)
        click.echo(f"{stored.checksum}  {stored.path}")
        return
    with database.reading() as session:
        content = write(gather(session))
    try:
        checksum = files.put(output, content)
    except OSError as error:
        raise Refused(f"{output} går inte att skriva: {error.strerror}.") from error
    click.echo(f"{checksum}  {output}")


@binder_cli.command("check")
@click.argument("path", metavar="FIL", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def check(path: Path) -> None:
    """Jämför en krispärm med kontrollsumman bredvid den."""
    if not files.is_whole(path):
        raise Refused(f"{path} är inte den fil som kontrollsumman gäller.")
    click.echo(f"{path}: stämmer")

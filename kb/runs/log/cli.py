"""`flask runs`: whether the logs of checklists that are followed are as they were written."""

from collections.abc import Iterable

import click

from kb.runs.log.verifying import Checked, Disposed, list_missing, verify, verify_all
from kb.text.wording import counted
from kb.web.commands import CommandGroup
from kb.web.sessions import reader

runs_cli = CommandGroup("runs", help="Genomföranden: kontrollera deras loggar.")
COLUMNS = ("genomförande", "rader", "kontrollsumma", "läge")


# The name of a run may begin with a dash.
@runs_cli.command("verify", context_settings={"ignore_unknown_options": True})
@click.argument("public_id", metavar="[GENOMFÖRANDE]", required=False)
def verify_command(public_id: str | None) -> None:
    """Kontrollera att ingen rad i loggen är ändrad, borttagen eller inlagd i efterhand.

    Ange det som står sist i genomförandets adress, eller inget för att kontrollera alla. Kontrollsumman är den som
    står i protokollet.
    """
    if public_id is None:
        _tell(verify_all(reader()), list_missing(reader()))
        return
    found = verify(reader(), public_id)
    if isinstance(found, Disposed):
        click.echo(f"Genomförandet {found.public_id} är {found.words}.", err=True)
        return
    _tell([found], [])


def _tell(found: Iterable[Checked], missing: Iterable[str]) -> None:
    """A row for each run on stdout, what is wrong on stderr; exit status 1 when anything is."""
    runs = lines = wrong = 0
    for checked in found:
        if not runs:
            click.echo("\t".join(COLUMNS))
        state = "fel" if checked.problems else "hel"
        click.echo(f"{checked.public_id}\t{checked.lines}\t{checked.head}\t{state}")
        for words in checked.problems:
            click.echo(f"Genomförandet {checked.public_id}: {words}.", err=True)
        runs, lines, wrong = runs + 1, lines + checked.lines, wrong + bool(checked.problems)
    for public_id in missing:
        click.echo(f"Genomförandet {public_id} har startats men finns inte, och är inte gallrat.", err=True)
        wrong += 1
    words = "1 har fel" if wrong == 1 else f"{wrong or 'inga'} har fel"
    click.echo(f"{counted(runs, 'genomförande', 'genomföranden')}, {lines} loggrader: {words}.", err=True)
    if wrong:
        raise SystemExit(1)

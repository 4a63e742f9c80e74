"""`flask search`: the state of the index, comparing and mending it, searching and explaining from the terminal."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click
from flask import current_app
from sqlalchemy.orm import Session

from kb.accounts import queries as accounts
from kb.accounts.viewer import ANONYMOUS, Viewer
from kb.language.analysis import inside, term_of
from kb.language.sections import find_sections
from kb.language.words import normalise, query_words, read_spellings
from kb.library.core.facets import FACETS, Facet
from kb.library.core.queries.reading import get_item_by_slug
from kb.library.core.queries.topics import topic_names
from kb.search.absence import list_hindrances
from kb.search.answering import list_rows
from kb.search.engine.comparing import Report
from kb.search.engine.indexer import Indexer
from kb.search.engine.manifest import IndexUnavailable
from kb.search.finding.query import parse
from kb.search.finding.searching import SearchRequest, load_settled
from kb.search.finding.weights import WIDE
from kb.search.tuning.reach import wide_synonyms
from kb.search.tuning.synonyms import list_synonyms
from kb.web.answering import answering_of
from kb.web.commands import CommandGroup
from kb.web.sessions import database

search_cli = CommandGroup("search", help="Sökindexet: läge, kontroll, lagning och sökning.")
WAIT = 60.0
BUSY = "En annan process skriver i indexet. Försök igen om en stund."
Command = TypeVar("Command", bound=Callable[..., object])


def facet_options(command: Command) -> Command:
    """Give a command an option for each facet."""
    for facet in reversed(FACETS):
        known = f": {', '.join(facet.words)}" if facet.words else ""
        command = click.option(
            f"--{facet.option}",
            multiple=True,
            metavar=facet.legend.split()[-1].upper(),
            help=f"{facet.legend}{known} (får upprepas).",
        )(command)
    return command


@search_cli.command("status")
def status() -> None:
    """Visa vad indexet består av."""
    store = _indexer().store
    damage = store.damage()
    if damage:
        click.echo(damage)
        sys.exit(1)
    manifest = store.manifest()
    size = sum(file.size for file in manifest.files.values())
    click.echo(f"Dokument: {manifest.documents}")
    click.echo(f"Borttagna som väntar på städning: {manifest.deleted}")
    click.echo(f"Delar: {manifest.segments}")
    click.echo(f"Storlek: {size / 1e6:.1f} MB")
    click.echo(f"Version: {manifest.maker}")
    click.echo(f"Plats: {store.root / manifest.folder}")


@search_cli.command("check")
def check() -> None:
    """Jämför indexet med databasen. Slutar med 1 om de skiljer sig."""
    report = _indexer().check()
    _print(report)
    sys.exit(0 if report.agrees else 1)


@search_cli.command("repair")
def repair() -> None:
    """Laga det som skiljer indexet från databasen."""
    with _disk_errors():
        report = _indexer().repair(wait=WAIT)
    if report is None:
        raise click.ClickException(BUSY)
    click.echo("Inget att laga." if report.agrees else "Lagat.", err=True)
    after = _indexer().check()
    _print(after)
    sys.exit(0 if after.agrees else 1)


@search_cli.command("rebuild")
def rebuild() -> None:
    """Bygg om indexet från databasen vid sidan av det gamla och byt sedan."""
    with _disk_errors(), click.progressbar(length=1, label="Bygger sökindexet", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        count = _indexer().rebuild("Kommando.", progress=show, wait=WAIT)
    if count is None:
        raise click.ClickException(BUSY)
    click.echo(f"{count} dokument i indexet.")


@search_cli.command("query")
@click.argument("text")
@click.option("--json", "as_json", is_flag=True, help="Skriv JSON.")
@facet_options
@click.option(
    "--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="Högst så många träffar."
)
@click.option("--as", "email", metavar="E-POST", help="Sök som den här personen, annars som utloggad.")
@click.option("--answers", "with_answers", is_flag=True, help="Ta med alla svar över träffarna som rader.")
def query(
    text: str, *, as_json: bool, limit: int, email: str | None, with_answers: bool, **filters: tuple[str, ...]
) -> None:
    """Sök som sidan gör. TEXT "-" läser en sökning per rad och svarar med en rad JSON för varje.

    En sida som frågan nämner vid namn står först, med typen "sida".
    """
    with database().reading() as session:
        viewer = _viewer(session, email)
        chosen = _chosen(session, filters)
    for line in _lines() if text == "-" else [text]:
        with database().reading() as session:
            request = replace(chosen, query=line, per_page=limit)
            found = _search(session, viewer, request, with_answers=with_answers)
        if as_json or text == "-":
            click.echo(json.dumps(found, ensure_ascii=False))
        else:
            for hit in found:
                click.echo(f"{hit['score']:8.3f}  {hit['kind']:<12}{hit['slug']:<45}{hit['title']}")
        sys.stdout.flush()


@search_cli.command("analyse")
@click.argument("text")
def analyse(text: str) -> None:
    """Visa hur sökningen förstår en text."""
    with database().reading() as session:
        asked = parse(text, load_settled(session).synonyms)
    words = list(dict.fromkeys(read_spellings(normalise(text))))
    found: dict[str, Any] = {
        "ord": query_words(normalise(text)),
        "termer": {word: term_of(word) for word in words},
        "delar": {word: inside(word) for word in words if inside(word)},
        "lagrum": find_sections(normalise(text)),
        "söks": {
            one.word: {f"{form.field or 'alla'}:{form.term}": round(form.weight, 2) for form in one.forms}
            for one in asked.wanted
        },
        "fraser": [" ".join(phrase) for phrase in asked.phrases],
        "skeden": sorted(asked.phase_hints),
        "typer": sorted(asked.kind_hints),
        "akut": asked.is_acute,
    }
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@search_cli.command("synonyms")
def synonyms() -> None:
    """Visa de synonymer som öppnar för stor del av biblioteket, med anteckningen som säger varför.

    Slutar med 1 om någon av dem saknar anteckning.
    """
    with database().reading() as session:
        rows = [(row.typed, row.target, row.note) for row in list_synonyms(session)]
    wide = wide_synonyms(_indexer().store.snapshot(), rows)
    for reach, typed, target, note in wide:
        click.echo(f"{reach.found} av {reach.of}  {typed} → {target}  {note or 'utan anteckning'}")
    click.echo(f"{len(wide)} av {len(rows)} synonymer öppnar mer än {WIDE:.0%} av texterna.", err=True)
    sys.exit(0 if all(note for *_, note in wide) else 1)


@search_cli.command("why")
@click.argument("address", metavar="ADRESS")
@click.option("--as", "email", metavar="E-POST", help="Varför den här personen inte hittar den.")
def why(address: str, email: str | None) -> None:
    """Säg varför en text inte hittas, utloggad eller --as. ADRESS är textens adress eller dess sista led.

    Slutar med 1 om något hindrar.
    """
    slug = urlsplit(address).path.rstrip("/").rpartition("/")[2]
    with database().reading() as session:
        viewer, item = _viewer(session, email), get_item_by_slug(session, slug)
        if item is None:
            raise click.ClickException(f"Ingen text har adressen ”{slug}”.")
        found = list_hindrances(_indexer(), session, viewer, item)
    for words in found:
        click.echo(words)
    if found:
        sys.exit(1)
    click.echo(
        "Inget hindrar: texten finns i sökindexet och får läsas. Hur sökorden förstås visar search analyse."
    )


def _indexer() -> Indexer:
    indexer: Indexer = current_app.extensions["search"].indexer
    return indexer


def _search(
    session: Session, viewer: Viewer, request: SearchRequest, *, with_answers: bool
) -> list[dict[str, Any]]:
    answering = answering_of(current_app)
    try:
        return list_rows(answering, _indexer(), session, viewer, request, with_answers=with_answers)
    except IndexUnavailable as error:
        raise click.ClickException(f"{error.reason} Kör: python3 dev.py flask search repair") from error


def _lines() -> Iterator[str]:
    """Standard input line by line, each as soon as it comes."""
    while line := sys.stdin.readline():
        yield line.rstrip("\r\n")


def _viewer(session: Session, email: str | None) -> Viewer:
    if not email:
        return ANONYMOUS
    viewer = accounts.viewer_by_email(session, email)
    if viewer is None:
        raise click.BadParameter(f"Det finns inget öppet konto för {email}.", param_hint="--as")
    return viewer


def _chosen(session: Session, filters: Mapping[str, tuple[str, ...]]) -> SearchRequest:
    """The filters, checked: a misspelt one must not give everything."""
    names = topic_names(session)
    chosen = {
        facet.name: _known(facet, given, list(facet.values(names)))
        for facet in FACETS
        if (given := filters[facet.option])
    }
    return SearchRequest(chosen=chosen)


def _known(facet: Facet, given: tuple[str, ...], known: list[str]) -> tuple[str, ...]:
    typed = (value.strip().lower() for value in given)
    values = tuple(facet.also.get(value, value) for value in typed)
    for value in values:
        if value not in known:
            raise click.BadParameter(
                f"”{value}” finns inte. Välj bland: {', '.join(known)}.", param_hint=f"--{facet.option}"
            )
    return values


def _print(report: Report) -> None:
    click.echo(f"Publicerade: {report.published}")
    click.echo(f"I indexet: {report.documents}")
    if report.damage:
        click.echo(f"Skada: {report.damage}")
    for words, items in (
        ("Saknas", report.missing),
        ("Gammal version", report.stale),
        ("Ska inte finnas", report.surplus),
        ("Går inte att hitta", report.unfindable),
    ):
        if items:
            click.echo(f"{words}: {', '.join(map(str, items))}")
    click.echo("Indexet stämmer." if report.agrees else "Indexet skiljer sig från databasen.")


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except (OSError, IndexUnavailable) as error:
        raise click.ClickException(f"Indexet går inte att skriva: {error}") from error

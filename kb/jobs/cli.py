"""`flask jobs`: the worker, and what waits for it."""

import signal
import threading
from collections.abc import Callable, Sequence

import click
from flask import current_app
from sqlalchemy.orm import Session

from kb import clock
from kb.jobs import queries, services, worker
from kb.jobs.models import Job
from kb.web.commands import CommandGroup, reported
from kb.web.sessions import reader, transaction

jobs_cli = CommandGroup("jobs", help="Bakgrundsjobb: kör dem, se vad som väntar, försök igen.")
COLUMNS = ("nummer", "kö", "jobb", "läge", "försök", "nästa försök", "fel")
Act = Callable[[Session, Job], None]


@jobs_cli.command("work")
@click.option("--once", is_flag=True, help="Kör det som väntar och sluta sedan.")
def work(once: bool) -> None:
    """Kör jobb tills processen avbryts."""
    database, outbox = current_app.extensions["database"], current_app.extensions["jobs"]
    if once:
        with reported():
            count = worker.run_due(database, outbox)
        click.echo(f"{count} jobb kördes.", err=True)
        return
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    worker.work(database, outbox, stop=stop.is_set)


@jobs_cli.command("list")
@click.option("--set-aside", is_flag=True, help="Bara de som inte försöks igen av sig själva.")
def list_(set_aside: bool) -> None:
    """Visa jobben, ett på varje rad, med tabbar mellan fälten."""
    with reported():
        jobs = queries.list_jobs(reader(), set_aside_only=set_aside)
    if jobs:
        click.echo("\t".join(COLUMNS))
    for job in jobs:
        click.echo("\t".join(" ".join(str(value).split()) for value in _fields(job)))
    click.echo(f"{len(jobs)} jobb.", err=True)


@jobs_cli.command("retry")
@click.argument("numbers", metavar="[NUMMER]...", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Alla som är lagda åt sidan.")
def retry(numbers: tuple[int, ...], every: bool) -> None:
    """Försök igen med jobben, nu och lika länge som från början."""
    _each(numbers, every, lambda _session, job: services.retry(job))


@jobs_cli.command("discard")
@click.argument("numbers", metavar="[NUMMER]...", type=int, nargs=-1)
@click.option("--all", "every", is_flag=True, help="Alla som är lagda åt sidan.")
def discard(numbers: tuple[int, ...], every: bool) -> None:
    """Ta bort jobben utan att göra dem."""
    _each(numbers, every, lambda session, job: services.finish(session, [job.id]))


def _each(numbers: Sequence[int], every: bool, act: Act) -> None:
    """Do it with the jobs of those numbers, or with all that are set aside; all or none. The numbers go to stdout."""
    if bool(numbers) == every:
        raise click.UsageError("Ange jobbens nummer, eller --all för alla som är lagda åt sidan.")
    with reported(), transaction() as session:
        found = (
            list(queries.list_jobs(session, set_aside_only=True))
            if every
            else [queries.get_job(session, number) for number in dict.fromkeys(numbers)]
        )
        done = [job.id for job in found]
        for job in found:
            act(session, job)
    for number in done:
        click.echo(number)
    click.echo(f"{len(done)} jobb.", err=True)


def _fields(job: Job) -> tuple[object, ...]:
    next_at = "" if job.set_aside_at else clock.local(job.run_at).strftime("%Y-%m-%d %H:%M:%S")
    return job.id, job.queue, job.name, _state(job), job.attempts, next_at, job.last_error or ""


def _state(job: Job) -> str:
    if job.set_aside_at is not None:
        return "åt sidan"
    if job.leased_until is not None and job.leased_until > clock.now():
        return "pågår"
    return "väntar"

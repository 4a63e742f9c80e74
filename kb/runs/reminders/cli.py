"""`flask runs remind`: what the worker does each minute, now."""

import click
from flask import current_app
from flask.cli import with_appcontext

from kb.runs.reminders.jobs import remind
from kb.text.wording import counted


@click.command("remind")
@with_appcontext
def remind_command() -> None:
    """Lägg mejlen om uppföljningar och försenade steg i kön, om deras tid har kommit.

    Arbetaren gör det varje minut. Det som redan är lagt i kön läggs inte dit igen.
    """
    follow_ups, steps = remind(current_app.extensions["database"])
    told = counted(follow_ups, "uppföljning", "uppföljningar")
    click.echo(f"{told} och {counted(steps, 'försenat steg', 'försenade steg')} är mejlade.")

"""The entry point of every server and of the `flask` command."""

from kb import create_app

app = create_app()

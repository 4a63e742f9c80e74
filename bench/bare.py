"""The yardstick: a Flask application with one page from a template, and nothing else."""

from flask import Flask, render_template

app = Flask(__name__)
PARAGRAPHS = ["Så här är det: ring 112 om någon är i fara, gå undan och vänta på hjälp."] * 12


@app.get("/")
def show() -> str:
    """A page of about the length of a short text."""
    return render_template("page.html", title="En sida", paragraphs=PARAGRAPHS)

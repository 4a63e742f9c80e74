"""What all pages of search hang on: those of everybody (`views`) and those of editors (`tuning.views`)."""

from flask import Blueprint

bp = Blueprint("search", __name__)

"""The blueprint that all pages of texts hang themselves on, whatever room they belong to."""

from flask import Blueprint

from kb.library.content.document import KIND_PATHS

bp = Blueprint("library", __name__)
ITEM = f"/redaktion/<any({', '.join(KIND_PATHS)}):kind>/<public_id>"  # a text at the desk, by its public id

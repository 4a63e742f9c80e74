"""What a person wrote in the form of this request, for pages that say why it was not saved."""

from flask import request
from werkzeug.exceptions import HTTPException

from kb.web.input import SECRET

_KEEPS_FROM = 30


def typed_texts() -> list[str]:
    """The texts worth giving back; never a password, nor ids and paths that the form carries along."""
    try:
        fields = [(name, value) for name in request.form for value in request.form.getlist(name)]
    except HTTPException:  # too large to be read at all
        return []
    texts = [value.replace("\x00", "") for name, value in fields if name not in SECRET]
    return [text for text in texts if len(text) >= _KEEPS_FROM and len(text.split()) > 1]

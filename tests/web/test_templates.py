"""What templates become: pages without the indentation of their source, typed text as it was typed."""

import re

from flask import render_template_string

from kb.config import ROOT

TYPED = "    fyra blanksteg\n\tett tabbsteg"


def test_pages_are_not_indented_and_what_somebody_typed_is(app):
    page = app.test_client().get("/nu").get_data(as_text=True)
    with app.test_request_context():
        typed = render_template_string("<textarea>\n{{ typed }}</textarea>", typed=TYPED)

    assert not re.search(r"^[ \t]{2,}\S", page, re.MULTILINE)
    assert TYPED in typed


def test_no_template_has_text_whose_indentation_would_show():
    shown = re.compile(r"<pre\b|<textarea\b[^>]*>[^<]*\n[ \t]+[^\s<]")

    assert [
        path.name for path in (ROOT / "templates").rglob("*.html") if shown.search(path.read_text())
    ] == []

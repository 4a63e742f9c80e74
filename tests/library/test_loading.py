"""Loading content: all or nothing of a record, again and again, never over people's work."""

import json

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS, SYSTEM
from kb.library.core.models.items import ContentItem, Revision
from kb.library.core.queries.reading import get_reading
from kb.library.intake.loading import Report, load
from kb.library.services import drafts
from tests.factories import make_document, make_user, viewer_of

RECORD = {
    "slug": "prov-text",
    "title": "Prov",
    "summary": "En kort ingress.",
    "body": "<p>Brödtext.</p>",
    "topics": ["hot"],
    "phases": ["under"],
    "kind": "vagledning",
}


@pytest.fixture
def load_lines(app, tmp_path):
    def run(*records: object, publish: bool = True) -> Report:
        path = tmp_path / "fil.jsonl"
        lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
        path.write_text("\n".join(lines), encoding="utf-8")
        return load(app.extensions["database"], path, publish=publish, by=SYSTEM)

    return run


def the_item(session, slug="prov-text"):
    session.expire_all()
    found: ContentItem = session.scalars(select(ContentItem).where(ContentItem.slug == slug)).one()
    return found


def test_a_published_record_can_be_read(load_lines, client):
    report = load_lines(RECORD)

    page = client.get("/vagledning/prov-text").text
    assert report.created == ["prov-text"]
    assert "Brödtext." in page
    assert "Inläst från fil.jsonl" in page
    assert "Inte granskad av er organisation än." in page


def test_without_publish_a_record_is_a_draft(load_lines, client, session):
    load_lines(RECORD, publish=False)

    assert the_item(session).status == "utkast"
    assert client.get("/vagledning/prov-text").status_code == 404


def test_loading_again_changes_nothing(load_lines, session):
    load_lines(RECORD)

    report = load_lines(RECORD)

    assert report.unchanged == ["prov-text"]
    assert len(session.scalars(select(Revision)).all()) == 1


def test_a_changed_record_gives_a_new_version(load_lines, session):
    load_lines(RECORD)

    report = load_lines({**RECORD, "summary": "En annan ingress."})

    assert report.updated == ["prov-text"]
    assert the_item(session).version == 2


def test_an_item_edited_here_is_kept_and_listed(load_lines, session):
    load_lines(RECORD)
    item, editor = the_item(session), viewer_of(session, make_user(session, Role.EDITOR))
    base = item.latest_revision_id
    drafts.save_draft(session, item, make_document(title="Vår egen"), base=base, by=editor, reason="Bättre")
    session.commit()

    report = load_lines({**RECORD, "title": "Leverantörens nya"})

    assert report.kept == ["prov-text"]
    assert the_item(session).latest_revision.content.title == "Vår egen"


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ("{inte json", "JSON"),
        ("[1, 2]", "namngivna fält"),
        ({**RECORD, "title": ""}, "title"),
        ({**RECORD, "summary": ""}, "summary"),
        ({**RECORD, "summary": "x" * 301}, "301"),
        ({**RECORD, "topics": ["vädret"]}, "vädret"),
        ({**RECORD, "topics": []}, "topics"),
        ({**RECORD, "phases": ["sedan"]}, "sedan"),
        ({**RECORD, "kind": "roman"}, "roman"),
        ({**RECORD, "body": {"a": 1}}, "body"),
        ({**RECORD, "body": "&" * 190_000}, "body"),
        ({**RECORD, "checked_on": "i går"}, "i går"),
        ({**RECORD, "sources": [{"publisher": "x"}]}, "sources"),
        ({**RECORD, "sections": [{"title": "x"}]}, "sections"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "post",
)
def test_a_bad_record_is_reported_with_its_line_and_leaves_nothing(load_lines, session, record, reason):
    report = load_lines(record, {**RECORD, "slug": "god"})

    [(place, words)] = report.failed
    assert place.endswith("fil.jsonl:1")
    assert reason in words
    assert [item.slug for item in session.scalars(select(ContentItem))] == ["god"]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        ("Vägledning", "vagledning"),
        ("FALL", "berattelse"),
        ("Fallberättelse", "berattelse"),
        ("checklista", "checklista"),
    ],
)
def test_swedish_names_in_any_case_will_do(load_lines, session, given, kind):
    load_lines({**RECORD, "kind": given, "topics": "Lex Sarah", "phases": "Före"})

    item = the_item(session)
    assert (item.kind, [topic.slug for topic in item.topics], item.phases) == (kind, ["lex-sarah"], ["fore"])


def test_topic_and_phase_in_the_singular_will_do(load_lines, session):
    record = {key: value for key, value in RECORD.items() if key not in {"topics", "phases"}}

    load_lines({**record, "topic": "våld", "phase": ["efter", "UNDER"]})

    item = the_item(session)
    assert ([topic.slug for topic in item.topics], item.phases) == (["vald"], ["under", "efter"])


def test_markdown_becomes_safe_html(load_lines, client):
    load_lines(
        {**RECORD, "body": "## Rubrik\n\n**Fet** <script>alert(1)</script>\n\n> [!lagkrav] Ska göras."}
    )

    page = client.get("/vagledning/prov-text").text
    assert "<strong>Fet</strong>" in page
    assert "alert(1)" not in page
    assert "callout--law" in page


def test_slugs_are_unique_over_all_kinds(load_lines):
    load_lines(RECORD)

    report = load_lines({**RECORD, "kind": "checklista"})

    assert "annan typ" in report.failed[0][1]


def test_the_command_tells_of_bad_lines_and_fails(app, tmp_path, client):
    path = tmp_path / "fil.jsonl"
    path.write_text(json.dumps(RECORD) + "\n{", encoding="utf-8")

    result = app.test_cli_runner().invoke(args=["library", "load", str(path), "--publish"])

    assert result.exit_code == 1
    assert "fil.jsonl:2" in result.stderr
    assert "1 nya" in result.stderr
    assert client.get("/vagledning/prov-text").status_code == 200


def test_a_missing_path_is_a_clear_message(app):
    result = app.test_cli_runner().invoke(args=["library", "load", "/finns/inte"])

    assert result.exit_code == 1
    assert "finns inte" in result.stderr


def test_a_folder_of_markdown_and_yaml_is_loaded(app, tmp_path, session):
    head = "kind: vagledning\ntitle: En\nsummary: Kort.\ntopics: hot\nphases: fore\nactions:\n  - do: Gör.\n"
    (tmp_path / "en.md").write_text(f"---\n{head}---\n## Mer\n\nText.\n", encoding="utf-8")
    yaml = "kind: checklista\ntitle: Två\nsummary: Kort.\ntopics: [hot]\nphases: [under]\n"
    step = "sections:\n- title: A\n  steps:\n  - id: a\n    text: Gör det.\n"
    step += "    deadline_sort: relativ\n    minutes: 0\n    guidance: en\n"
    (tmp_path / "tva.yaml").write_text(yaml + step, encoding="utf-8")

    report = load(app.extensions["database"], tmp_path, publish=True, by=SYSTEM)

    assert sorted(report.created) == ["en", "tva"]
    reading = get_reading(session, ANONYMOUS, "checklista", "tva")
    assert reading.document.sections[0].steps[0].minutes == 0
    assert reading.link("step", "a").slug == "en"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "Halvt \ud800"}, "title"),
        ({"labels": ["a\x00b"]}, "labels"),
        ({"labels": ["l" * 65]}, "labels"),
        ({"owner": "o" * 121}, "owner"),
        ({"provisions": [{"statute": "s" * 161, "section": "1 §"}]}, "provisions"),
        (
            {"sections": [{"steps": [{"text": "Ring", "deadline_sort": "relativ", "minutes": 10**25}]}]},
            "sections",
        ),
        ({"sections": [{"steps": [{"text": "Ring", "id": "a" * 81}]}]}, "sections"),
    ],
    ids=["half a character", "NUL in a list", "label", "owner", "statute", "minutes", "step id"],
)
def test_what_no_database_can_keep_is_reported_and_the_others_are_loaded(load_lines, wrong, field):
    report = load_lines({**RECORD, "slug": "fel", "kind": "checklista", **wrong}, RECORD)

    assert [(place[-1], reason.split(":")[0]) for place, reason in report.failed] == [("1", field)]
    assert report.created == ["prov-text"]


def test_a_number_without_end_is_a_bad_line(load_lines):
    report = load_lines('{"slug": "x", "year": ' + "1" * 5000 + "}", RECORD)

    assert len(report.failed) == 1
    assert report.created == ["prov-text"]

"""Message templates and answers to claims: loading, pages, lists, plain text, writing them, how long they hold."""

import json

import pytest
import time_machine
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import SYSTEM
from kb.library.core.models.items import Claim, ContentItem, MessageTemplate
from kb.library.intake.loading import load
from kb.library.reading.messages import text_parts
from kb.library.services import addresses, publication, review
from tests.addresses import path_of
from tests.factories import make_document, make_item, make_user, viewer_of
from tests.forms import page_of

TEMPLATE = """
kind: mall
title: Information till medarbetare efter ett hot
summary: Använd texten när någon har hotats och alla behöver veta.
topics: [hot]
phases: [under]
channel: internt
text: |
  Hej,
  [Dag och klockslag] hände följande: [vad].

  Mer kommer [tid].
secrecy: |
  Säg inget om **enskilda**.
check_before:
  - Låt chefen läsa texten.
"""
CLAIM = """
kind: påstående
title: Socialtjänsten tar barn utan anledning
summary: Ett påstående som sprids om tvångsvård.
topics: [desinformation]
phases: [under]
claim:
  - De snor barnen.
  - Soc kidnappar ungar.
short_answer: Nej. En domstol beslutar.
body: Det som är sant är att **beslut** kan fattas mot någons vilja.
valid_to: 2027-05-21
"""


@pytest.fixture
def load_texts(app, tmp_path):
    """Loads YAML texts and publishes them."""

    def run(*texts):
        for number, text in enumerate(texts):
            (tmp_path / f"text-{number}.yaml").write_text(text, encoding="utf-8")
        return load(app.extensions["database"], tmp_path, publish=True, by=SYSTEM)

    return run


@pytest.fixture
def browser(session, sign_in):
    """An editor's browser."""
    return sign_in(make_user(session, Role.EDITOR))


def item_of(session, slug):
    """The item with this slug."""
    session.expire_all()
    return session.scalars(select(ContentItem).where(ContentItem.slug == slug)).one()


# Loading


def test_both_kinds_are_read_from_files(load_texts, session):
    report = load_texts(TEMPLATE, CLAIM)

    template, claim = item_of(session, "text-0"), item_of(session, "text-1")
    assert report.failed == []
    assert (type(template), type(claim)) == (MessageTemplate, Claim)
    document = template.published_revision.content
    assert document.text == "Hej,\n[Dag och klockslag] hände följande: [vad].\n\nMer kommer [tid]."
    assert document.secrecy == "<p>Säg inget om <strong>enskilda</strong>.</p>"
    assert claim.published_revision.content.claim == ("De snor barnen.", "Soc kidnappar ungar.")
    assert (path_of(template), path_of(claim)) == ("/mallar/text-0", "/pastaenden/text-1")


def test_a_single_wording_needs_no_list(load_texts, session):
    load_texts(json.dumps({"kind": "pastaende", "title": "Kort", "summary": "Så.", "topics": ["hot"],
                           "phases": ["under"], "claim": "De ljuger.", "short_answer": "Nej.",
                           "valid_to": "2027-01-01"}))  # fmt: skip

    assert item_of(session, "text-0").published_revision.content.claim == ("De ljuger.",)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        (CLAIM, "valid_to: 2027-05-21", "valid_to: Ange till vilken dag svaret gäller."),
        (CLAIM, "short_answer: Nej. En domstol beslutar.", "short_answer: Skriv ett kort svar."),
        (TEMPLATE, "channel: internt", "channel: Välj var texten ska användas."),
    ],
)
def test_what_a_kind_cannot_be_without_is_asked_for(load_texts, text, line, reason):
    assert [reason_given for _place, reason_given in load_texts(text.replace(line, "")).failed] == [reason]


def test_a_short_answer_is_short(load_texts):
    long = CLAIM.replace("Nej. En domstol beslutar.", "Nej. " * 70)

    assert "Kort svar är 349 tecken, högst 300 går" in load_texts(long).failed[0][1]


def test_an_unknown_channel_is_refused_with_the_choices(load_texts):
    ((_place, reason),) = load_texts(TEMPLATE.replace("internt", "brevduva")).failed

    assert "”brevduva” går inte i channel" in reason
    assert "talepunkter" in reason


# Pages


def test_a_template_is_shown_with_its_placeholders_marked(client, session):
    item = make_item(session, make_document("mall"))
    session.commit()

    page = page_of(client.get(path_of(item)))

    assert (
        page.select_one("#mallens-text").get_text()
        == "Hej!\n\n[Dag och klockslag] hände [vad].\nMer kommer [tid]."
    )
    assert [mark.get_text() for mark in page.select(".letter__fill")] == [
        "[Dag och klockslag]",
        "[vad]",
        "[tid]",
    ]
    headings = [heading.get_text() for heading in page.select("main h2")]
    assert headings[:4] == ["Innan du skickar", "Texten", "Fakta", "Det här får du inte säga"]
    assert "Internt meddelande" in page.get_text()
    button = page.select_one("button[data-module=copy]")
    assert (button["data-copy"], button.has_attr("hidden")) == ("mallens-text", True)


def test_a_template_is_given_as_plain_text(client, session):
    item = make_item(session, make_document("mall", text="Hej <du> & [namn],\nåäö."))
    session.commit()

    response = client.get(f"{path_of(item)}.txt")

    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert response.get_data().decode("utf-8") == "Hej <du> & [namn],\nåäö.\n"


def test_the_plain_text_follows_a_new_address_and_a_withdrawal(client, session):
    editor = viewer_of(session, make_user(session, Role.EDITOR))
    item = make_item(session, make_document("mall"), slug="gammal")
    addresses.rename(session, item, "ny", by=editor)
    session.commit()
    assert client.get("/mallar/gammal.txt").headers["Location"] == "/mallar/ny.txt"

    publication.withdraw(session, item, reason="Felaktig", replacement=None, by=editor)
    session.commit()

    assert client.get("/mallar/ny.txt").headers["Location"] == "/mallar/ny"
    assert client.get("/mallar/ny").status_code == 410


def test_an_internal_template_is_not_given_to_strangers(client, session):
    item = make_item(session, make_document("mall", visibility="intern"))
    session.commit()

    assert [client.get(path).status_code for path in (path_of(item), f"{path_of(item)}.txt")] == [404, 404]
    assert item.title not in client.get("/mallar").text


def test_a_claim_is_shown_as_a_claim_and_not_as_a_fact(client, session):
    item = make_item(session, make_document("pastaende", title="Soc tar barn"))
    session.commit()

    page = page_of(client.get(path_of(item)))

    assert page.h1.get_text() == "”Soc tar barn”"
    assert page.select_one(".claim h2").get_text() == "Påståendet"
    assert [words.get_text() for words in page.select(".claim q")] == ["De tar barnen utan anledning."]
    assert (
        page.select_one("#kort-svar .do__answer").get_text()
        == "Nej. En domstol beslutar, och lagen säger när."
    )
    for path in ("/", "/pastaenden", "/andrat", "/amnen/hot", "/andrat.atom"):
        assert "”Soc tar barn”" in client.get(path).text, path


@time_machine.travel("2026-11-21 12:00:00+00:00")
def test_a_claim_says_who_approved_it_and_how_long_it_holds(client, session):
    item = make_item(session, make_document("pastaende"))
    session.commit()
    assert "Inte godkänt av er organisation än. Gäller till 21 maj 2027." in client.get(path_of(item)).text

    review.confirm(session, item, by=viewer_of(session, make_user(session, Role.REVIEWER, name="Sara Ek")))
    session.commit()

    assert "Godkänt av Sara Ek 21 november 2026. Gäller till 21 maj 2027." in client.get(path_of(item)).text


@time_machine.travel("2027-05-22 12:00:00+00:00")
def test_past_its_day_a_claim_is_over(client, session):
    old = make_item(session, make_document("pastaende", title="A", checked_on="2027-05-01"))
    make_item(session, make_document("pastaende", title="B", valid_to="2027-06-01", checked_on="2027-05-01"))
    session.commit()

    page, gone = client.get("/pastaenden").text, client.get(path_of(old))

    assert gone.status_code == 410
    assert "”A” gällde till och med 21 maj 2027" in gone.text
    assert "”B”" in page
    assert "”A”" not in page


@time_machine.travel("2027-05-21 12:00:00+00:00")
def test_on_its_last_day_a_claim_still_holds(client, session):
    item = make_item(session, make_document("pastaende", checked_on="2027-05-01"))
    session.commit()

    assert client.get(path_of(item)).status_code == 200


@time_machine.travel("2027-05-10 12:00:00+00:00")
def test_editors_are_told_before_an_answer_runs_out(sign_in, session):
    browser = sign_in(make_user(session, Role.EDITOR))
    item = make_item(session, make_document("pastaende", checked_on="2027-05-01"))
    session.commit()

    row = page_of(browser.get("/redaktion")).select_one("#gar-ut").parent.get_text(" ", strip=True)

    assert item.title in row
    assert "Senast 21 maj 2027" in row


@pytest.mark.parametrize("kind", ["mall", "pastaende"])
def test_a_page_without_the_optional_parts_holds_together(client, session, kind):
    item = make_item(session, make_document(kind, body="", secrecy="", check_before=(), claim=()))
    session.commit()

    assert client.get(path_of(item)).status_code == 200
    assert client.get(f"{path_of(item)}/historik").status_code == 200


def test_headings_of_two_texts_on_a_page_have_addresses_of_their_own(client, session):
    item = make_item(
        session, make_document("mall", body="<h3>Lag</h3><p>A.</p>", secrecy="<h3>Lag</h3><p>B.</p>")
    )
    session.commit()

    ids = [heading["id"] for heading in page_of(client.get(path_of(item))).select("h3")]

    assert len(ids) == len(set(ids)) == 2


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hej [namn]!", [("Hej ", False), ("[namn]", True), ("!", False)]),
        ("[a][b]", [("[a]", True), ("[b]", True)]),
        ("[två\nrader]", [("[två\nrader]", True)]),
        ("Öppen [ klammer", [("Öppen [ klammer", False)]),
        ("", []),
    ],
)
def test_placeholders_are_found(text, parts):
    assert text_parts(text) == parts


# Lists and ways there


def test_templates_are_listed_by_topic_and_channel(client, session):
    make_item(session, make_document("mall", title="Internt om hot"))
    make_item(session, make_document("mall", title="Press om våld", topics=("vald",), channel="press"))
    session.commit()

    everything = page_of(client.get("/mallar")).main.get_text()
    press = page_of(client.get("/mallar?kanal=press")).main.get_text()
    threats = page_of(client.get("/mallar?amne=hot&kanal=ingen")).main.get_text()

    assert "2 mallar" in everything
    assert ("Press om våld" in press, "Internt om hot" in press) == (True, False)
    assert ("Press om våld" in threats, "Internt om hot" in threats) == (False, True)


def test_a_list_with_nothing_chosen_says_so(client, session):
    make_item(session, make_document("mall"))
    session.commit()

    assert "Inget här med de valen" in client.get("/mallar?amne=vald").text
    assert "Innehåll är på väg" in client.get("/pastaenden").text


def test_a_topic_leads_to_its_templates_and_claims(client, session):
    template = make_item(session, make_document("mall", topics=("kriskommunikation",)))
    claim = make_item(session, make_document("pastaende", topics=("kriskommunikation",)))
    session.commit()

    topic = client.get("/amnen/kriskommunikation").text
    now = client.get("/nu/kriskommunikation").text

    assert path_of(template) in topic
    assert path_of(claim) in topic
    assert "/mallar?amne=kriskommunikation" in now
    assert "/pastaenden?amne=kriskommunikation" in now
    assert path_of(template) not in now


def test_the_map_leaves_them_out_and_says_so(client, session):
    make_item(session, make_document("mall"))
    session.commit()

    page = client.get("/").text

    assert "texter om Hot" in page
    assert "räknas inte här" in page
    assert '1<span class="hidden">' not in page

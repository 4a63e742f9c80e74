"""The mail of a review note: to those who wrote, once."""

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.library.core.models.reviewing import ReviewNote
from kb.library.editing.jobs import mail_review_note
from kb.library.services import drafts, review
from kb.mail.models import MailMessage
from tests.factories import make_document, make_draft, make_user, viewer_of


@pytest.fixture(autouse=True)
def in_the_application(app):
    """As the worker runs it: addresses are the application's."""
    with app.app_context():
        yield


@pytest.fixture
def note(session):
    """Johan's request for changes in a text by Anna and Eva."""
    anna, eva = (make_user(session, Role.EDITOR, name=name) for name in ("Anna", "Eva"))
    item = make_draft(session, make_document(title="Bombhot"), by=viewer_of(session, anna))
    eva_viewer = viewer_of(session, eva)
    drafts.save_draft(
        session, item, make_document(title="Bombhot på kontoret"), base=item.latest_revision_id, by=eva_viewer
    )
    review.submit_for_review(session, item, by=eva_viewer)
    reviewer = make_user(session, Role.REVIEWER, name="Johan")
    review.request_changes(session, item, "Källan är <gammal>.", by=viewer_of(session, reviewer))
    return session.scalar(select(ReviewNote))


def messages(session):
    """What waits to be sent."""
    return session.scalars(select(MailMessage).order_by(MailMessage.to)).all()


def test_all_writers_get_the_comment_with_the_address_of_the_draft(session, note):
    mail_review_note(session, {"note": note.id})

    sent = messages(session)
    assert len(sent) == 2
    assert sent[0].subject == "Ändring begärd: Bombhot på kontoret"
    assert "Källan är <gammal>." in sent[0].body
    assert "Johan har läst" in sent[0].body
    assert "/redaktion/vagledning/" in sent[0].body


def test_running_twice_sends_once(session, note):
    mail_review_note(session, {"note": note.id})
    mail_review_note(session, {"note": note.id})

    assert len(messages(session)) == 2


def test_a_note_that_is_gone_is_passed_over(session):
    mail_review_note(session, {"note": 999_999})

    assert messages(session) == []


def test_the_worker_knows_the_job(app):
    assert "library.mail_review_note" in app.extensions["jobs"].handlers

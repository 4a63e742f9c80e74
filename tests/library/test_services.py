"""What changes content: drafts, conflicts, review, publication, withdrawal, restoring, renaming, links."""

from typing import Any

import pytest
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.audit.models import AuditEvent
from kb.errors import Forbidden, Invalid, NotFound, Refused
from kb.jobs.models import Job
from kb.library.core.models.items import Revision
from kb.library.core.models.reviewing import ReviewNote
from kb.library.core.queries.reading import Withdrawn, get_reading
from kb.library.core.queries.versions import list_versions
from kb.library.core.workflow import State
from kb.library.services import addresses, drafts, publication, review
from kb.library.services.revisions import RevisionConflict
from kb.search.models import SearchChange
from tests.factories import make_document, make_draft, make_item, make_user, viewer_of
from tests.library.drafts import changed, published, save


def jobs(session, name):
    """The payloads of waiting jobs."""
    return [job.payload for job in session.scalars(select(Job).where(Job.name == name))]


def numbers(session, item):
    """The revisions of an item."""
    return session.scalars(
        select(Revision.number).where(Revision.item_id == item.id).order_by(Revision.number)
    ).all()


# Creating and saving


def test_a_new_item_is_a_draft_that_readers_do_not_see(session, anna):
    item = drafts.create_item(session, make_document(title="Åska på övningsfältet"), by=anna)

    assert (item.slug, item.status, item.workflow, item.version) == (
        "aska-pa-ovningsfaltet",
        "utkast",
        "utkast",
        0,
    )
    with pytest.raises(NotFound):
        get_reading(session, anna, item.kind, item.slug)


def test_the_same_title_twice_gives_two_addresses(session, anna):
    slugs = [drafts.create_item(session, make_document(title="Hot"), by=anna).slug for _ in range(3)]

    assert slugs == ["hot", "hot-2", "hot-3"]


def test_a_taken_slug_is_refused_also_a_former_one(session, anna):
    item = make_item(session, slug="hot")
    addresses.rename(session, item, "hot-mot-personal", by=anna)

    for slug in ("hot", "Hot", "hot-mot-personal"):
        with pytest.raises(Invalid):
            drafts.create_item(session, make_document(), by=anna, slug=slug)


def test_an_empty_title_is_refused(session, anna):
    item = make_draft(session)

    with pytest.raises(Invalid):
        save(session, item, anna, title="  ")
    with pytest.raises(Invalid):
        drafts.create_item(session, make_document(title=""), by=anna)


def test_unchanged_content_makes_no_revision(session, anna):
    item = make_draft(session, by=anna)

    same = save(session, item, anna)

    assert same.number == 1
    assert numbers(session, item) == [1]


def test_each_change_makes_a_revision_with_who_when_and_why(session, anna):
    item = make_item(session)

    revision = drafts.save_draft(
        session, item, changed(item, title="Ny"), base=item.latest_revision_id, by=anna, reason=" Ny lag "
    )

    assert (revision.number, revision.author_name, revision.reason) == (2, "Anna", "Ny lag")
    assert revision.created_at is not None
    assert item.is_edited_here


def test_saving_over_a_newer_revision_is_a_conflict_and_changes_nothing(session, anna, johan):
    item = make_draft(session)
    base = item.latest_revision_id
    save(session, item, johan, title="Johans")

    with pytest.raises(RevisionConflict) as conflict:
        drafts.save_draft(session, item, changed(item, title="Annas"), base=base, by=anna)

    assert conflict.value.current.content.title == "Johans"
    assert numbers(session, item) == [1, 2]


def test_a_draft_does_not_touch_what_readers_see(session, anna):
    item = make_item(session, make_document(title="Gammal"), slug="text")
    save(session, item, anna, title="Ny", summary="Annan", topics=("vald",))

    reading = get_reading(session, ANONYMOUS, item.kind, "text")

    assert reading.document.title == item.title == "Gammal"
    assert [topic.slug for topic in item.topics] == ["hot"]
    assert item.workflow == State.DRAFT


def test_going_back_to_the_published_content_leaves_nothing_to_do(session, anna):
    item = make_item(session)
    old = item.published_revision.content
    save(session, item, anna, title="Ny")

    drafts.save_draft(session, item, old, base=item.latest_revision_id, by=anna)

    assert item.workflow == State.REST


# Review


@pytest.mark.parametrize("missing", ["topics", "phases", "summary", "owner", "sources"])
def test_what_is_required_stops_the_way_to_review(session, anna, missing):
    nothing: Any = {missing: "" if missing in {"summary", "owner"} else ()}
    item = make_draft(session, make_document(**nothing), by=anna)

    with pytest.raises(Invalid) as error:
        review.submit_for_review(session, item, by=anna)

    assert error.value.field == missing
    assert item.workflow == State.DRAFT


def test_an_error_of_kontroll_stops_the_way_to_review(session, anna):
    item = make_draft(session, make_document(body="<h2>Ett</h2><h4>Tre</h4>"), by=anna)

    with pytest.raises(Invalid, match="rubriknivå"):
        review.submit_for_review(session, item, by=anna)


def test_what_waits_says_from_whom_and_since_when(session, anna):
    item = make_draft(session, by=anna)
    review.submit_for_review(session, item, by=anna)

    assert item.workflow == State.REVIEW
    assert item.submitted_by_name == "Anna"
    assert item.submitted_at is not None


def test_approval_by_a_writer_is_refused(session, anna, johan):
    item = make_draft(session, by=anna)
    save(session, item, johan, title="Johan ändrade")
    review.submit_for_review(session, item, by=johan)

    for writer in (anna, johan):
        with pytest.raises(Forbidden, match="Du har själv skrivit"):
            review.approve(session, item, by=writer)
    assert item.workflow == State.REVIEW


def test_who_wrote_an_earlier_version_may_approve_the_next(session, anna, johan):
    item = published(session, anna, johan)
    save(session, item, johan, title="Johans ändring")
    review.submit_for_review(session, item, by=johan)

    review.approve(session, item, by=anna)

    assert item.latest_revision.approved_by_name == "Anna"


def test_approval_of_another_revision_than_the_one_read_is_a_conflict(session, anna, johan):
    item = make_draft(session, by=anna)
    seen = item.latest_revision_id
    save(session, item, anna, title="Ändrad i sista stund")
    review.submit_for_review(session, item, by=anna)

    with pytest.raises(RevisionConflict):
        review.approve_and_publish(session, item, by=johan, seen=seen)
    assert item.version == 0


def test_a_change_takes_the_text_back_from_review(session, anna, johan):
    item = make_draft(session, by=anna)
    review.submit_for_review(session, item, by=anna)
    save(session, item, anna, title="En sak till")

    assert item.workflow == State.DRAFT
    with pytest.raises(Refused):
        review.approve(session, item, by=johan)


def test_a_request_for_changes_needs_words_and_reaches_the_mail_queue(session, anna, johan):
    item = make_draft(session, by=anna)
    review.submit_for_review(session, item, by=anna)
    with pytest.raises(Invalid):
        review.request_changes(session, item, " ", by=johan)

    review.request_changes(session, item, "Källan är gammal.", by=johan)

    note = session.scalar(select(ReviewNote))
    assert (note.author_name, note.text, item.workflow) == ("Johan", "Källan är gammal.", State.CHANGES)
    assert jobs(session, "library.mail_review_note") == [{"note": note.id}]
    review.submit_for_review(session, item, by=anna)
    assert item.workflow == State.REVIEW


def test_a_draft_that_nobody_approved_cannot_be_published(session, anna, johan):
    item = make_draft(session, by=anna)

    for _ in range(2):
        with pytest.raises(Refused):
            publication.publish(session, item, by=johan)
        item.workflow = State.REVIEW


# Publishing


def test_publishing_shows_the_text_names_the_reviewer_and_tells_search(session, anna, johan):
    item = published(session, anna, johan, make_document(title="Hot"))

    reading = get_reading(session, ANONYMOUS, item.kind, item.slug)

    assert (reading.document.title, item.version, item.reviewed_by_name) == ("Hot", 1, "Johan")
    assert item.first_published_at == item.published_at
    assert item.id in session.scalars(select(SearchChange.item_id)).all()


def test_a_second_publication_is_version_two(session, anna, johan):
    item = published(session, anna, johan)
    first = item.first_published_at
    save(session, item, anna, title="Ny titel")
    review.submit_for_review(session, item, by=anna)
    review.approve_and_publish(session, item, by=johan)

    assert (item.version, item.title, item.first_published_at) == (2, "Ny titel", first)
    assert [revision.version for revision in list_versions(session, item)] == [2, 1]


def test_a_shipped_text_is_confirmed_by_a_person_here(session, anna):
    item = make_item(session)

    review.confirm(session, item, by=anna)

    assert (item.reviewed_by_name, item.reviewed_by_id) == ("Anna", anna.user_id)
    assert item.reviewed_on is not None
    assert item.id in session.scalars(select(SearchChange.item_id)).all()


def test_nobody_confirms_what_they_wrote(session, anna, johan):
    item = make_draft(session, by=anna)
    save(session, item, johan, title="Johan ändrade")
    review.submit_for_review(session, item, by=johan)
    review.approve_and_publish(session, item, by=viewer_of(session, make_user(session, Role.REVIEWER)))

    for writer in (anna, johan):
        with pytest.raises(Forbidden):
            review.confirm(session, item, by=writer)


def test_a_draft_cannot_be_confirmed(session, anna):
    with pytest.raises(Refused):
        review.confirm(session, make_draft(session), by=anna)


# Withdrawing


def test_a_withdrawn_text_is_gone_with_reason_and_replacement(session, anna):
    item, other = make_item(session, slug="gammal"), make_item(session, slug="ny")

    publication.withdraw(session, item, reason=" Lagen är upphävd. ", replacement=other, by=anna)

    with pytest.raises(Withdrawn) as gone:
        get_reading(session, ANONYMOUS, item.kind, "gammal")
    assert gone.value.item.withdrawn_reason == "Lagen är upphävd."
    assert gone.value.replacement.slug == "ny"
    assert item.id in session.scalars(select(SearchChange.item_id)).all()


def test_a_hidden_replacement_is_not_named(session, anna):
    item, other = make_item(session, slug="gammal"), make_item(session, make_document(visibility="intern"))
    publication.withdraw(session, item, reason="Fel.", replacement=other, by=anna)

    with pytest.raises(Withdrawn) as gone:
        get_reading(session, ANONYMOUS, item.kind, "gammal")

    assert gone.value.replacement is None


def test_withdrawing_needs_a_reason_and_something_published(session, anna):
    item = make_item(session)

    with pytest.raises(Invalid):
        publication.withdraw(session, item, reason=" ", replacement=None, by=anna)
    with pytest.raises(Invalid):
        publication.withdraw(session, item, reason="Fel.", replacement=item, by=anna)
    with pytest.raises(Refused):
        publication.withdraw(session, make_draft(session), reason="Fel.", replacement=None, by=anna)


def test_a_withdrawn_text_comes_back_through_review_by_another_person(session, anna, johan):
    item = published(session, anna, johan)
    publication.withdraw(session, item, reason="Fel.", replacement=None, by=anna)
    review.submit_for_review(session, item, by=anna)

    with pytest.raises(Forbidden):
        review.approve(session, item, by=anna)
    review.approve_and_publish(session, item, by=johan)

    assert (item.is_published, item.version, item.withdrawn_reason) == (True, 2, None)


# Restoring


def test_restoring_makes_a_new_draft_of_an_older_revision(session, anna):
    item = make_item(session, make_document(title="Först"))
    first = item.latest_revision
    save(session, item, anna, title="Sedan")
    save(session, item, anna, title="Sist")

    restored = drafts.restore(session, item, first, base=item.latest_revision_id, by=anna)

    assert (restored.number, restored.content.title, restored.way) == (4, "Först", "aterstallning")
    assert numbers(session, item) == [1, 2, 3, 4]


def test_restoring_what_is_newest_makes_no_revision(session, anna):
    item = make_item(session)

    drafts.restore(session, item, item.latest_revision, base=item.latest_revision_id, by=anna)

    assert numbers(session, item) == [1]
    assert item.workflow == State.REST


def test_restoring_over_a_newer_revision_is_a_conflict(session, anna):
    item = make_item(session)
    first = item.latest_revision
    save(session, item, anna, title="Ny")

    with pytest.raises(RevisionConflict):
        drafts.restore(session, item, first, base=first.id, by=anna)


def test_a_revision_of_another_text_cannot_be_restored(session, anna):
    item, other = make_item(session), make_item(session)

    with pytest.raises(Refused):
        drafts.restore(session, item, other.latest_revision, base=item.latest_revision_id, by=anna)


def test_restoring_a_text_that_was_never_published_moves_its_lists(session, anna):
    item = make_draft(session, make_document(topics=("hot",)), by=anna)
    first = item.latest_revision
    save(session, item, anna, topics=("vald",), title="Annan")
    drafts.restore(session, item, first, base=item.latest_revision_id, by=anna)

    assert [topic.slug for topic in item.topics] == ["hot"]
    assert item.title == first.content.title


# Trace


def test_every_act_leaves_an_event_without_text(session, anna, johan):
    item = published(session, anna, johan, make_document(title="Rubriken"))
    first = item.latest_revision
    save(session, item, anna, title="Ny rubrik")
    review.submit_for_review(session, item, by=anna)
    review.request_changes(session, item, "Kommentaren", by=johan)
    drafts.restore(session, item, first, base=item.latest_revision_id, by=anna)
    review.confirm(session, item, by=johan)
    addresses.rename(session, item, "nytt-namn", by=anna)
    publication.withdraw(session, item, reason="Orsaken", replacement=None, by=anna)

    events = session.scalars(
        select(AuditEvent).where(AuditEvent.subject == item.public_id).order_by(AuditEvent.id)
    ).all()
    assert [event.name.removeprefix("item.") for event in events] == [
        "created", "submitted", "approved", "published", "saved", "submitted", "changes_requested",
        "restored", "confirmed", "renamed", "withdrawn",
    ]  # fmt: skip
    words = " ".join(str(event.data) for event in events)
    assert not any(word in words for word in ("Rubriken", "Ny rubrik", "Kommentaren", "Orsaken"))

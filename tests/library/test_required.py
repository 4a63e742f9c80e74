"""Publishing without something that is required: refused, whichever field of whichever kind, and nothing changes."""

from dataclasses import replace

import pytest

from kb.accounts.roles import Role
from kb.accounts.viewer import ANONYMOUS
from kb.errors import Invalid, NotFound
from kb.library.content.fields import DOCUMENT
from kb.library.core.queries.reading import get_reading
from kb.library.core.workflow import State
from kb.library.services import publication, review, revisions
from tests.addresses import path_of
from tests.factories import make_document, make_draft, make_item, make_user
from tests.forms import page_of
from tests.library.drafts import save

REQUIRED = [
    pytest.param(kind.value, field.name, id=f"{kind.value}-{field.name}")
    for field in DOCUMENT
    if field.required
    for kind in sorted(field.needs)
]


def without(document, name):
    """The document with nothing in a field."""
    return replace(document, **{name: type(getattr(document, name))()})


def sent_without(session, kind, name, by=None):
    """A draft that lacks it and stands at review all the same: the rule is younger, or the row was restored."""
    item = make_draft(session, make_document(kind), by=by) if by else make_draft(session, make_document(kind))
    document = without(item.latest_revision.content, name)
    revisions.add_revision(session, item, document, by=by or ANONYMOUS, reason="")
    item.workflow = State.REVIEW
    session.commit()
    return item


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_nothing_is_published_without_what_is_required(session, johan, kind, name):
    item = sent_without(session, kind, name)

    with pytest.raises(Invalid) as refused:
        review.approve_and_publish(session, item, by=johan)

    assert (refused.value.field, bool(refused.value.message)) == (name, True)
    session.rollback()
    assert (item.status, item.version, item.workflow) == ("utkast", 0, State.REVIEW)
    with pytest.raises(NotFound):
        get_reading(session, johan, item.kind, item.slug)


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_a_new_version_without_it_leaves_what_readers_have(session, anna, johan, kind, name):
    item = make_item(session, make_document(kind))
    before = item.published_revision_id
    revision = revisions.add_revision(
        session, item, without(item.latest_revision.content, name), by=anna, reason=""
    )
    session.commit()

    with pytest.raises(Invalid):
        publication.put_public(session, item, revision, by=johan, way="granskning")

    session.rollback()
    assert (item.published_revision_id, item.version) == (before, 1)


@pytest.mark.parametrize(("kind", "name"), REQUIRED)
def test_sending_without_it_is_refused_for_that_field(session, anna, kind, name):
    if name == "title":  # which no draft is saved without
        return
    item = make_draft(session, make_document(kind), by=anna)
    save(session, item, anna, **{name: type(getattr(item.latest_revision.content, name))()})

    with pytest.raises(Invalid) as refused:
        review.submit_for_review(session, item, by=anna)

    assert refused.value.field == name
    assert item.workflow == State.DRAFT


@pytest.mark.parametrize("name", ["topics", "sources"])
def test_the_button_says_what_is_missing_and_changes_nothing(session, sign_in, client, name):
    item = sent_without(session, "vagledning", name)
    reviewer = sign_in(make_user(session, Role.REVIEWER))

    response = reviewer.post(
        f"/redaktion/{item.kind}/{item.public_id}/publicering", data={"revision": item.latest_revision_id}
    )

    needed = next(field.required for field in DOCUMENT if field.name == name)
    assert response.status_code == 422
    assert needed in page_of(response).main.get_text()
    session.expire_all()
    assert (item.status, item.workflow) == ("utkast", State.REVIEW)
    assert client.get(path_of(item)).status_code == 404

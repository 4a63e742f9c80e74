"""Short ways to a draft and to a published text."""

from dataclasses import replace

from kb.library.services import drafts, review
from tests.factories import make_draft


def changed(item, **values):
    """The working copy with other values."""
    return replace(item.latest_revision.content, **values)


def save(session, item, by, **values):
    """Save a change on top of the newest revision."""
    return drafts.save_draft(session, item, changed(item, **values), base=item.latest_revision_id, by=by)


def published(session, by, reviewer, document=None):
    """An item that `by` wrote and `reviewer` published."""
    item = make_draft(session, document, by=by)
    review.submit_for_review(session, item, by=by)
    review.approve_and_publish(session, item, by=reviewer)
    return item

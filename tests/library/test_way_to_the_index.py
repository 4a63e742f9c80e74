"""Publishing goes the way that docs/house.md draws from the button to the index, and no other."""

import sys

from kb.accounts.roles import Role
from kb.library.services import review
from tests.factories import make_document, make_draft, make_user, viewer_of
from tests.structure.test_house import drawing, module_of

WAY = {module_of(line) for line in drawing("path publish")}
BESIDE = {
    "kb.library.services.revisions",
    "kb.library.services.noting",
    "kb.library.editing.editorial",
    "kb.library.addresses",
    "kb.jobs.queries",
    "kb.jobs.models",
}
# What core and content say is asked on the way; what an index is made of is the engine's own affair.
FOLLOWED = ("kb.library.", "kb.jobs.", "kb.search.")
ASKED = ("kb.library.core.", "kb.library.content.", "kb.search.engine.")


def test_publishing_goes_this_way_and_no_other(session, sign_in):
    by = viewer_of(session, make_user(session, Role.EDITOR))
    item = make_draft(session, make_document(title="Bombhot"), by=by)
    review.submit_for_review(session, item, by=by)
    session.commit()
    reviewer = sign_in(make_user(session, Role.REVIEWER))
    entered = []

    def note(frame, event, _value):
        if event == "call":
            entered.append(frame.f_globals.get("__name__", ""))

    sys.setprofile(note)
    try:
        answer = reviewer.post(
            f"/redaktion/{item.kind}/{item.public_id}/publicering", data={"revision": item.latest_revision_id}
        )
    finally:
        sys.setprofile(None)
    taken = set(
        entered[entered.index("kb.library.editing.views.reviewing") : _last(entered, "kb.search.engine")]
    )

    assert answer.status_code == 303
    assert taken >= WAY
    assert {
        module for module in taken if module.startswith(FOLLOWED) and not module.startswith(ASKED)
    } - WAY <= BESIDE


def _last(entered, prefix):
    """The place after the last call of something in there: what comes after has nothing to do with the index."""
    return max(number for number, module in enumerate(entered) if module.startswith(prefix)) + 1

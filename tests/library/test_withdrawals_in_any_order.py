"""Whatever people do to a published text, in whatever order: it takes two to take it away for good."""

import contextlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from kb.accounts.roles import Role
from kb.errors import RadrumError
from kb.library.core.models.reviewing import Withdrawal
from kb.library.services import review, withdrawals
from tests.factories import make_user, viewer_of
from tests.library.drafts import published, save

ACTS = [
    "begar",
    "genast",
    "bekrafta",
    "avsla",
    "lagg-tillbaka",
    "spara",
    "skicka",
    "publicera",
    "bekrafta-text",
]
STEPS = st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=1, max_size=9)


def do(session, item, act, by, number):
    """One act of one person, on what is open now."""
    asked = withdrawals.open_withdrawal(session, item)
    seen = asked.id if asked else 0
    wish = {"reason": f"Orsak {number}.", "replacement": None, "by": by}
    acts = {
        "begar": lambda: withdrawals.request_withdrawal(session, item, **wish),
        "genast": lambda: withdrawals.withdraw_now(session, item, **wish),
        "bekrafta": lambda: withdrawals.confirm_withdrawal(session, item, seen=seen, by=by),
        "avsla": lambda: withdrawals.decline_withdrawal(session, item, seen=seen, by=by),
        "lagg-tillbaka": lambda: withdrawals.put_back(session, item, seen=seen, by=by),
        "spara": lambda: save(session, item, by, summary=f"Ingress {number}."),
        "skicka": lambda: review.submit_for_review(session, item, by=by),
        "publicera": lambda: review.approve_and_publish(session, item, by=by, seen=item.latest_revision_id),
        "bekrafta-text": lambda: review.confirm(session, item, by=by),
    }
    with contextlib.suppress(RadrumError), session.begin_nested():
        acts[act]()


def check(session, item):
    """What holds after every act."""
    session.flush()
    session.expire_all()
    query = select(Withdrawal).where(Withdrawal.item_id == item.id).order_by(Withdrawal.id)
    rows = session.scalars(query).all()
    still_open = [row for row in rows if not row.outcome]
    assert len(still_open) <= 1
    for row in rows:
        assert row.outcome in {"", "angrad", "genast", "publicerad"} or row.decided_by_id != row.asked_by_id
    if item.is_published:
        assert item.withdrawn_reason is None
        assert not [row for row in still_open if row.is_urgent]
    else:
        last = rows[-1]
        assert item.withdrawn_reason == last.reason
        assert last.outcome == "bekraftad" or (last.is_urgent and not last.outcome)


@given(STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_takes_two_to_take_a_text_away_for_good(session, steps):
    people = [
        viewer_of(session, make_user(session, *roles))
        for roles in [(Role.EDITOR, Role.REVIEWER), (Role.EDITOR, Role.REVIEWER), (Role.EDITOR,)]
    ]
    item = published(session, people[0], people[1])

    for number, (act, who) in enumerate(steps):
        do(session, item, act, people[who], number)
        check(session, item)

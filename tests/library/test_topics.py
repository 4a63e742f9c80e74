"""Topics and common situations as editors keep them."""

import pytest
from sqlalchemy import func, select

from kb.accounts.viewer import SYSTEM
from kb.errors import Invalid, NotFound, Refused
from kb.library.core.models.lists import CommonSituation
from kb.library.core.models.topics import Topic
from kb.library.editing import keeping
from tests.factories import make_document, make_item


def topics(session):
    return session.scalars(select(Topic.slug).order_by(Topic.slug)).all()


@pytest.mark.parametrize("name", ["!!!", "–", "§ §"])
def test_a_topic_has_a_name_that_gives_an_address(session, name):
    before = topics(session)

    with pytest.raises(Invalid, match="bokstäver") as refused:
        keeping.save_topic(session, None, name=name, intro="", by=SYSTEM)

    assert refused.value.field == "name"
    assert topics(session) == before


def test_a_topic_goes_when_no_text_belongs_to_it(session):
    topic = keeping.save_topic(session, None, name="Översvämning", intro="", by=SYSTEM)
    item = make_item(session, make_document(topics=("hot", topic.slug)))

    with pytest.raises(Refused, match="1 texter hör till ämnet Översvämning"):
        keeping.remove_topic(session, topic.slug, by=SYSTEM)
    session.delete(item)
    session.flush()
    keeping.remove_topic(session, topic.slug, by=SYSTEM)

    assert topic.slug not in topics(session)
    with pytest.raises(NotFound):
        keeping.remove_topic(session, topic.slug, by=SYSTEM)


def test_the_common_situations_have_an_end_and_the_first_too_many_is_named(session):
    slug = make_item(session).slug
    before = session.scalar(select(func.count(CommonSituation.id)))

    with pytest.raises(Invalid) as refused:
        keeping.save_situations(
            session, [(f"Läge {n}", slug) for n in range(keeping.MAX_SITUATIONS + 1)], by=SYSTEM
        )

    assert refused.value.field == f"rad-{keeping.MAX_SITUATIONS + 1}"
    assert session.scalar(select(func.count(CommonSituation.id))) == before

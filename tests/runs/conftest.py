"""A unit with a checklist, people around it, and a run that is going on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from kb.accounts.models import Unit, User
from kb.accounts.roles import Role
from kb.accounts.viewer import Viewer
from kb.library.content.document import Kind
from kb.library.core.models.items import ContentItem
from kb.library.core.queries.reading import Reading, get_reading
from kb.runs.models import Run
from kb.runs.services.changing import Sent
from kb.runs.services.starting import start_run
from tests.factories import make_document, make_item, make_unit, make_user, viewer_of

SignIn = Callable[[User], FlaskClient]


@dataclass
class Scene:
    """Who and what there is; `unit` is where the run belongs."""

    session: Session
    unit: Unit
    item: ContentItem
    staff: User
    leader: User
    outsider: User
    administrator: User

    def viewer(self, user: User) -> Viewer:
        """The viewer that this person is."""
        return viewer_of(self.session, user)

    def reading(self) -> Reading:
        """The checklist as the staff member reads it."""
        return get_reading(self.session, self.viewer(self.staff), Kind.CHECKLIST, self.item.slug)

    def start(self, client_id: str | None = None, **values: Any) -> Run:
        """A run, started by the staff member."""
        sent = Sent(self.viewer(self.staff), client_id)
        values.setdefault("because", "Något annat har hänt")
        run = start_run(self.session, self.reading(), unit_id=self.unit.id, sent=sent, **values)
        self.session.commit()
        return run


@pytest.fixture
def scene(session: Session) -> Scene:
    unit, other = make_unit(session), make_unit(session)
    found = Scene(
        session=session,
        unit=unit,
        item=make_item(session, make_document("checklista", title="Akut hot")),
        staff=make_user(session, Role.STAFF, unit=unit, name="Milan Medarbetare"),
        leader=make_user(session, Role.LEADER, unit=unit, name="Karin Krisledare"),
        outsider=make_user(session, Role.LEADER, unit=other, name="Olle Annanstans"),
        administrator=make_user(session, Role.ADMIN, unit=unit, name="Adnan Administratör"),
    )
    session.commit()
    return found


@pytest.fixture
def run(scene: Scene) -> Run:
    return scene.start(place="Kontoret i Centrum")

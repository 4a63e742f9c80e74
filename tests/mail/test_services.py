"""Messages: stored, handled, emptied."""

from datetime import timedelta

import time_machine
from sqlalchemy import select

from kb import clock
from kb.jobs.models import Job
from kb.mail import queries, services


def send(session, **values):
    return services.send(session, **{"to": "bo@kommun.example", "subject": "Hej", "body": "Text", **values})


def test_a_message_is_stored_with_its_job(session):
    message = send(session, subject="Hej\n  du")

    job = session.scalars(select(Job)).one()
    assert (job.queue, job.name, job.payload) == ("mail", "mail.send", {"message_id": message.id})
    assert (message.subject, message.is_kept) == ("Hej du", True)


def test_sent_and_handled_messages_lose_their_text(session):
    sent, handled = send(session), send(session)

    services.mark_sent(sent)
    services.mark_handled(handled)

    assert sent.body is None
    assert handled.body is None
    session.flush()
    assert queries.count_kept(session) == 0


def test_text_is_removed_when_its_link_has_expired(session):
    short = send(session, expires_at=clock.now() + timedelta(hours=2))
    lasting = send(session)

    with time_machine.travel(clock.now() + timedelta(hours=3)):
        services.empty_expired(session)

    session.expire_all()
    assert short.body is None
    assert lasting.body == "Text"


def test_a_handled_message_is_not_sent_again(session):
    message = send(session)
    services.mark_handled(message)

    services.send_again(session, message)

    assert len(session.scalars(select(Job)).all()) == 1


def test_handling_what_was_sent_changes_nothing(session):
    message = send(session)
    services.mark_sent(message)

    services.mark_handled(message)

    assert message.handled_at is None


def test_trying_again_finds_the_job_of_the_message_among_those_of_others(session):
    messages = [send(session) for _ in range(3)]
    jobs = {job.payload["message_id"]: job for job in session.scalars(select(Job))}
    for job in jobs.values():
        job.attempts, job.run_at = 5, clock.now() + timedelta(hours=1)

    services.send_again(session, messages[1])

    assert [jobs[message.id].attempts for message in messages] == [5, 0, 5]
    assert len(session.scalars(select(Job)).all()) == 3


def test_a_message_with_a_key_is_one_however_often_it_is_asked_for(session):
    key = "k" * 32
    first, second = (
        services.send(session, to="bo@kommun.example", subject="En gång", body="Hej!", key=key)
        for _ in range(2)
    )
    session.commit()

    assert first is second
    assert first.public_id == key
    assert session.query(Job).filter_by(name="mail.send").count() == 1

"""The outbox: each mail is one row that is taken, sent once, and settled; reminders of what really waits."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from structlog.testing import capture_logs

from lti_tool import worker
from lti_tool.clock import now as moment_now
from lti_tool.mail import Answer, Letter, MailServer
from lti_tool.services.courses import roster_members
from lti_tool.services.notifying import mailing, notify, reminders
from lti_tool.services.operating.clean import clean
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.engine import open_sessions
from lti_tool.store.mail import MailKind, MailRow, MailState
from lti_tool.store.messages import MessageRow
from lti_tool.store.people import MembershipRow, PersonRow
from tests.lti_tool.services.conftest import World

OUT = mailing.Outgoing("https://attune.school.example", ("k" * 40,))


@pytest.fixture
def jo(world: World) -> UUID:
    """Jo has an address."""
    person = world.session.get_one(PersonRow, world.visitor("jo").person_id)
    person.email, person.email_digest = "jo@clinic.example", "d"
    world.session.flush()
    return person.id


def mails(world: World, kind: MailKind) -> list[MailRow]:
    return list(world.session.scalars(select(MailRow).where(MailRow.kind == kind).order_by(MailRow.made_at)))


def row(world: World, person_id: UUID, kind: MailKind = MailKind.CODE) -> UUID:
    made = MailRow(
        id=new_id(), organization_id=world.organization_id, person_id=person_id, kind=kind, code="12345678",
        state=MailState.WAITING, made_at=world.now, next_attempt_at=world.now, attempts=0,
    )  # fmt: skip
    world.session.add(made)
    world.session.flush()
    return made.id


def test_a_mail_is_taken_by_one_worker_only(world: World, jo: UUID) -> None:
    mail_id = row(world, jo)
    assert mailing.take(world.session, mail_id, OUT, world.now) is not None
    assert mailing.take(world.session, mail_id, OUT, world.now) is None
    assert mailing.due(world.session, world.now) == ()


def test_a_worker_that_was_stopped_loses_nothing_and_the_mail_keeps_its_name(world: World, jo: UUID) -> None:
    mail_id = row(world, jo)
    first = mailing.take(world.session, mail_id, OUT, world.now)
    again = mailing.take(world.session, mail_id, OUT, world.now + timedelta(minutes=6))
    assert first is not None
    assert again is not None
    assert again.name == first.name


def test_what_was_sent_is_not_sent_again(world: World, jo: UUID) -> None:
    mail_id = row(world, jo)
    mailing.take(world.session, mail_id, OUT, world.now)
    mailing.settle(world.session, mail_id, Answer.TAKEN, world.now)
    mailing.settle(world.session, mail_id, Answer.NO_ANSWER, world.now)
    assert mailing.take(world.session, mail_id, OUT, world.now + timedelta(days=1)) is None


def test_a_code_is_given_up_when_its_time_is_over_and_is_kept_no_longer(world: World, jo: UUID) -> None:
    mail_id, now = row(world, jo), world.now
    while mailing.take(world.session, mail_id, OUT, now) is not None:
        mailing.settle(world.session, mail_id, Answer.NO_ANSWER, now)
        now += timedelta(minutes=9)
    found = mails(world, MailKind.CODE)[0]
    assert found.state is MailState.NEEDS_PERSON
    assert found.code is None
    assert now - world.now < timedelta(hours=1)


def test_ux_m4_what_waits_is_reminded_of_from_the_third_day_on_and_what_is_done_is_not(world: World, jo: UUID) -> None:
    world.ask()
    for row_class in (MessageRow, MailRow):  # only reminders are looked at
        world.session.execute(delete(row_class))
    nights = [world.now + timedelta(days=day) for day in range(60)]
    for night in nights:
        reminders.note_all(world.session, night)
        for waiting in mails(world, MailKind.REMINDER):
            waiting.state, waiting.sent_at = MailState.SENT, waiting.sent_at or night
        world.session.flush()
    days = [(mail.made_at - world.now).days for mail in mails(world, MailKind.REMINDER)]
    assert days == [3, 7, 14]


def test_ux_m4_whoever_was_invited_without_an_lms_account_is_reminded_too(world: World, jo: UUID) -> None:
    membership = world.session.scalars(select(MembershipRow).where(MembershipRow.person_id == jo)).one()
    membership.external = True
    world.session.add(
        AssignmentRow(
            organization_id=world.organization_id, course_id=membership.course_id, person_id=jo,
            trainee_id=world.visitor("sam").person_id, assigned_as=AssignedAs.OBSERVER, backup=False,
            assigned_at=world.now,
        )
    )  # fmt: skip
    world.ask()
    for row_class in (MessageRow, MailRow):
        world.session.execute(delete(row_class))
    assert reminders.note_all(world.session, world.now + timedelta(days=3)) == 1
    assert [mail.person_id for mail in mails(world, MailKind.REMINDER)] == [jo]


def test_ux_m4_several_things_at_once_are_one_mail(world: World, jo: UUID) -> None:
    for _ in range(5):
        notify.news(world.session, organization_id=world.organization_id, person_id=jo, now=world.now)
    assert len(mails(world, MailKind.NEWS)) == 1


def test_news_that_could_not_go_out_for_long_are_not_sent_any_more(world: World, jo: UUID) -> None:
    notify.news(world.session, organization_id=world.organization_id, person_id=jo, now=world.now)
    mail = mails(world, MailKind.NEWS)[0]
    assert mailing.take(world.session, mail.id, OUT, world.now + timedelta(days=15)) is None
    assert mails(world, MailKind.NEWS)[0].state is MailState.NOT_WANTED


def test_mails_are_forgotten_after_ninety_days(world: World, jo: UUID) -> None:
    mail_id = row(world, jo)
    mailing.settle(world.session, mail_id, Answer.TAKEN, world.now)
    clean(world.session, world.now + timedelta(days=91))
    assert mails(world, MailKind.CODE) == []


def test_no_list_of_the_lms_ends_whom_attune_invited(world: World, jo: UUID) -> None:
    membership = world.session.scalars(select(MembershipRow).where(MembershipRow.person_id == jo)).one()
    membership.external, membership.listed_at = True, None
    membership.seen_at = world.now - timedelta(days=100)
    world.session.flush()
    reading = _Reading(membership.course_id, world)
    roster_members.end_unlisted(world.session, reading, world.now)  # type: ignore[arg-type]  # as far as it is read
    world.session.expire_all()
    assert world.session.get_one(MembershipRow, membership.id).ended_at is None


class _Reading:
    """A reading of the list in which nobody stood."""

    def __init__(self, course_id: UUID, world: World) -> None:
        self.course_id, self.asked_by, self.asked_at = course_id, None, world.now
        self.registration = type("Registration", (), {"id": world.registration_id})()


class Broken(MailServer):
    """One of which nobody knows what it does."""

    def send(self, letter: Letter) -> Answer:
        raise RuntimeError(letter.subject)


def test_a_mail_that_breaks_off_is_settled_so_that_it_and_the_others_go_out_later(world: World, jo: UUID) -> None:
    now = moment_now()
    mail_id = row(world, jo)
    world.session.get_one(MailRow, mail_id).made_at = now
    world.session.commit()
    sessions, server = open_sessions(world.session.get_bind()), Broken("mail.example", 25, "attune@school.example")
    with capture_logs() as said:
        worker.send_mail(sessions, None, mail_id, OUT)  # without a server it waits
        worker.send_mail(sessions, server, mail_id, OUT)
        worker.send_mail(sessions, server, mail_id, OUT)  # it is not due
    assert [one["event"] for one in said] == ["a mail broke off", "mail looked at"]
    found = world.session.get_one(MailRow, mail_id, populate_existing=True)
    assert (found.state, found.attempts) == (MailState.WAITING, 1)
    assert found.next_attempt_at > now

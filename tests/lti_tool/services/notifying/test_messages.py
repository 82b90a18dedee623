"""Messages inside Attune, and what their senders see of them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import insert, select, text

from lti_tool.mail import Answer
from lti_tool.services.courses.places import NotHere
from lti_tool.services.notifying import contact, mail_sent, mailing, messages, notify
from lti_tool.services.notifying.mail_sent import Arrival
from lti_tool.services.operating.clean import clean
from lti_tool.store.base import new_id
from lti_tool.store.mail import ContactRow, MailKind, MailRow, MailState, Wanted
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.people import PersonRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World
from tests.lti_tool.web.test_queries import counted

OUT = mailing.Outgoing("https://attune.school.example", ("k" * 40,))
MANY = 10_000
JOS = "jo@clinic.example"


@pytest.fixture
def jo(world: World) -> UUID:
    """Jo has an address."""
    person = world.session.get_one(PersonRow, world.visitor("jo").person_id)
    person.email, person.email_digest = JOS, "d"
    world.session.flush()
    return person.id


def tell(world: World, who: UUID, by: str | None = "sam", path: str = "/waiting", **changes: object) -> None:
    sender = world.visitor(by).person_id if by else None
    notify.news(
        world.session, organization_id=world.organization_id, person_id=who, now=world.now, path=path,
        sender_id=sender, **changes,  # type: ignore[arg-type]  # as a test needs them
    )  # fmt: skip


def mine(world: World, who: str) -> tuple[messages.Message, ...]:
    return messages.some(world.session, world.visitor(who), 0, 40)


def arrivals(world: World, who: str = "sam") -> list[Arrival]:
    return [one.arrival for one in mail_sent.told(world.session, world.visitor(who), world.now)]


def send(world: World, answer: Answer) -> None:
    for mail_id in mailing.due(world.session, world.now):
        if mailing.take(world.session, mail_id, OUT, world.now) is not None:
            mailing.settle(world.session, mail_id, answer, world.now)
    world.session.flush()
    world.session.expire_all()


def contact_row(world: World, who: UUID, **changes: object) -> None:
    values = {"wanted": Wanted.DAILY, "muted": [], "timezone": "UTC", "quiet_from": 0, "quiet_until": 0} | changes
    world.session.add(ContactRow(id=new_id(), organization_id=world.organization_id, person_id=who, **values))
    world.session.flush()


def test_asking_somebody_tells_them_of_it_on_its_own_page(world: World) -> None:
    observation_id = world.ask()
    message = mine(world, "jo")[0]
    assert message.kind is MessageKind.OBSERVATION
    assert messages.follow(world.session, world.visitor("jo"), message.id, world.now) == f"/o/{observation_id}"


def test_the_same_thing_again_is_one_line_and_is_the_newest(world: World, jo: UUID) -> None:
    tell(world, jo, path="/o/1")
    tell(world, jo, path="/o/2")
    world.now += timedelta(hours=1)
    tell(world, jo, path="/o/1")
    assert [message.new for message in mine(world, "jo")] == [True, True]
    assert mine(world, "jo")[0].made_at == world.now


def test_what_was_opened_is_not_new_and_stands_below_what_is(world: World, jo: UUID) -> None:
    tell(world, jo, path="/o/1")
    world.now += timedelta(hours=1)
    tell(world, jo, path="/o/2")
    messages.follow(world.session, world.visitor("jo"), mine(world, "jo")[0].id, world.now)
    assert [message.new for message in mine(world, "jo")] == [True, False]
    messages.all_seen(world.session, world.visitor("jo"), world.now)
    assert not any(message.new for message in mine(world, "jo"))


def test_nobody_opens_the_message_of_somebody_else(world: World, jo: UUID) -> None:
    tell(world, jo)
    with pytest.raises(NotHere):
        messages.follow(world.session, world.visitor("amara"), mine(world, "jo")[0].id, world.now)
    assert mine(world, "amara") == ()


def test_ux_m4_a_kind_that_somebody_does_not_want_to_be_told_of_is_not_new_and_brings_no_mail(
    world: World, jo: UUID
) -> None:
    contact_row(world, jo, muted=["rubric"])
    tell(world, jo, kind=MessageKind.RUBRIC)
    assert [message.new for message in mine(world, "jo")] == [False]
    assert mailing.due(world.session, world.now) == ()
    tell(world, jo, kind=MessageKind.SIGNATURE)
    assert len(mailing.due(world.session, world.now)) == 1


@pytest.mark.parametrize(
    ("answer", "arrival"),
    [
        (Answer.TAKEN, Arrival.SENT),
        (Answer.LATER, Arrival.ON_ITS_WAY),
        (Answer.NO_ANSWER, Arrival.ON_ITS_WAY),
        (Answer.NO_SUCH_ADDRESS, Arrival.CAME_BACK),
        (Answer.NOT_TAKEN, Arrival.NOT_TAKEN),
    ],
)
def test_whoever_told_sees_whether_it_arrived(world: World, jo: UUID, answer: Answer, arrival: Arrival) -> None:
    contact_row(world, jo)
    tell(world, jo)
    assert arrivals(world) == [Arrival.ON_ITS_WAY]
    send(world, answer)
    assert arrivals(world) == [arrival]
    assert arrivals(world, "noor") == []


@pytest.mark.parametrize("changes", [{"wanted": Wanted.NONE}, {"muted": ["news"]}, {"muted": ["other"]}])
def test_that_somebody_wants_no_mail_looks_the_same_as_that_none_can_be_sent(
    world: World, jo: UUID, changes: dict[str, object]
) -> None:
    contact_row(world, jo, **changes)
    tell(world, jo)
    tell(world, world.visitor("amara").person_id)  # no address is known
    assert set(arrivals(world)) == {Arrival.IN_ATTUNE}


def test_that_a_mail_waits_for_the_hour_looks_the_same_as_that_it_waits_for_the_server(world: World, jo: UUID) -> None:
    contact_row(world, jo, quiet_from=0, quiet_until=23)
    tell(world, jo)
    send(world, Answer.TAKEN)
    assert arrivals(world) == [Arrival.ON_ITS_WAY]


@pytest.mark.parametrize("read", [True, False])
def test_nobody_can_tell_by_what_they_sent_whether_it_was_read(world: World, jo: UUID, read: bool) -> None:
    for by in ("sam", "noor", "sam"):
        world.now += timedelta(hours=1)
        tell(world, jo, by=by, path="/o/1")
        if read:
            messages.all_seen(world.session, world.visitor("jo"), world.now)
    assert len(arrivals(world, "sam")) == len(arrivals(world, "noor")) == 1
    assert sum(message.new for message in mine(world, "jo")) == (0 if read else 1)


def test_what_came_back_stops_mail_until_a_code_shows_the_address_anew(world: World, jo: UUID) -> None:
    contact_row(world, jo, email=JOS, confirmed_at=world.now)
    tell(world, jo)
    send(world, Answer.NO_SUCH_ADDRESS)
    tell(world, jo, path="/o/2")
    assert mailing.due(world.session, world.now + timedelta(days=3)) == ()
    assert mine(world, "jo")[0].new
    visitor = world.visitor("jo")
    mail_id = contact.begin_address(world.session, visitor, JOS, world.now, secret_keys=OUT.secret_keys)
    code = world.session.get_one(MailRow, mail_id).code or ""
    assert contact.confirm_address(world.session, visitor, code, world.now, secret_keys=OUT.secret_keys)
    assert contact.contact_of(world.session, jo, world.now.date()).reached_at == JOS


def test_what_is_chosen_for_mail_is_one_of_what_there_is(world: World) -> None:
    usual = contact.Choice(Wanted.NONE, frozenset(), "America/Chicago", 21, 8)
    for odd, code in (
        ({"timezone": "America/Nowhere"}, "no_such_zone"),
        ({"quiet_until": 24}, "no_such_hour"),
        ({"chosen_language": "xx"}, "no_such_language"),
    ):
        with pytest.raises(Refused) as refused:
            contact.choose(world.session, world.visitor("jo"), replace(usual, **odd), world.now)
        assert refused.value.code == code


def test_that_mail_came_back_is_noted_once_and_two_who_are_one_are_known_by_both_addresses(
    world: World, jo: UUID
) -> None:
    for moment in (world.now, world.now + timedelta(days=1)):
        contact.came_back(world.session, world.organization_id, jo, moment)
    row = world.session.scalars(select(ContactRow).where(ContactRow.person_id == jo)).one()
    assert row.returned_at == world.now
    person, amara = world.session.get_one(PersonRow, jo), world.visitor("amara").person_id
    person.email_digest, person.merged_into = contact.address_digest(JOS, OUT.secret_keys[0]), amara
    world.session.flush()
    found = contact.person_at(world.session, world.organization_id, JOS, OUT.secret_keys)
    assert found is not None
    assert found.id == amara


def test_a_new_address_that_does_not_work_leaves_the_one_before_alone(world: World, jo: UUID) -> None:
    contact_row(world, jo)
    visitor, keys = world.visitor("jo"), OUT.secret_keys
    mail_id = contact.begin_address(world.session, visitor, "jo@typo.example", world.now, secret_keys=keys)
    send(world, Answer.NO_SUCH_ADDRESS)
    assert world.session.get_one(MailRow, mail_id).state is MailState.RETURNED
    assert contact.contact_of(world.session, jo, world.now.date()).reached_at == JOS


def test_old_messages_go_and_a_mail_that_told_of_one_goes_without_it(world: World, jo: UUID) -> None:
    contact_row(world, jo)
    tell(world, jo, path="/o/1")
    send(world, Answer.TAKEN)
    messages.all_seen(world.session, world.visitor("jo"), world.now)
    tell(world, jo, path="/o/2")
    send(world, Answer.TAKEN)
    world.session.execute(MailRow.__table__.update().values(state="sent", sent_at=world.now))  # type: ignore[attr-defined]
    clean(world.session, world.now + timedelta(days=91))
    assert [message.new for message in mine(world, "jo")] == [True]
    assert world.session.scalars(select(MailRow.id)).all() == []
    clean(world.session, world.now + timedelta(days=401))
    assert mine(world, "jo") == ()


def test_ten_thousand_messages_are_asked_for_a_page_at_a_time(world: World, jo: UUID) -> None:
    sam = world.visitor("sam")
    rows = [
        {"id": new_id(), "organization_id": world.organization_id, "person_id": jo, "kind": MessageKind.OTHER,
         "path": f"/o/{number}", "made_at": world.now, "sender_id": sam.person_id}
        for number in range(MANY)
    ]  # fmt: skip
    world.session.execute(insert(MessageRow), rows)
    with counted(world.session.get_bind().engine) as said:
        assert messages.count(world.session, world.visitor("jo")) == MANY
        assert len(mine(world, "jo")) == 40
        assert len(mail_sent.told(world.session, sam, world.now)) == mail_sent.MOST
    assert len(said) == 3


def test_ten_thousand_mails_that_wait_are_found_by_their_index_and_handed_out_in_portions(
    world: World, jo: UUID
) -> None:
    rows = [
        {"id": new_id(), "organization_id": world.organization_id, "person_id": jo, "kind": MailKind.NEWS,
         "state": MailState.WAITING, "made_at": world.now, "next_attempt_at": world.now + timedelta(seconds=number),
         "attempts": 0}
        for number in range(MANY)
    ]  # fmt: skip
    world.session.execute(insert(MailRow), rows)
    world.session.flush()
    with counted(world.session.get_bind().engine) as said:
        assert len(mailing.due(world.session, world.now + timedelta(days=1))) == 200
    assert len(said) == 1
    world.session.execute(text("ANALYZE mail"))
    explain = "EXPLAIN" if world.session.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    asked = text(
        f"{explain} SELECT id FROM mail WHERE state = 'waiting' AND next_attempt_at <= '2000-01-01' "
        "ORDER BY next_attempt_at LIMIT 200"
    )
    assert "ix_mail_due" in str(world.session.execute(asked).all())

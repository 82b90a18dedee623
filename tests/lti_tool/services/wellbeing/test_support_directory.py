"""The program's list of whom to turn to: its order holds, also where two change it at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.services.courses.places import NotHere
from lti_tool.services.wellbeing import support_directory
from lti_tool.services.wellbeing.support_directory import Contact, Typed, in_reading_order
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from tests.lti_tool.services.conftest import World


def typed(name: str) -> Typed:
    return Typed(name=name, what_for="", phone="988", address="", hours="", language="")


def three(world: World) -> list[UUID]:
    ines = world.visitor("ines")
    return [support_directory.add(world.session, ines, typed(name), world.now) for name in ("A", "B", "C")]


def names(session: Session, world: World) -> str:
    return "".join(one.name for one in support_directory.contacts(session, world.organization_id))


def test_a_contact_goes_up_and_down_and_stays_at_the_ends(world: World) -> None:
    a, b, c = three(world)
    session, ines, now = world.session, world.visitor("ines"), world.now
    for contact_id, up, expected in ((c, True, "ACB"), (a, True, "ACB"), (a, False, "CAB"), (b, False, "CAB")):
        support_directory.move(session, ines, contact_id, up=up, now=now)
        assert names(session, world) == expected
    support_directory.take_away(session, ines, a, now)
    with pytest.raises(NotHere):
        support_directory.move(session, ines, a, up=True, now=now)
    assert names(session, world) == "CB"


def test_what_is_done_twice_is_done_once_and_what_was_taken_away_is_not_changed(world: World) -> None:
    a, _b, _c = three(world)
    session, ines, now = world.session, world.visitor("ines"), world.now
    support_directory.bring_back(session, ines, a, now)
    for _twice in range(2):
        support_directory.take_away(session, ines, a, now)
        support_directory.change_page(session, ines, text="After hours.", leave_page_url="https://a.example/", now=now)
    assert names(session, world) == "BC"
    with pytest.raises(NotHere):
        support_directory.change(session, ines, a, typed("D"), now)
    acts = list(session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("support."))))
    assert (acts.count("support.contact_taken_away"), acts.count("support.page_changed")) == (1, 1)


@pytest.mark.parametrize(
    ("text", "address", "code"),
    [("x" * 5001, "https://a.example/", "text_too_long"), ("", "https://a.example/ b", "leave_page")],
)
def test_a_page_that_cannot_be_kept_is_told_why(world: World, text: str, address: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        support_directory.change_page(
            world.session, world.visitor("ines"), text=text, leave_page_url=address, now=world.now
        )
    assert refused.value.code == code


def test_two_who_order_it_at_once_lose_nobody(world: World, sessions: sessionmaker[Session]) -> None:
    a, _b, c = three(world)
    ines, now = world.visitor("ines"), world.now
    world.session.commit()
    together = threading.Barrier(2, timeout=120)

    def move(contact_id: UUID, up: bool) -> None:
        together.wait()
        with sessions.begin() as session:
            support_directory.move(session, ines, contact_id, up=up, now=now)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(move, a, False), threads.submit(move, c, True)]:
            done.result(timeout=120)
    with sessions() as session:
        assert sorted(names(session, world)) == ["A", "B", "C"]


def test_a_contact_of_elsewhere_is_not_here(world: World) -> None:
    session, ines, now = world.session, world.visitor("ines"), world.now
    for act in (support_directory.take_away, support_directory.bring_back):
        with pytest.raises(NotHere):
            act(session, ines, uuid4(), now)
    with pytest.raises(NotHere):
        support_directory.change(session, ines, uuid4(), typed("X"), now)
    with pytest.raises(NotHere):
        support_directory.contact(session, ines, uuid4())


def test_ux_s6_where_the_database_cannot_be_asked_a_page_of_a_problem_is_shown_all_the_same(world: World) -> None:
    class Gone(Session):
        def scalars(self, *_asked: object, **_values: object) -> None:  # type: ignore[override]
            raise OperationalError("SELECT", {}, Exception("gone"))

    assert support_directory.contacts_at_hand(Gone(), world.organization_id, ("en",)) == ()


LANGUAGES = st.sampled_from(["", "en", "es", "es-MX", "fr", "pt-BR"])


@given(st.lists(LANGUAGES, max_size=8), st.lists(LANGUAGES.filter(bool), max_size=4))
def test_ux_e3_whatever_somebody_reads_every_contact_is_there_once_and_theirs_come_first(
    listed: list[str], wanted: list[str]
) -> None:
    found = [Contact(UUID(int=number), str(number), language=language) for number, language in enumerate(listed)]
    ordered = in_reading_order(found, wanted)
    assert sorted(one.id for one in ordered) == [one.id for one in found]
    spoken = {language.partition("-")[0] for language in wanted}
    theirs = [bool(one.language) and one.language.partition("-")[0] in spoken for one in ordered]
    assert theirs == sorted(theirs, reverse=True)
    assert in_reading_order(ordered, wanted) == ordered

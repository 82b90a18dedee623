"""Hand-over notes: read first by the trainee, who changes every word, agrees, or says that there is none."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from lti_tool.access import Field
from lti_tool.services.asking import recusal
from lti_tool.services.caseload import assigning, hand_over, handing_over
from lti_tool.services.caseload.assignments import What
from lti_tool.services.caseload.hand_over import Part
from lti_tool.services.courses.places import NotHere
from lti_tool.services.operating import clean
from lti_tool.services.personal_data import record_access
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.handover import HandOverNoteRow, NoteState
from lti_tool.store.messages import MessageRow
from lti_tool.store.records import AuditEntryRow
from rubrics.refusal import Refused
from rubrics.sign_off import Lane
from tests.lti_tool.services.conftest import World


def assign(world: World, who: str, lane: Lane) -> None:
    """They supervise Sam in this lane."""
    ines, person_id = world.visitor("ines"), world.visitor(who).person_id
    assigning.assign(
        world.session, ines, world.place(ines), trainee_id=world.visitor("sam").person_id, person_id=person_id,
        what=What(AssignedAs.SUPERVISOR, lane, backup=False), now=world.now,
    )  # fmt: skip


@pytest.fixture
def supervised(world: World) -> World:
    """Jo supervises Sam in the peer lane."""
    assign(world, "jo", Lane.PEER)
    return world


def do(world: World, act: str, who: str, note_id: UUID) -> None:
    visitor = world.visitor(who)
    getattr(handing_over, act)(world.session, visitor, world.place(visitor), note_id, world.now)


def begun(world: World, who: str = "jo", about: str = "sam", words: str = "She likes to meet in the morning.") -> UUID:
    visitor = world.visitor(who)
    place = world.place(visitor)
    note_id = handing_over.begin(world.session, visitor, place, world.visitor(about).person_id, world.now)
    handing_over.save(world.session, visitor, place, note_id, words, world.now)
    return note_id


def given(world: World) -> UUID:
    note_id = begun(world)
    do(world, "give", "jo", note_id)
    return note_id


def agreed(world: World) -> UUID:
    note_id = given(world)
    do(world, "agree", "sam", note_id)
    return note_id


def read(world: World, who: str, note_id: UUID) -> hand_over.Note:
    visitor = world.visitor(who)
    return hand_over.read(world.session, visitor, world.place(visitor), note_id, world.now)


def readers(world: World, note_id: UUID) -> set[str]:
    """Who reads its words."""
    found = set()
    for who in ("sam", "jo", "amara", "ines", "noor"):
        try:
            found |= {who} if read(world, who, note_id).words else set()
        except NotHere:
            continue
    return found


def test_ux_n2_nobody_but_the_trainee_reads_it_before_they_agreed(supervised: World) -> None:
    assign(supervised, "amara", Lane.CLINICAL)
    note_id = begun(supervised)
    assert readers(supervised, note_id) == {"jo"}
    do(supervised, "give", "jo", note_id)
    assert readers(supervised, note_id) == {"sam"}
    do(supervised, "agree", "sam", note_id)
    assert readers(supervised, note_id) == {"sam", "jo", "amara"}


def test_ux_n2_the_trainee_changes_every_word_before_anybody_reads_it(supervised: World) -> None:
    assign(supervised, "amara", Lane.CLINICAL)
    note_id, sam = given(supervised), supervised.visitor("sam")
    words = "I like to meet in the morning."
    handing_over.save(supervised.session, sam, supervised.place(sam), note_id, words, supervised.now)
    jo = read(supervised, "jo", note_id)
    assert (jo.part, jo.words, jo.state) == (Part.WRITER, None, NoteState.WITH_TRAINEE)
    do(supervised, "agree", "sam", note_id)
    assert read(supervised, "amara", note_id).words == words


def test_ux_n2_whoever_is_newly_assigned_reads_what_was_agreed_and_whoever_is_not_any_more_does_not(
    supervised: World,
) -> None:
    note_id = agreed(supervised)
    assert readers(supervised, note_id) == {"sam", "jo"}
    assign(supervised, "amara", Lane.CLINICAL)
    assert readers(supervised, note_id) == {"sam", "jo", "amara"}
    ines, session = supervised.visitor("ines"), supervised.session
    (jos,) = session.scalars(
        select(AssignmentRow.id).where(AssignmentRow.person_id == supervised.visitor("jo").person_id)
    )
    assigning.end(session, ines, supervised.place(ines), jos, supervised.now)
    assert readers(supervised, note_id) == {"sam", "amara"}
    assert read(supervised, "jo", note_id).part is Part.WRITER
    place = supervised.place(supervised.visitor("sam"))
    assert hand_over.who_reads(session, place, supervised.visitor("sam").person_id).names == ("Amara Example",)


def test_ux_n2_the_trainee_takes_it_back_at_any_time_and_its_words_are_gone_a_day_later(supervised: World) -> None:
    note_id = agreed(supervised)
    do(supervised, "take_back", "sam", note_id)
    do(supervised, "take_back", "sam", note_id)
    assert readers(supervised, note_id) == {"sam"}
    assert read(supervised, "jo", note_id).state is NoteState.TAKEN_BACK
    supervised.now += timedelta(hours=23)
    clean.clean(supervised.session, supervised.now)
    do(supervised, "bring_back", "sam", note_id)
    do(supervised, "bring_back", "sam", note_id)
    assert readers(supervised, note_id) == {"sam"}, "others read it only once it is agreed to anew"
    do(supervised, "take_back", "sam", note_id)
    supervised.now += timedelta(hours=25)
    clean.clean(supervised.session, supervised.now)
    assert supervised.session.scalars(select(HandOverNoteRow)).all() == []


def test_ux_t3_ux_n2_a_supervisor_who_opens_it_is_on_the_page_of_who_opened_the_record(supervised: World) -> None:
    note_id = agreed(supervised)
    read(supervised, "sam", note_id)
    sam = supervised.visitor("sam")
    assert record_access.opened_by(supervised.session, sam) == ()
    for _ in range(2):
        read(supervised, "jo", note_id)
    (opened,) = record_access.opened_by(supervised.session, sam)
    assert (opened.reader_name, opened.field, opened.activity_title) == ("Jo Example", Field.HAND_OVER_NOTE, None)


def test_ux_t9_every_note_about_a_trainee_that_others_read_is_on_the_trainees_own_page(supervised: World) -> None:
    note_id, sam = agreed(supervised), supervised.visitor("sam")
    found = hand_over.notes(supervised.session, sam, supervised.place(sam), supervised.now)
    assert [note.id for note in found.about_me] == [note_id]
    jo = supervised.visitor("jo")
    theirs = hand_over.notes(supervised.session, jo, supervised.place(jo), supervised.now)
    assert [note.id for note in theirs.to_read] == [note_id]
    assert [name for _, name in theirs.to_write_about] == ["Sam Example"]


def test_a_trainee_writes_one_themselves_and_agrees_to_it(supervised: World) -> None:
    note_id = begun(supervised, "sam", words="I like to meet in the morning.")
    assert readers(supervised, note_id) == {"sam"}
    do(supervised, "agree", "sam", note_id)
    assert readers(supervised, note_id) == {"sam", "jo"}
    assert read(supervised, "jo", note_id).own


@pytest.mark.parametrize("who", ["amara", "ines", "noor"])
def test_whoever_has_nothing_to_do_with_a_trainee_writes_nothing_about_them(supervised: World, who: str) -> None:
    with pytest.raises(NotHere):
        begun(supervised, who)


def test_whoever_observed_writes_also_without_an_assignment(world: World) -> None:
    world.begin()
    assert read(world, "jo", begun(world)).words == "She likes to meet in the morning."


def test_with_a_conflict_between_them_nobody_hands_over_or_reads(supervised: World) -> None:
    draft, note_id = begun(supervised), None
    note_id = agreed_by(supervised, draft)
    other = begun(supervised)
    recusal.declare(supervised.session, supervised.visitor("sam"), supervised.visitor("jo").person_id, supervised.now)
    assert readers(supervised, note_id) == {"sam"}
    with pytest.raises(NotHere):
        do(supervised, "give", "jo", other)


def agreed_by(world: World, note_id: UUID) -> UUID:
    do(world, "give", "jo", note_id)
    do(world, "agree", "sam", note_id)
    return note_id


@pytest.mark.parametrize(("act", "who"), [("give", "jo"), ("agree", "jo"), ("take_back", "jo"), ("bring_back", "jo")])
def test_once_it_is_given_its_writer_can_do_nothing_more_with_it(supervised: World, act: str, who: str) -> None:
    note_id = given(supervised)
    with pytest.raises(Refused, match="not to be changed here now"):
        do(supervised, act, who, note_id)
    jo = supervised.visitor(who)
    with pytest.raises(Refused, match="not to be changed here now"):
        handing_over.save(supervised.session, jo, supervised.place(jo), note_id, "More.", supervised.now)


def test_what_is_agreed_to_changes_only_once_it_was_taken_back(supervised: World) -> None:
    note_id, sam = agreed(supervised), supervised.visitor("sam")
    with pytest.raises(Refused, match="not to be changed here now"):
        handing_over.save(supervised.session, sam, supervised.place(sam), note_id, "Other.", supervised.now)


def test_an_empty_note_is_neither_given_nor_agreed_to(supervised: World) -> None:
    note_id = begun(supervised, words=" ")
    with pytest.raises(Refused, match="write something first"):
        do(supervised, "give", "jo", note_id)
    jo = supervised.visitor("jo")
    with pytest.raises(Refused, match="shorten"):
        handing_over.save(supervised.session, jo, supervised.place(jo), note_id, "x" * 10_001, supervised.now)
    assert begun(supervised) == note_id, "one draft at a time"


def test_people_are_told_and_the_audit_has_no_word_of_it(supervised: World) -> None:
    note_id = agreed(supervised)
    path = f"/a/{supervised.activity_id}/hand-over/{note_id}"
    told = [row.person_id for row in supervised.session.scalars(select(MessageRow).where(MessageRow.path == path))]
    assert told == [supervised.visitor("sam").person_id, supervised.visitor("jo").person_id]
    entries = [
        one
        for one in supervised.session.scalars(select(AuditEntryRow).order_by(AuditEntryRow.number))
        if one.act.startswith("hand_over")
    ]
    assert [entry.act for entry in entries] == ["hand_over.begin", "hand_over.give", "hand_over.agree"]
    assert all(not entry.facts for entry in entries)

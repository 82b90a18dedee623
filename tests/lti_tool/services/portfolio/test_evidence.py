"""Evidence belongs to whoever brings it: shared step by step, seen by name, and taken back at any time."""

import io
import os
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.file_store import Away, NotStored
from lti_tool.file_store.disk import DiskStore
from lti_tool.services.asking import ask, recusal
from lti_tool.services.courses.places import NotHere
from lti_tool.services.leaving import removing
from lti_tool.services.observations import ending, lines
from lti_tool.services.portfolio import (
    evidence,
    evidence_checks,
    evidence_clean,
    evidence_files,
    evidence_lists,
    evidence_sharing,
)
from lti_tool.store.base import new_id
from lti_tool.store.evidence import EvidenceRow
from lti_tool.store.messages import MessageKind, MessageRow
from lti_tool.store.records import AuditEntryRow
from rubrics.evidence import EvidenceKind, EvidenceState, Sharing
from rubrics.observation import Mode
from rubrics.refusal import Refused
from tests.lti_tool.documents.recordings import WHERE, photograph, recording
from tests.lti_tool.services.conftest import ASSISTANT, World
from tests.lti_tool.services.terms import course_of

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:01.000\nHello.\n"
WORDS = "I noticed that I stopped listening."


@pytest.fixture
def store(tmp_path: Path) -> DiskStore:
    return DiskStore(tmp_path / "files")


def note(world: World, sharing: Sharing = Sharing.ONLY_ME, observation_id: UUID | None = None) -> UUID:
    sam = world.visitor("sam")
    return evidence.share_note(
        world.session, sam, world.place(sam), title="After the call", words=WORDS, sharing=sharing,
        observation_id=observation_id, from_journal=False, now=world.now,
    )  # fmt: skip


def bring(world: World, store: DiskStore, path: Path, **changes: object) -> UUID:
    sam = world.visitor("sam")
    with path.open("rb") as content:
        arrived = evidence_files.arrive(store, content, 10_000_000)
    about = {"title": "A recording", "words": "", "observation_id": None} | changes
    found = evidence_files.bring(world.session, sam, world.place(sam), arrived, now=world.now, **about)  # type: ignore[arg-type]
    world.session.commit()
    return found


def look(world: World, sessions: sessionmaker[Session], store: DiskStore, id_: UUID) -> EvidenceState | None:
    world.session.commit()
    state = evidence_checks.work(sessions, store, None, id_, lambda: world.now)
    world.session.expire_all()
    return state


def row(world: World, id_: UUID) -> EvidenceRow:
    return world.session.get_one(EvidenceRow, id_, populate_existing=True)


def opens(world: World, who: str, id_: UUID) -> bool:
    try:
        evidence_lists.one_page(world.session, world.visitor(who), id_, world.now)
    except NotHere:
        return False
    return True


def observer(world: World, name: str = "rae") -> UUID:
    """Rae observes, and signs in no lane; Sam has asked them. The answer is the observation."""
    rae = world.visitor(name, ASSISTANT)
    world.grant(rae, None)
    sam = world.visitor("sam")
    return ask.request(
        world.session, sam, world.place(sam), observer_id=rae.person_id, mode=Mode.ROLE_PLAY, recorded=False,
        note=None, now=world.now,
    )  # fmt: skip


def share(world: World, id_: UUID, sharing: Sharing) -> None:
    sam = world.visitor("sam")
    shown = evidence_sharing.preview(world.session, sam, id_, sharing).shown
    evidence_sharing.share(world.session, sam, id_, sharing, shown=shown, now=world.now)


def told(world: World) -> set[UUID]:
    messages = select(MessageRow.person_id).where(MessageRow.kind == MessageKind.EVIDENCE)
    return set(world.session.scalars(messages))


def test_ux_t4_what_is_brought_is_the_owners_alone_until_they_share_it(world: World) -> None:
    observer(world)
    id_ = note(world)
    assert opens(world, "sam", id_)
    assert not any(opens(world, who, id_) for who in ("jo", "amara", "rae", "ines", "noor"))
    share(world, id_, Sharing.SUPERVISORS)
    assert [opens(world, who, id_) for who in ("jo", "amara", "rae", "ines", "noor")] == [
        True,
        True,
        False,
        False,
        False,
    ]
    share(world, id_, Sharing.ASSESSORS)
    assert [opens(world, who, id_) for who in ("jo", "amara", "rae", "ines", "noor")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_ux_t4_narrowing_is_instant_and_asks_nothing(world: World) -> None:
    observer(world)
    id_ = note(world, Sharing.ASSESSORS)
    assert opens(world, "rae", id_)
    sam = world.visitor("sam")
    evidence_sharing.share(world.session, sam, id_, Sharing.SUPERVISORS, shown="", now=world.now)
    assert not opens(world, "rae", id_)
    evidence_sharing.share(world.session, sam, id_, Sharing.ONLY_ME, shown="", now=world.now)
    assert not opens(world, "jo", id_)


def test_ux_t5_widening_needs_a_look_at_exactly_what_others_will_read(world: World) -> None:
    id_ = note(world)
    sam = world.visitor("sam")
    with pytest.raises(Refused, match="look at what the others will read"):
        evidence_sharing.share(world.session, sam, id_, Sharing.SUPERVISORS, shown="", now=world.now)
    shown = evidence_sharing.preview(world.session, sam, id_, Sharing.SUPERVISORS)
    assert {one.name for one in shown.people} == {"Jo Example", "Amara Example"}
    row(world, id_).words = "Something else."
    world.session.flush()
    with pytest.raises(Refused, match="look at what the others will read"):
        evidence_sharing.share(world.session, sam, id_, Sharing.SUPERVISORS, shown=shown.shown, now=world.now)


def test_the_list_of_what_is_shared_and_the_page_of_one_say_the_same(world: World) -> None:
    """One rule, written twice: as a condition of the database and for one row."""
    observation_id = observer(world)
    made = [note(world, sharing, at) for sharing in Sharing for at in (None, observation_id)]
    other = world.visitor("noor")
    for who in ("jo", "amara", "rae", "noor", "ines"):
        visitor = world.visitor(who)
        listed = evidence_lists.shared(world.session, visitor, world.place(visitor), 0, 100)
        assert {one.id for one in listed} == {id_ for id_ in made if opens(world, who, id_)}, who
        assert evidence_lists.count_of_shared(world.session, visitor, world.place(visitor)) == len(listed)
        for id_ in made:
            named = {
                one.id for one in evidence_lists.who_would_see(world.session, row(world, id_), row(world, id_).sharing)
            }
            assert (visitor.person_id in named) == opens(world, who, id_), who
    assert not evidence_lists.shared(world.session, other, world.place(other), 0, 100)


def test_what_belongs_to_an_observation_is_for_its_observers_only(world: World) -> None:
    one = observer(world)
    observer(world, "kim")
    id_ = note(world, Sharing.ASSESSORS, one)
    assert opens(world, "rae", id_)
    assert not opens(world, "kim", id_)
    seen = evidence_lists.of_observation(
        world.session, world.visitor("rae"), lines.line(world.session, world.organization_id, one)
    )
    assert [each.id for each in seen.shown] == [id_]


def test_cap_c7_with_an_observation_that_is_taken_back_its_evidence_is_the_trainees_alone(world: World) -> None:
    observation_id = observer(world)
    id_ = note(world, Sharing.ASSESSORS, observation_id)
    ask.withdraw(world.session, world.visitor("sam"), observation_id, world.now)
    assert not any(opens(world, who, id_) for who in ("jo", "amara", "rae"))


def test_whoever_was_asked_for_what_never_took_place_sees_nothing_by_it(world: World) -> None:
    observation_id = observer(world)
    alone, with_it = note(world, Sharing.ASSESSORS), note(world, Sharing.ASSESSORS, observation_id)
    assert opens(world, "rae", alone)
    assert opens(world, "rae", with_it)
    ending.cancel(world.session, world.visitor("sam"), observation_id, world.now)
    assert not any(opens(world, "rae", id_) for id_ in (alone, with_it))
    people = evidence_sharing.preview(world.session, world.visitor("sam"), alone, Sharing.ASSESSORS).people
    assert "Rae Example" not in {one.name for one in people}


def test_with_whom_a_conflict_stands_nothing_is_shared(world: World) -> None:
    id_ = note(world, Sharing.SUPERVISORS)
    recusal.declare(world.session, world.visitor("sam"), world.visitor("jo").person_id, world.now)
    assert not opens(world, "jo", id_)
    assert opens(world, "amara", id_)
    people = evidence_sharing.preview(world.session, world.visitor("sam"), id_, Sharing.SUPERVISORS).people
    assert {one.name for one in people} == {"Amara Example"}


def test_its_owner_sees_who_opened_it(world: World) -> None:
    id_ = note(world, Sharing.SUPERVISORS)
    sam = world.visitor("sam")
    assert evidence_lists.one_page(world.session, sam, id_, world.now).seen_by == ()
    opens(world, "jo", id_)
    later = world.now + timedelta(hours=2)
    evidence_lists.one_page(world.session, world.visitor("jo"), id_, later)
    seen = evidence_lists.one_page(world.session, sam, id_, later).seen_by
    assert [(one.name, one.last_at) for one in seen] == [("Jo Example", later)]
    assert evidence_lists.one_page(world.session, world.visitor("jo"), id_, later).seen_by == ()


def test_whoever_can_open_it_now_is_told_once_and_nobody_before(world: World) -> None:
    observer(world)
    id_ = note(world)
    assert told(world) == set()
    share(world, id_, Sharing.SUPERVISORS)
    supervisors = {world.visitor(who).person_id for who in ("jo", "amara")}
    assert told(world) == supervisors
    share(world, id_, Sharing.ASSESSORS)
    assert told(world) == supervisors | {world.visitor("rae").person_id}


def test_cap_b7_an_excerpt_of_a_journal_is_a_note_of_its_own_and_the_audit_has_no_word_of_it(world: World) -> None:
    sam = world.visitor("sam")
    id_ = evidence.share_note(
        world.session, sam, world.place(sam), title="From my journal", words=WORDS, sharing=Sharing.SUPERVISORS,
        observation_id=None, from_journal=True, now=world.now,
    )  # fmt: skip
    assert row(world, id_).from_journal
    assert opens(world, "jo", id_)
    entries = world.session.scalars(select(AuditEntryRow).where(AuditEntryRow.act == "evidence.bring"))
    assert [entry.facts for entry in entries] == [{"kind": "note", "sharing": "supervisors"}]


def test_to_an_observation_of_somebody_else_nothing_can_belong(world: World) -> None:
    observation_id = observer(world)
    noor = world.visitor("noor")
    with pytest.raises(NotHere):
        evidence.bring_link(
            world.session, noor, world.place(noor), title="A talk", address="https://talks.example/1", words="",
            observation_id=observation_id, now=world.now,
        )  # fmt: skip


def test_ux_c5_what_is_taken_back_is_hidden_at_once_and_can_be_brought_back_for_a_day(world: World) -> None:
    id_ = note(world, Sharing.SUPERVISORS)
    sam = world.visitor("sam")
    assert not evidence_sharing.bring_back(world.session, sam, id_, world.now)  # it was not taken back
    for moment in (world.now, world.now + timedelta(hours=1)):  # twice is once
        evidence_sharing.take_back(world.session, sam, id_, moment)
    assert row(world, id_).withdrawn_at == world.now
    with pytest.raises(Refused, match="bring it back first"):
        share(world, id_, Sharing.SUPERVISORS)
    assert not opens(world, "jo", id_)
    assert opens(world, "sam", id_)
    evidence_sharing.bring_back(world.session, sam, id_, world.now + timedelta(hours=23))
    assert row(world, id_).state is EvidenceState.READY
    assert row(world, id_).sharing is Sharing.ONLY_ME
    evidence_sharing.take_back(world.session, sam, id_, world.now)
    with pytest.raises(Refused, match="A day has gone by"):
        evidence_sharing.bring_back(world.session, sam, id_, world.now + timedelta(hours=24))


def test_ux_c5_a_day_after_it_was_taken_back_its_words_and_its_file_are_gone(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    id_ = bring(world, store, photograph(tmp_path / "came"))
    look(world, sessions, store, id_)
    evidence_sharing.take_back(world.session, world.visitor("sam"), id_, world.now)
    assert evidence_clean.purge(world.session, world.now + timedelta(hours=23)) == ()
    names = evidence_clean.purge(world.session, world.now + timedelta(hours=25))
    evidence_checks.delete(store, names)
    assert list(store.names()) == []
    assert (row(world, id_).title, row(world, id_).stored_name) == (None, None)
    assert not opens(world, "sam", id_)
    assert evidence_clean.purge(world.session, world.now + timedelta(hours=26)) == ()


def test_ux_c5_its_content_can_be_taken_away_at_once(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    id_ = bring(world, store, photograph(tmp_path / "came"))
    sam = world.visitor("sam")
    with pytest.raises(Refused, match="take it back first"):
        evidence_sharing.take_away(world.session, sam, id_, world.now)
    evidence_sharing.take_back(world.session, sam, id_, world.now)
    assert len(evidence_sharing.take_away(world.session, sam, id_, world.now)) == 1
    world.session.commit()
    assert look(world, sessions, store, id_) is None


def test_a_file_is_looked_at_before_anybody_can_open_it(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    id_ = bring(world, store, photograph(tmp_path / "came"))
    share(world, id_, Sharing.SUPERVISORS)
    world.session.commit()
    assert not opens(world, "jo", id_)
    assert told(world) == set()
    with pytest.raises(NotHere):
        evidence_files.content(world.session, world.visitor("sam"), id_, world.now)
    assert look(world, sessions, store, id_) is EvidenceState.READY
    assert opens(world, "jo", id_)
    assert told(world) == {world.visitor(who).person_id for who in ("jo", "amara")}
    found = evidence_files.content(world.session, world.visitor("jo"), id_, world.now)
    kept = b"".join(store.read(found.name))
    assert (found.media_type, found.size) == ("image/jpeg", len(kept))
    assert WHERE.encode() not in kept
    assert [name for name, _ in store.names()] == [found.name], "what came is deleted"


def test_a_file_that_cannot_be_used_says_why_and_nothing_of_it_is_kept(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    cut = tmp_path / "came"
    cut.write_bytes(photograph(tmp_path / "whole", size=(400, 300)).read_bytes()[:700])
    id_ = bring(world, store, cut, words="What I said about it.")
    assert look(world, sessions, store, id_) is EvidenceState.NOT_TAKEN
    found = evidence_lists.one_page(world.session, world.visitor("sam"), id_, world.now).one
    assert (found.problem, found.words) == ("file_broken", "What I said about it.")
    assert list(store.names()) == []
    assert told(world) == {world.visitor("sam").person_id}
    assert look(world, sessions, store, id_) is None


@pytest.mark.parametrize(
    ("content", "code"), [(b"", "file_empty"), (b"<html>", "file_kind"), (b"\xff\xd8\xff" + bytes(20), "file_large")]
)
def test_what_can_be_said_at_once_is_said_at_once_and_nothing_is_kept(
    store: DiskStore, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as caught:
        evidence_files.arrive(store, io.BytesIO(content), 20)
    assert caught.value.code == code
    assert list(store.names()) == []


class Silent(DiskStore):
    """Does not answer."""

    def read(self, name: str, first: int = 0, size: int | None = None) -> object:  # type: ignore[override]
        raise Away


def test_a_store_that_does_not_answer_is_asked_again(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    id_ = bring(world, store, photograph(tmp_path / "came"))
    with pytest.raises(Away):
        look(world, sessions, Silent(tmp_path / "files"), id_)
    assert evidence_checks.due(world.session, world.now) == (id_,)
    world.session.commit()
    assert look(world, sessions, store, id_) is EvidenceState.READY


def test_a_file_whose_worker_went_down_is_begun_again_and_after_three_times_given_up(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    id_ = bring(world, store, photograph(tmp_path / "came"))
    now = world.now
    for _ in range(3):
        with sessions.begin() as session:
            assert evidence_checks.take(session, id_, now) is not None
        with sessions.begin() as session:
            assert evidence_checks.take(session, id_, now) is None, "somebody has it"
            assert evidence_checks.due(session, now) == ()
        now += timedelta(hours=2)
        with sessions.begin() as session:
            assert evidence_checks.due(session, now) == (id_,)
    with sessions.begin() as session:
        assert evidence_checks.take(session, id_, now) is None
    assert (row(world, id_).state, row(world, id_).problem) == (EvidenceState.NOT_TAKEN, "gave_up")


def test_taken_back_while_it_is_looked_at_it_can_still_be_brought_back(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    id_ = bring(world, store, photograph(tmp_path / "came"))
    sam = world.visitor("sam")
    evidence_sharing.take_back(world.session, sam, id_, world.now)
    assert evidence_sharing.bring_back(world.session, sam, id_, world.now)
    world.session.commit()
    assert look(world, sessions, store, id_) is EvidenceState.READY
    evidence_sharing.take_back(world.session, sam, id_, world.now)
    assert not evidence_sharing.bring_back(world.session, sam, id_, world.now)
    assert row(world, id_).state is EvidenceState.READY


def test_cap_c12_a_video_without_captions_cannot_be_required_viewing(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    observation_id = observer(world)
    source = recording(tmp_path / "came", format="mp4", video="libx264", audio="aac")
    id_ = bring(world, store, source, observation_id=observation_id)
    look(world, sessions, store, id_)
    sam = world.visitor("sam")
    with pytest.raises(Refused, match="captions first"):
        evidence_sharing.require(world.session, sam, id_, required=True, now=world.now)
    evidence_files.bring_captions(world.session, sam, store, id_, CAPTIONS, language="en", now=world.now)
    evidence_sharing.require(world.session, sam, id_, required=True, now=world.now)
    share(world, id_, Sharing.ASSESSORS)
    line = lines.line(world.session, world.organization_id, observation_id)
    rae = world.visitor("rae")
    assert evidence_lists.of_observation(world.session, rae, line).not_seen == {id_}
    assert b"".join(evidence_files.captions(world.session, rae, store, id_, world.now)) == CAPTIONS
    assert evidence_lists.of_observation(world.session, rae, line).not_seen == set()


def test_ux_c4_a_reflection_can_be_spoken(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    """As a browser records it: sound in a WebM."""
    source = recording(tmp_path / "came", format="webm", video=None, audio="libopus")
    id_ = bring(world, store, source)
    assert look(world, sessions, store, id_) is EvidenceState.READY
    assert row(world, id_).kind is EvidenceKind.AUDIO


def test_what_a_disk_has_of_a_file_that_did_not_come_whole_is_deleted_after_a_day(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    """Also as versions before named it."""
    id_ = bring(world, store, photograph(tmp_path / "came"))
    name, now_lying = "b" * 32, tmp_path / "now-lying"

    class Watched(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            (part,) = (each for each, _ in store.names() if each.endswith(".part"))
            now_lying.write_text(part)
            return super().read(size)

    store.put(name, Watched(b"as it comes"))
    for part in (now_lying.read_text(), f"{name}.part", f"{name}{'c' * 8}.part"):
        store.put(name, io.BytesIO(b"half of it"))
        (whole,) = tmp_path.rglob(name)
        whole.rename(whole.with_name(part))
    world.session.commit()
    assert evidence_clean.delete_strays(sessions, store, world.now.replace(year=2100)) == 3
    assert [each for each, _ in store.names()] == [row(world, id_).stored_name]


def test_files_that_belong_to_nothing_are_deleted_after_a_day_and_others_never(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    store.put("a" * 32, io.BytesIO(b"stray"))
    store.put("notours", io.BytesIO(b"not ours"))
    much_later = world.now.replace(year=2100)
    world.session.commit()
    assert evidence_clean.delete_strays(sessions, store, much_later) == 0, "no row names any file: not our database"
    id_ = bring(world, store, photograph(tmp_path / "came"))
    assert evidence_clean.delete_strays(sessions, store, world.now.replace(year=2000)) == 0
    assert evidence_clean.delete_strays(sessions, store, much_later) == 1
    assert {name for name, _ in store.names()} == {"notours", row(world, id_).stored_name}
    with pytest.raises(NotStored):
        store.read("a" * 32)


def test_files_of_an_organization_that_was_removed_belong_to_nothing_even_where_no_row_names_any_other(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    bring(world, store, photograph(tmp_path / "came"))
    removing.remove(world.session, world.organization_id, None, world.now)
    world.session.commit()
    assert evidence_clean.delete_strays(sessions, store, world.now.replace(year=2100)) == 1
    assert list(store.names()) == []


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "ftp://a.example/", "https://", "https://sam:secret@a.example/", "https://[::", ""],
)
def test_only_addresses_of_the_web_are_taken_as_links(world: World, address: str) -> None:
    sam = world.visitor("sam")
    with pytest.raises(Refused, match=r"[Pp]lease"):
        evidence.bring_link(
            world.session, sam, world.place(sam), title="A talk", address=address, words="", observation_id=None,
            now=world.now,
        )  # fmt: skip


def test_a_copy_that_a_worker_left_behind_is_taken_away(tmp_path: Path, world: World) -> None:
    left, under_way, other = (tmp_path / name for name in ("looking-a", "looking-b", "ab"))
    for folder in (left, under_way, other):
        folder.mkdir()
        (folder / "came").write_bytes(b"as it came")
    before = (world.now - timedelta(hours=2)).timestamp()
    for folder in (left, other):
        os.utime(folder, (before, before))
    os.utime(under_way, (world.now.timestamp(), world.now.timestamp()))
    evidence_checks.clear(tmp_path, world.now)
    assert [folder.exists() for folder in (left, under_way, other)] == [False, True, True]


def test_ux_t4_in_a_course_for_reading_only_sharing_is_narrowed_and_nothing_is_shared_anew(world: World) -> None:
    shared, own = note(world, Sharing.ASSESSORS), note(world)
    course_of(world).archived_at, course_of(world).archived_by = world.now, world.visitor("ines").person_id
    world.session.flush()
    with pytest.raises(Refused, match="kept for reading only"):
        share(world, own, Sharing.SUPERVISORS)
    with pytest.raises(Refused, match="kept for reading only"):
        note(world)
    share(world, shared, Sharing.ONLY_ME)
    evidence_sharing.take_back(world.session, world.visitor("sam"), shared, world.now)
    assert not opens(world, "jo", shared)


def test_one_person_cannot_fill_the_disk_for_everybody(world: World, store: DiskStore, tmp_path: Path) -> None:
    picture = photograph(tmp_path / "picture.jpg")
    id_ = bring(world, store, picture)
    row(world, id_).size = evidence.MOST_BYTES - 1
    evidence_sharing.take_back(world.session, world.visitor("sam"), id_, world.now)
    with pytest.raises(Refused, match="take one back first"):
        bring(world, store, picture)
    assert note(world)
    evidence_sharing.take_away(world.session, world.visitor("sam"), id_, world.now)
    assert bring(world, store, picture)


def test_captions_belong_to_a_recording_and_say_their_language(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    sam = world.visitor("sam")
    with pytest.raises(Refused, match="belong to a video"):
        evidence_files.bring_captions(
            world.session, sam, store, note(world), CAPTIONS, language="en", now=world.now
        )  # fmt: skip
    id_ = bring(world, store, recording(tmp_path / "came", format="webm", video=None, audio="libopus"))
    look(world, sessions, store, id_)
    for language in ("", "-", "español"):
        with pytest.raises(Refused, match="which language"):
            evidence_files.bring_captions(world.session, sam, store, id_, CAPTIONS, language=language, now=world.now)
    assert row(world, id_).captions_name is None


def test_a_file_that_cannot_be_used_is_not_shared(world: World) -> None:
    id_ = note(world)
    world.session.execute(update(EvidenceRow).values(state=EvidenceState.NOT_TAKEN))
    with pytest.raises(Refused, match="nothing here that others could open"):
        share(world, id_, Sharing.SUPERVISORS)


def test_nobody_brings_more_than_anybody_can_look_through(world: World) -> None:
    id_ = note(world)
    same = {name: getattr(row(world, id_), name) for name in row(world, id_).__table__.columns.keys()}  # noqa: SIM118
    world.session.execute(
        insert(EvidenceRow), [same | {"id": new_id()} for _ in range(evidence.MOST - 1)]
    )  # fmt: skip
    with pytest.raises(Refused, match="a great deal here"):
        note(world)


def test_what_is_brought_belongs_to_an_observation_is_required_and_belongs_to_none_again(world: World) -> None:
    observation_id, sam = observer(world), world.visitor("sam")
    id_ = note(world)

    def require(required: bool) -> None:
        evidence_sharing.require(world.session, sam, id_, required=required, now=world.now)

    with pytest.raises(Refused, match="choose the observation"):
        require(True)
    for _ in range(2):
        evidence_sharing.attach(world.session, sam, id_, observation_id, world.now)
    acts = select(AuditEntryRow.act).where(AuditEntryRow.subject == f"evidence:{id_}")
    assert world.session.scalars(acts).all().count("evidence.attach") == 1
    for required in (True, True, False):
        require(required)
        assert row(world, id_).required_viewing is required
    assert world.session.scalars(acts).all().count("evidence.required") == 2
    share(world, id_, Sharing.ASSESSORS)
    share(world, id_, Sharing.ASSESSORS)
    evidence_sharing.attach(world.session, sam, id_, None, world.now)
    assert (row(world, id_).observation_id, row(world, id_).sharing) == (None, Sharing.ONLY_ME)


def test_what_was_taken_away_while_it_was_looked_at_leaves_no_file(
    world: World, sessions: sessionmaker[Session], store: DiskStore, tmp_path: Path
) -> None:
    sam, content = world.visitor("sam"), photograph(tmp_path / "came")
    for problem in (None, "file_kind"):
        id_ = bring(world, store, content)
        with sessions.begin() as session:
            job = evidence_checks.take(session, id_, world.now)
        assert job is not None
        result = evidence_checks._looked_at(store, None, job)
        evidence_sharing.take_back(world.session, sam, id_, world.now)
        names = evidence_sharing.take_away(world.session, sam, id_, world.now)
        world.session.commit()
        evidence_checks.delete(store, names)
        if problem is None:
            assert evidence_checks._settled(sessions, store, job, result, lambda: world.now) is None
        else:
            assert evidence_checks._not_taken(sessions, store, job, problem, lambda: world.now) is None
            store.delete(result.name)
        assert list(store.names()) == []


class Stuck(DiskStore):
    """Takes nothing away."""

    def delete(self, name: str) -> None:
        raise Away


def test_a_file_that_cannot_be_deleted_yet_stays_for_the_night(store: DiskStore, tmp_path: Path) -> None:
    store.put("0" * 32, io.BytesIO(b"content"))
    evidence_checks.delete(Stuck(tmp_path / "files"), ("0" * 32, "1" * 32))
    assert [name for name, _put_at in store.names()] == ["0" * 32]

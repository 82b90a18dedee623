"""Entries from a spreadsheet: shown first, good rows or none, found again, undone as a whole."""

from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select

from grading.ledger import EntryKind, EntryState
from lti_tool.documents import DocumentProblems
from lti_tool.documents.ledger_rows import DayOrder, day_of, read, template_csv, template_xlsx
from lti_tool.services.courses.places import NotHere
from lti_tool.services.hours import ledger_import
from lti_tool.services.hours.ledger_import_plan import Fate, Plan
from lti_tool.services.observations import waiting
from lti_tool.services.operating import clean
from lti_tool.store.ledger import LedgerEntryRow, LedgerImportRow
from rubrics.practice import PracticeModel, Setting
from rubrics.refusal import Refused
from tests.lti_tool.on_the_path import OnTheWay
from tests.lti_tool.services.conftest import World
from tests.lti_tool.services.hours.test_ledger_signing import signed
from tests.lti_tool.services.practicum.test_sites import a_site, placed

GOOD = """Kind,Day,Hours,What it was,Note
practice,2026-02-01,2.5,Warm line,
training,2026-02-02,6,Ethics,=1+1
Supervisión,2026-02-03,1:30,,
"""


def brought(world: World, text: str = GOOD, who: str = "sam") -> UUID:
    rows = read(text.encode(), source="hours.csv")
    return ledger_import.bring(world.session, world.visitor(who), rows, file_name="hours.csv", now=world.now)


def planned(world: World, import_id: UUID, who: str = "sam") -> Plan:
    return ledger_import.plan(world.session, world.visitor(who), import_id, world.now)


def taken(world: World, import_id: UUID, signer: str = "", who: str = "sam") -> int:
    shown = planned(world, import_id, who).digest
    visitor = world.visitor(who)
    return ledger_import.take_in(world.session, visitor, import_id, shown=shown, signer=signer, now=world.now)


def entries(world: World) -> list[LedgerEntryRow]:
    return list(world.session.scalars(select(LedgerEntryRow).order_by(LedgerEntryRow.on_day)))


def test_nothing_is_written_until_it_is_said(world: World) -> None:
    import_id = brought(world)
    assert [line.fate for line in planned(world, import_id).lines] == [Fate.NEW] * 3
    assert entries(world) == []
    assert taken(world, import_id) == 3
    first, second, third = entries(world)
    assert (first.kind, str(first.amount), first.title) == (EntryKind.PRACTICE, "2.50", "Warm line")
    assert (second.note, set(second.said)) == ("=1+1", {"course"})
    assert (third.kind, str(third.amount)) == (EntryKind.SUPERVISION, "1.50")
    assert {row.state for row in (first, second, third)} == {EntryState.OPEN}


def test_an_import_with_half_its_rows_wrong_names_each_and_takes_the_good_ones(world: World) -> None:
    import_id = brought(
        world,
        "Kind,Day,Hours,What it was,Site\n"
        "practice,2026-02-01,2,,\n"
        "play,2026-02-01,2,,\n"
        "practice,yesterday,2,,\n"
        "practice,2099-01-01,lots,,Nowhere\n"
        "training,2026-02-01,3,,\n",
    )
    plan = planned(world, import_id)
    looks = [[look.column for look in line.looks] for line in plan.lines]
    assert looks == [[], ["kind"], ["day"], ["day", "amount", "site"], ["title"]]
    assert [line.row.line for line in plan.lines] == [2, 3, 4, 5, 6]
    assert taken(world, import_id) == 1


PROGRAM = """\
id = "ours"
name = "Ours"
body = "Us"
time_zone = "UTC"
[names]
category = ["peer_support", "ethics"]
[[stages]]
key = "initial"
title = "Certification"
[[requirements]]
key = "practice"
stage = "initial"
title = "Practice in two areas"
covers = ["peer_support", "ethics"]
by = "category"
each_at_least = "1 hour"
of = { kind = "practice" }
"""


def test_words_of_the_program_and_of_the_template_are_taken_and_others_are_told(world: World) -> None:
    OnTheWay(world.session, world.visitor("sam"), PROGRAM, world.now)
    placed(world, a_site(world), anyway=True)
    head = "Kind,Day,Hours,Note,Site,Practice model,Setting,Category\n"
    plan = planned(
        world,
        brought(
            world,
            f"{head}practice,2026-02-01,1:30:00,,Harbor House,group,community,Ethics; peer support\n"
            "practice,2026-02-02,0.33333333,,,,,\n"
            f"practice,2026-02-03,1,{'x' * 3000},,alone,under water,ethics; weather\n",
        ),
    )
    first, second, third = plan.lines
    assert first.written is not None
    assert second.written is not None
    assert (str(first.written.amount), first.written.said) == ("1.50", {"category": ["ethics", "peer_support"]})
    assert (first.written.model, first.written.setting) == (PracticeModel.GROUP, Setting.COMMUNITY)
    assert first.written.site_id is not None
    assert str(second.written.amount) == "0.33"
    assert {look.column for look in third.looks} == {"note", "model", "setting", "category"}
    (told,) = (look.refused for look in third.looks if look.column == "category")
    assert told.values == {"found": "weather", "known": "ethics, peer support"}


def test_days_that_can_be_read_in_two_ways_are_asked_about(world: World) -> None:
    import_id = brought(world, "Kind,Day,Hours\npractice,3/2/2026,1\n")
    plan = planned(world, import_id)
    assert plan.asks_order
    assert plan.lines[0].fate is Fate.UNCLEAR
    ledger_import.choose_order(world.session, world.visitor("sam"), import_id, DayOrder.DAY_FIRST)
    plan = planned(world, import_id)
    assert not plan.asks_order
    assert plan.lines[0].written is not None
    assert plan.lines[0].written.day.isoformat() == "2026-02-03"


def test_a_file_that_says_itself_how_its_days_are_written_is_not_asked_about() -> None:
    assert day_of("13/2/2026", None) == day_of("2026-02-13", None)
    assert day_of("2/2/2026", None) is not None
    assert day_of("3/2/2026", None) is None
    assert day_of("31/31/2026", None) is None


def test_days_in_arabic_digits_are_read() -> None:
    assert day_of("٢٠٢٦-٠٣-١٤", None) == day_of("14/3/2026", None) == day_of("١٤/٣/٢٠٢٦", None)


def test_the_same_file_again_finds_what_is_there_already(world: World) -> None:
    taken(world, brought(world))
    again = planned(world, brought(world))
    assert [line.fate for line in again.lines] == [Fate.THERE] * 3
    with pytest.raises(Refused) as refused:
        taken(world, brought(world))
    assert refused.value.code == "nothing_new"


def test_two_equal_rows_are_two_entries_and_are_both_found_again(world: World) -> None:
    text = "Kind,Day,Hours\npractice,2026-02-01,1\npractice,2026-02-01,1\n"
    assert taken(world, brought(world, text)) == 2
    assert planned(world, brought(world, text)).count(Fate.THERE) == 2


def test_what_changed_since_it_was_shown_is_not_written(world: World) -> None:
    import_id, sam = brought(world), world.visitor("sam")
    shown = planned(world, import_id).digest
    taken(world, brought(world))
    with pytest.raises(Refused) as refused:
        ledger_import.take_in(world.session, sam, import_id, shown=shown, signer="", now=world.now)
    assert refused.value.code == "changed_since_shown"


def test_good_rows_can_be_handed_over_at_once(world: World) -> None:
    import_id = brought(world)
    jo = next(one for one in planned(world, import_id).signers if one.name.startswith("Jo"))
    taken(world, import_id, jo.key)
    assert waiting.waiting(world.session, world.visitor("jo"), world.now).count == 3


def test_who_cannot_sign_is_not_handed_anything_and_a_file_is_put_away_once(world: World) -> None:
    import_id, sam = brought(world), world.visitor("sam")
    with pytest.raises(Refused) as refused:
        taken(world, import_id, "nobody")
    assert (refused.value.code, entries(world)) == ("signer", [])
    for later in range(2):
        ledger_import.put_away(world.session, sam, import_id, world.now + timedelta(hours=later))
    assert world.session.get_one(LedgerImportRow, import_id).put_away_at == world.now


def test_all_of_it_is_undone_while_nothing_is_signed(world: World) -> None:
    import_id, sam = brought(world), world.visitor("sam")
    ledger_import.undo(world.session, sam, import_id, world.now)  # before anything is taken in it does nothing
    taken(world, import_id)
    ledger_import.undo(world.session, sam, import_id, world.now)
    ledger_import.undo(world.session, sam, import_id, world.now)
    assert world.session.scalars(select(func.count(LedgerEntryRow.id))).one() == 0


def test_once_one_of_it_is_signed_all_of_it_stays(world: World) -> None:
    import_id, sam = brought(world), world.visitor("sam")
    jo = next(one for one in planned(world, import_id).signers if one.name.startswith("Jo"))
    taken(world, import_id, jo.key)
    signed(world, entries(world)[0].id)
    with pytest.raises(Refused):
        ledger_import.undo(world.session, sam, import_id, world.now)
    assert not ledger_import.found(world.session, sam, import_id).can_undo
    assert len(entries(world)) == 3


def test_nobody_else_finds_the_file(world: World) -> None:
    import_id = brought(world)
    with pytest.raises(NotHere):
        planned(world, import_id, "noor")


def test_a_file_that_is_put_away_is_gone(world: World) -> None:
    import_id, sam = brought(world), world.visitor("sam")
    ledger_import.put_away(world.session, sam, import_id, world.now)
    assert world.session.get_one(LedgerImportRow, import_id).rows is None
    with pytest.raises(NotHere):
        planned(world, import_id)


def test_files_that_nobody_takes_in_go_after_a_month(world: World) -> None:
    import_id = brought(world)
    clean.clean(world.session, world.now + clean.IMPORTS_KEPT * 2)
    world.session.expire_all()
    assert world.session.get_one(LedgerImportRow, import_id).rows is None


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_templates_can_be_read_again(language: str) -> None:
    assert read(template_csv(language), source="hours.csv") == ()
    assert read(template_xlsx(language), source="hours.xlsx") == ()


def test_more_rows_than_anybody_looks_through_are_told() -> None:
    with pytest.raises(DocumentProblems, match="2000"):
        read(b"Kind,Day,Hours\n" + b"practice,2026-02-01,1\n" * 2001, source="hours.csv")


def test_a_column_that_is_not_known_is_named() -> None:
    with pytest.raises(DocumentProblems) as problems:
        read(b"Kind,Day,Hours,Weather\npractice,2026-02-01,1,rain\n", source="hours.csv")
    assert "Weather" in str(problems.value)


def ods(rows: str) -> bytes:
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Hours">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
    return file.getvalue()


def test_a_libreoffice_sheet_is_read_as_people_see_it() -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    head = "".join(cell.format(each) for each in ("Kind", "Day", "Hours"))
    body = (
        cell.format("practice")
        + '<table:table-cell office:value-type="date" office:date-value="2026-02-01"/>'
        + '<text:soft-page-break/><table:table-cell office:value-type="float" office:value="2.5"/>'
        + '<table:table-cell table:number-columns-repeated="16000"/>'
    )
    timed = body.replace(
        'office:value-type="float" office:value="2.5"', 'office:value-type="time" office:time-value="PT01H30M00S"'
    )
    empty = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell/></table:table-row>'
    found = read(
        ods(
            f"<table:table-row>{head}</table:table-row><table:table-row>{body}</table:table-row><table:table-row>{timed}</table:table-row>{empty}"
        ),
        source="hours.ods",
    )
    assert [dict(row.cells) for row in found] == [
        {"kind": "practice", "day": "2026-02-01", "amount": amount} for amount in ("2.5", "1:30")
    ]


def test_a_libreoffice_sheet_that_is_damaged_says_what_helps() -> None:
    with pytest.raises(DocumentProblems):
        read(ods("<broken"), source="hours.ods")

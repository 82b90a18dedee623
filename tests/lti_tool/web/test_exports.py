"""Taking tables and packages along, as people do it."""

import csv
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from lti_tool.documents.package_check import check
from lti_tool.file_store.disk import DiskStore
from lti_tool.services.exchange import exporting_work
from lti_tool.web.exchange import exports
from tests.lti_tool.services.equity.test_funder import people as many_on_the_way
from tests.lti_tool.services.path_rows import an_entry, on_the_way, program_lead
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of


def follow(course: Course, who: str, page: str, **fields: str) -> Any:
    """Post the form of the page, and go where it leads."""
    answer = course.browser(who).act(page, **fields)
    assert answer.status_code == 303, Read(answer.text).text
    return course.browser(who).get(answer.location)


def test_a_small_table_comes_at_once(course: Course) -> None:
    an_entry(course.world, title="Warm line")
    course.kept()
    answer = follow(course, "sam", "/exports", of="mine", what="ledger", form="csv")
    (row,) = csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig")))
    assert row["Title"] == "Warm line"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_is_still_to_choose_is_said_and_nothing_chosen_is_lost(course: Course) -> None:
    answer = course.browser("sam").act("/exports", of="mine", what="ledger")
    assert answer.status_code == 422
    assert "Please choose what kind of file" in Read(answer.text).text
    assert 'value="ledger" checked' in " ".join(answer.text.split())


def test_however_many_sorts_of_tables_there_are_the_page_has_one_main_action(course: Course) -> None:
    program_lead(course.world)
    course.kept()
    html = course.browser("lea").get("/exports").text
    assert html.count("Take it along") == 2
    assert list(problems_of(html)) == []


def test_a_table_of_a_course_is_for_who_instructs_it(course: Course) -> None:
    course.signed()
    answer = follow(course, "ines", f"{course.home}/exports", what="observations", form="xlsx")
    assert answer.get_data().startswith(b"PK")
    assert course.browser("sam").get(f"{course.home}/exports").status_code == 403


def test_a_large_one_is_a_file_with_its_progress_kept_for_whoever_asked(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "SMALL", 1)
    store = DiskStore(tmp_path / "files")
    joined = course.app.extensions["attune"]
    monkeypatch.setitem(course.app.extensions, "attune", type(joined)(**{**_fields(joined), "files": store}))
    an_entry(course.world, title="Warm line")
    course.kept()
    answer = course.browser("sam").act("/exports", of="mine", what="ledger", form="csv")
    page = answer.location
    assert "waits for its turn" in course.browser("sam").get(page).text
    assert 'data-reading="open"' in course.browser("sam").get(f"{page}/progress").text
    exporting_work.work(joined.sessions.writing, store, UUID(page.rpartition("/")[2]), joined.clock)
    shown = course.browser("sam").get(page).text
    assert "It is ready" in shown
    assert b"Warm line" in course.browser("sam").get(f"{page}/file").get_data()
    for who in ("noor", "ines"):
        assert course.browser(who).get(page).status_code == 404
        assert course.browser(who).get(f"{page}/file").status_code == 404


def _fields(joined: Any) -> dict[str, Any]:
    return {name: getattr(joined, name) for name in joined.__dataclass_fields__}


def test_cap_d8_a_board_package_holds_once_it_left(course: Course) -> None:
    enrollment_id = on_the_way(course.world).id
    an_entry(course.world, amount="2.5")
    program_lead(course.world)
    course.kept()
    page = course.browser("lea").get(f"/people-of/{enrollment_id}/board")
    assert "attune audit verify" in page.text
    content = course.browser("lea").get(f"/people-of/{enrollment_id}/board.zip").get_data()
    found = check(content)
    assert (found.troubles, found.person) == ((), "Sam Example")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert set(archive.namelist()) == {"package.json", "board.pdf", "read-me.txt"}
        assert archive.read("board.pdf").startswith(b"%PDF")
    assert course.browser("sam").get(f"/path/{enrollment_id}/board.zip").status_code == 200
    assert course.browser("noor").get(f"/path/{enrollment_id}/board.zip").status_code == 404
    assert course.browser("ines").get(f"/people-of/{enrollment_id}/board.zip").status_code == 404


def test_cap_d9_the_record_that_goes_along_is_a_package_too_and_a_changed_file_is_named(course: Course) -> None:
    enrollment_id = on_the_way(course.world).id
    course.signed()
    content = course.browser("sam").get(f"/path/{enrollment_id}/transcript.zip").get_data()
    assert check(content).troubles == ()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert json.loads(files["package.json"])["package"]["documents"]["evidence.json"] == files["evidence.json"].decode()
    files["evidence.json"] += b" "
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, inside in files.items():
            archive.writestr(name, inside)
    assert [each.where for each in check(changed.getvalue()).troubles] == ["evidence.json"]


def test_cap_f8_a_program_lead_draws_a_funders_report_up_and_one_of_few_says_so(course: Course) -> None:
    program_id = str(on_the_way(course.world).program_id)
    program_lead(course.world)
    course.kept()
    answer = course.browser("lea").act(
        "/reports/funder", program=program_id, since="2025-01-01", until="2026-03-01", minimum="10"
    )
    assert answer.status_code == 422
    assert "too few to tell anything of them" in Read(answer.text).text
    assert course.browser("ines").get("/reports/funder").status_code == 404


def test_cap_f8_a_report_is_asked_for_regularly_and_stopped(course: Course) -> None:
    program_id = str(on_the_way(course.world).program_id)
    program_lead(course.world)
    course.kept()
    lea, path = course.browser("lea"), "/reports/funder/schedule"
    asked = {"every_program": program_id, "every_since": "2026-01-01", "every_minimum": "10"}
    odd = lea.act(path, **asked, months="5")
    assert odd.status_code == 422
    assert 'value="2026-01-01"' in odd.text
    assert lea.act(path, **asked, months="3").status_code == 303
    page = lea.get("/reports/funder")
    assert "of those who entered from" in Read(page.text).text
    stop = re.search(r'action="(/reports/funder/schedule/[^"]+/end)"', page.text)
    assert stop
    assert course.browser("ines").act(stop[1]).status_code == 404
    assert lea.act(stop[1]).status_code == 303
    assert stop[1] not in lea.get("/reports/funder").text


def test_cap_f8_a_funder_reads_numbers_of_many_and_where_small_ones_are_held_back(course: Course) -> None:
    program_id = str(many_on_the_way(course.world, 12))
    program_lead(course.world)
    course.kept()
    lea, wanted = course.browser("lea"), {"program": program_id, "since": "2025-01-01", "until": "2026-03-02"}
    for changes, words in (
        ({"program": ""}, "Please choose a program."), ({"until": "soon"}, "Please write each day"),
        ({"since": ""}, "Please write each day"),
    ):  # fmt: skip
        asked = lea.act("/reports/funder", **(wanted | {"minimum": "10"} | changes))
        assert (asked.status_code, words in Read(asked.text).text) == (422, True), changes
    answer = lea.act("/reports/funder", minimum="10", **wanted)
    assert answer.status_code == 303, Read(answer.text).text
    report = Read(lea.get(answer.location).text).text
    for words in ("Peer support", "On the way", "Signed hours: By kind", "practice", "held back: of few people"):
        assert words in report, words
    every = {"every_program": program_id, "every_since": "2026-01-01", "every_minimum": "10", "months": "3"}
    for changes in ({"every_program": ""}, {"every_since": "soon"}, {"every_since": ""}):
        assert lea.act("/reports/funder/schedule", **(every | changes)).status_code == 422, changes


def test_tables_of_a_program_are_for_its_leads_and_a_large_one_needs_a_place_for_files(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program_id = on_the_way(course.world).program_id
    program_lead(course.world)
    an_entry(course.world)
    course.kept()
    at = f"/programs/{program_id}/exports"
    what = Read(course.browser("lea").get(at).text).fields["what"][0]["value"]
    assert follow(course, "lea", at, what=str(what), form="csv").status_code == 200
    assert course.browser("ines").get(at).status_code == 404
    monkeypatch.setattr(exports, "SMALL", 1)
    joined, usual = course.app.extensions["attune"], {"of": "mine", "what": "ledger", "form": "csv"}
    monkeypatch.setitem(course.app.extensions, "attune", type(joined)(**{**_fields(joined), "files": None}))
    refused = course.browser("sam").act("/exports", **usual)
    assert refused.status_code == 422
    assert "there is no place for files yet" in Read(refused.text).text
    store = DiskStore(tmp_path / "files")
    monkeypatch.setitem(course.app.extensions, "attune", type(joined)(**{**_fields(joined), "files": store}))
    page = course.browser("sam").act("/exports", "another-key-of-a-form", **usual).location
    exporting_work.work(joined.sessions.writing, store, UUID(page.rpartition("/")[2]), joined.clock)
    for file in (tmp_path / "files").rglob("*"):
        if file.is_file():
            file.unlink()
    assert course.browser("sam").get(f"{page}/file").status_code == 404
    later = course.browser("sam").act("/exports", "a-third-key-of-a-form", **usual).location
    off = course.browser("sam").act(f"{later}/call-off")
    assert (off.status_code, off.location) == (303, "/exports?said=export_called_off")

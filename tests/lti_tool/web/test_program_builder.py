"""Writing a program on the web: by forms without scripts, by saves with them; two writers lose nothing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.access import Capability
from lti_tool.documents.program import read_program
from lti_tool.documents.shipped_programs import SHIPPED
from lti_tool.services.programs.program_drafts import draft
from lti_tool.store.programs import ProgramVersionRow
from tests.conftest import Clock
from tests.lti_tool.web.conftest import Browser
from tests.lti_tool.web.desk import Desk, FilledIn
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_every_page import problems_of

TRAINING = "/requirements/training"
NUMBER, UNIT = "requirements/training/at_least/number", "requirements/training/at_least/unit"
PAGES = (
    "",
    TRAINING,
    "/stages/initial",
    "/about",
    "/toml",
    "/toml?line=3",
    "/history",
    "/try",
    "/publish",
    "/put-away",
)


class Writing:
    """A draft of a program, and two leads at their browsers."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.form, self.save, self.send = desk.form, desk.save, desk.send

    def begin(self, name: str = "Our peers", **fields: str) -> None:
        answer = self.desk.browsers["Lea"].act("/programs/write", name=name, body="Us", time_zone="UTC", **fields)
        assert answer.status_code == 303, answer.text
        self.desk.home = answer.location.split("?")[0]

    @property
    def program_id(self) -> UUID:
        return UUID(self.desk.home.split("/")[2])

    @property
    def text(self) -> str:
        with self.desk.sessions() as session:
            return draft(session, self.desk.organization_id, self.program_id).text

    def get(self, path: str = "", who: str = "Lea") -> str:
        answer = self.desk.browsers[who].get(self.desk.home + path)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def published(self) -> list[str]:
        with self.desk.sessions() as session:
            return list(session.scalars(select(ProgramVersionRow.edition).order_by(ProgramVersionRow.number)))

    def change(self, path: str, do: str = "save", **fields: str) -> Any:
        return self.form("Lea", path, do, dict(fields))


@pytest.fixture
def desk(
    app: Flask, sessions: sessionmaker[Session], organization_id: UUID, come_in: Callable[..., Browser], clock: Clock
) -> Desk:
    desk = Desk(app, sessions, organization_id, clock())
    for who in ("Lea", "Jo"):
        desk.seat(who, come_in(who), Capability.PROGRAM_LEAD)
    return desk


@pytest.fixture
def writing(desk: Desk) -> Writing:
    writing = Writing(desk)
    writing.begin()
    return writing


def test_every_page_is_well_made_and_well_said(writing: Writing) -> None:
    for path in PAGES:
        assert not list(problems_of(writing.get(path))), path
    assert not list(problems_of(writing.desk.browsers["Lea"].get("/programs/write").text))


def test_cap_d7_a_program_is_written_as_a_sentence_with_blanks_and_its_comments_stay(writing: Writing) -> None:
    before = writing.text
    answer = writing.form("Lea", TRAINING, changes={NUMBER: "46"})
    assert answer.status_code == 303, answer.text
    assert writing.text == before.replace('at_least = "40 hours"', 'at_least = "46 hours"')
    assert "At least 46 hours of training" in writing.get(TRAINING)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml"))[::6], ids=lambda path: path.stem)
def test_a_program_that_comes_with_attune_is_opened_and_saved_and_no_byte_changes(desk: Desk, path: Any) -> None:
    writing = Writing(desk)
    writing.begin(**{"from": path.stem})
    before = writing.text
    for number, each in enumerate(read_program(before, source="x")[-1].requirements):
        if number % 4 == 0:
            answer = writing.form("Lea", f"/requirements/{each.key}")
            assert answer.status_code == 303, answer.text
    assert writing.form("Lea", "/about").status_code == 303
    assert writing.text == before


def test_the_programs_lead_to_writing_one_and_to_what_is_being_written(writing: Writing) -> None:
    links = Read(writing.desk.browsers["Lea"].get("/programs").text).links
    assert "/programs/write" in links
    assert writing.desk.home in links


def test_autosave_keeps_a_blank_and_says_what_to_look_at(writing: Writing) -> None:
    told = writing.save("Lea", {NUMBER: ("40", "60")})
    assert told[NUMBER]["stands"] == "60"
    assert '"60 hours"' in writing.text


def test_what_is_no_number_is_kept_in_the_field_with_what_would_help(writing: Writing) -> None:
    before = writing.text
    answer = writing.form("Lea", TRAINING, changes={NUMBER: "many"})
    assert answer.status_code == 422
    assert "Please write a number, such as 40." in answer.text
    assert FilledIn(answer.text)[NUMBER] == "many"
    assert writing.text == before


def test_two_leads_at_one_blank_are_both_shown_and_nothing_is_lost(writing: Writing) -> None:
    opened = dict(FilledIn(writing.get(TRAINING, "Jo")).values)
    writing.save("Lea", {NUMBER: ("40", "60")})
    answer = writing.send("Jo", TRAINING, "save", opened | {NUMBER: "50"})
    assert answer.status_code == 422
    read = Read(answer.text)
    assert "Changed by Lea since you opened it." in read.text
    assert "60" in read.text
    assert FilledIn(answer.text)[NUMBER] == "50"
    assert '"60 hours"' in writing.text


def test_two_leads_at_two_blanks_are_both_kept(writing: Writing) -> None:
    writing.save("Lea", {NUMBER: ("40", "60")})
    writing.save("Jo", {"requirements/training/title": ("Training", "All training")})
    assert '"60 hours"' in writing.text
    assert '"All training"' in writing.text


def test_a_requirement_is_added_changed_moved_and_taken_out_and_that_is_taken_back(writing: Writing) -> None:
    answer = writing.change("", "add_requirement", **{"new.title": "Our exam", "new.start": "exam"})
    assert answer.location.endswith("/requirements/our-exam")
    assert "our_exam" in writing.text
    assert writing.change("", "up:requirements/our-exam").status_code == 303
    assert writing.text.index("our-exam") < writing.text.index('key = "training"')
    whole = writing.text
    assert writing.change("", "take_out:requirements/our-exam").status_code == 303
    assert "our-exam" not in writing.text
    assert writing.change("", "undo").status_code == 303
    assert writing.text == whole
    assert writing.change("", "redo").status_code == 303
    assert "our-exam" not in writing.text


def test_a_stage_is_added_and_taken_out_with_what_it_asks(writing: Writing) -> None:
    writing.change("", "add_stage", **{"new.stage_title": "Renewal", "new.stage_kind": "renewal"})
    writing.change("", "add_requirement", **{"new.title": "More", "new.start": "education", "new.stage": "renewal"})
    assert 'after = "initial"' in writing.text
    answer = writing.change("/stages/renewal", "take_out_whole:stages/renewal")
    assert answer.status_code == 303
    assert "renewal" not in writing.text
    assert 'key = "more"' not in writing.text


def test_the_only_requirement_cannot_be_taken_out(writing: Writing) -> None:
    answer = writing.change("", "take_out:requirements/training")
    assert answer.status_code == 422
    assert "the only one there is" in answer.text


def test_a_condition_and_a_cap_are_added_and_taken_out(writing: Writing) -> None:
    new = "new:requirements/training/of:"
    do = "add_condition:requirements/training/of"
    before = writing.text
    writing.change(TRAINING, do, **{f"{new}what": "where", f"{new}name": "category", f"{new}value": "ethics, law"})
    writing.change(
        TRAINING, do,
        **{f"{new}what": "cap", f"{new}name": "format", f"{new}value": "online", f"{new}amount": "10 hours"},
    )  # fmt: skip
    writing.change(TRAINING, do, **{f"{new}what": "last", f"{new}value": "24 months"})
    assert 'where = { category = ["ethics", "law"] }' in writing.text
    assert 'caps = [{ where = { format = "online" }, at_most = "10 hours" }]' in writing.text
    page = writing.get(TRAINING)
    assert "of the last 2 years" in page
    for each in ("where/category", "caps/0", "last"):
        assert writing.change(TRAINING, f"take_out:requirements/training/of/{each}").status_code == 303
    assert writing.text == before


def test_a_condition_that_needs_more_says_so_and_what_was_typed_stays(writing: Writing) -> None:
    new = "new:requirements/training/of:"
    answer = writing.change(
        TRAINING, "add_condition:requirements/training/of", **{f"{new}what": "last", f"{new}value": "a while"}
    )
    assert answer.status_code == 422
    assert "Please write a length of time" in answer.text
    assert FilledIn(answer.text)[f"{new}value"] == "a while"


def test_parts_are_added_to_several_ways(writing: Writing) -> None:
    writing.change("", "add_requirement", **{"new.title": "Basis", "new.start": "any_of"})
    place = "requirements/basis/any_of"
    answer = writing.change("/requirements/basis", f"add_part:{place}", **{f"new:{place}:start": "attestation"})
    assert answer.status_code == 303
    assert "attestation" in writing.text
    assert writing.change("/requirements/basis", f"take_out:{place}/0").status_code == 303
    assert "One of these is enough:" in writing.get("/requirements/basis")


def test_the_toml_and_the_sentences_are_one_text(writing: Writing) -> None:
    text = f"# Ours.\n{writing.text}".replace("40 hours", "45 hours   ".strip())
    assert writing.form("Lea", "/toml", changes={"text": text.replace("\n", "\r\n")}).status_code == 303
    assert writing.text == text
    writing.form("Lea", TRAINING, changes={NUMBER: "50"})
    assert writing.text == text.replace("45 hours", "50 hours")


def test_toml_that_cannot_be_read_is_kept_as_typed_and_every_page_says_so(writing: Writing) -> None:
    broken = writing.text.replace('title = "Training"', 'title = "Training')
    assert writing.form("Lea", "/toml", changes={"text": broken}).status_code == 303
    assert writing.text == broken
    page = Read(writing.get("/toml"))
    assert "Please look at the quotes, brackets and equals signs" in page.text
    assert "line 18 of the TOML" in page.text
    for path in ("", TRAINING, "/stages/initial", "/about", "/try", "/publish", "/history"):
        page_text = writing.get(path)
        assert not list(problems_of(page_text)), path
    assert "cannot be read just now" in writing.get("")
    assert writing.save("Lea", {NUMBER: ("40", "60")})[NUMBER]["problem"].startswith("The TOML of this draft cannot")


def test_one_pair_of_brackets_for_two_is_told_on_every_page_and_breaks_none(writing: Writing) -> None:
    text = writing.text + '\n[lifecycle]\nvalid_for = "2 years"\n'
    assert writing.form("Lea", "/toml", changes={"text": text}).status_code == 303
    for path in PAGES:
        assert not list(problems_of(writing.get(path))), path
    assert "cannot be read just now" in writing.get("")
    assert "lifecycle" in Read(writing.get("/toml")).text
    made_up = 'person = "x"\nas_of = 2026-01-01\nevents = 5\n[[training]]\nid = "a"\nis = "odd"\n'
    assert writing.change("/try", "write", made_up=made_up).status_code == 303
    assert writing.get("/try")


def test_what_is_beyond_the_blanks_is_told_in_words_and_never_changed(writing: Writing) -> None:
    need = 'in_order = [{ kind = "training" }, { kind = "exam" }]'
    text = writing.text.replace('at_least = "40 hours"\nof = { kind = "training" }', need)
    writing.form("Lea", "/toml", changes={"text": text})
    page = Read(writing.get(TRAINING))
    assert "This part is written in TOML" in page.text
    assert "In this order:" in page.text
    writing.form("Lea", TRAINING, changes={"requirements/training/title": "In order"})
    assert need in writing.text


def test_what_the_checker_says_stands_beside_its_field(writing: Writing) -> None:
    text = writing.text.replace("category = []", 'category = ["ethics"]')
    text = text.replace('"training" }', '"training", where = { category = "ethcs" } }')
    writing.form("Lea", "/toml", changes={"text": text})
    page = writing.get(TRAINING)
    below = page.split('id="below-requirements/training/of/where/category"')[1].split("</ul>")[0]
    assert "To mend:" in below
    assert "ethics" in below
    assert "1 thing to look at" in writing.get("")


def test_undoing_what_somebody_else_did_is_asked_again(writing: Writing) -> None:
    writing.save("Lea", {NUMBER: ("40", "60")})
    page = dict(FilledIn(writing.get("")).values)
    writing.save("Jo", {NUMBER: ("60", "70")})
    answer = writing.send("Lea", "", "undo", page)
    assert answer.status_code == 422
    assert "Somebody else changed this draft" in answer.text
    assert '"70 hours"' in writing.text


def test_the_history_has_every_step_and_each_can_be_gone_back_to(writing: Writing) -> None:
    first = writing.text
    writing.save("Lea", {NUMBER: ("40", "60")})
    writing.change("", "undo")
    writing.save("Lea", {"requirements/training/title": ("Training", "Other")})
    assert writing.change("/history", "back:1").status_code == 303
    assert writing.text == first.replace("40 hours", "60 hours")
    assert writing.change("/history", "back:0").status_code == 303
    assert writing.text == first


def test_a_made_up_person_is_tried_and_the_answer_stands_beside_the_rule(writing: Writing) -> None:
    answer = writing.change(
        "/try", "add", kind="training", on="2026-01-10", amount="30 hours", name1="category", value1="ethics"
    )
    assert answer.status_code == 303, answer.text
    page = Read(writing.get("/try"))
    assert "30 of 40 hours" in page.text
    assert "30 of 40 hours" in Read(writing.get(TRAINING)).text
    assert writing.change("/try", "take_out:training:0").status_code == 303
    assert "30 of 40 hours" not in Read(writing.get("/try")).text


def test_a_made_up_person_that_cannot_be_read_is_kept_with_what_would_help(writing: Writing) -> None:
    answer = writing.change("/try", "write", made_up='person = "x"\nas_of = 2026-01-01\n[[training]]\nid = "a"\n')
    assert answer.status_code == 303
    assert "training[1].on" in writing.get("/try")
    assert writing.change("/try", "add", kind="training", on="no day").status_code == 422


def test_a_draft_is_put_away_and_taken_up_again(writing: Writing) -> None:
    text = writing.text
    assert writing.change("/put-away").status_code == 303
    assert "put away" in writing.get("")
    answer = writing.desk.browsers["Lea"].act(f"{writing.desk.home}/take-up", key="a-key-of-one-form-99")
    assert answer.status_code == 303
    assert writing.text == text


def test_a_save_after_the_draft_was_put_away_says_so(writing: Writing) -> None:
    writing.change("/put-away")
    browser = writing.desk.browsers["Lea"]
    answer = browser.post(
        f"{writing.desk.home}/save", json={NUMBER: {"was": "40", "value": "60"}},
        headers={"X-CSRFToken": browser.token(), "Accept": "application/json"},
    )  # fmt: skip
    assert answer.status_code in (409, 422)
    assert "published or put away meanwhile" in answer.json["sentence"]


def test_cap_d7_a_draft_is_looked_over_and_published_as_an_edition(writing: Writing) -> None:
    page = writing.get("/publish")
    assert "Publish edition 1" in page
    answer = writing.change("/publish", why="At last")
    assert answer.status_code == 303, answer.text
    assert writing.published() == ["1"]
    begun = writing.desk.browsers["Lea"].act(
        f"{writing.desk.home}/begin", key="a-key-of-one-form-98", edition="2027", since="2027-01-01"
    )
    assert begun.status_code == 303, begun.text
    assert 'key = "2027"\nfrom = 2027-01-01' in writing.text
    writing.form("Lea", TRAINING, changes={NUMBER: "50"})
    page = Read(writing.get("/publish")).text
    assert "What is new since edition 1" in page
    assert "At least 50 hours of training" in page
    assert writing.change("/publish").status_code == 303
    assert writing.published() == ["1", "2027"]


def test_what_is_to_be_mended_is_not_published(writing: Writing) -> None:
    writing.form("Lea", "/toml", changes={"text": writing.text.replace('stage = "initial"', 'stage = "other"')})
    page = writing.get("/publish")
    assert "To be mended first" in page
    assert "Publish edition" not in page
    assert writing.desk.send("Lea", "/publish", "", {"step": "1"}).status_code == 422
    assert writing.published() == []


def test_a_draft_that_was_changed_since_it_was_looked_over_is_looked_over_again(writing: Writing) -> None:
    opened = dict(FilledIn(writing.get("/publish")).values)
    writing.save("Jo", {NUMBER: ("40", "60")})
    answer = writing.send("Lea", "/publish", "", opened)
    assert answer.status_code == 422
    assert "Please look again" in answer.text
    assert writing.published() == []


def test_an_edition_that_is_there_is_not_begun_again(writing: Writing) -> None:
    writing.change("/publish")
    for edition in ("1", ""):
        answer = writing.desk.browsers["Lea"].act(
            f"{writing.desk.home}/begin", key=f"a-key-of-one-form-9{edition}", edition=edition
        )
        assert answer.status_code == 422
    assert "There is an edition of this name" in writing.desk.browsers["Lea"].act(
        f"{writing.desk.home}/begin", key="a-key-of-one-form-97", edition="1"
    ).text  # fmt: skip


def test_names_editions_and_times_are_plain_forms(writing: Writing) -> None:
    assert (
        writing.change("/about", "add_names", **{"new.name": "work", "new.values": "direct, desk"}).status_code == 303
    )
    assert 'work = ["direct", "desk"]' in writing.text
    for table in ("lifecycle", "editions"):
        assert writing.change("/about", f"add_table:{table}").status_code == 303
    answer = writing.form(
        "Lea", "/about",
        changes={
            "lifecycle/0/valid_for": "36 months", "lifecycle/0/grace": "30 days",
            "lifecycle/0/reminders": "90 days\n30 days",
            "due_process/appeal_within": "60 days", "due_process/notice_holds": "reasons\nhow to appeal",
            "editions/1/from": "2027-01-01", "program/summary": "So that it is known.", "names/work": "direct",
        },
    )  # fmt: skip
    assert answer.status_code == 303, answer.text
    program = read_program(writing.text, source="x")[0]
    assert str(program.effective_from) == "2027-01-01"
    assert program.lifecycle.due_process.appeal_within is not None
    assert program.summary == "So that it is known."
    answer = writing.form("Lea", "/about", changes={"lifecycle/0/grace": "soon"})
    assert answer.status_code == 422
    assert "Please write a length of time" in answer.text
    writing.form("Lea", "/about", changes={"lifecycle/0/grace": ""})
    assert "grace" not in writing.text


def test_what_cannot_be_begun_or_saved_keeps_what_was_typed(writing: Writing) -> None:
    lea, key = writing.desk.browsers["Lea"], "a-key-of-one-form-{}".format
    for number, changes in enumerate(({"name": ""}, {"time_zone": ""}, {"from": "nothing"})):
        typed = {"name": "The other peers", "body": "Us", "time_zone": "UTC"} | changes
        answer = lea.act("/programs/write", key(80 + number), **typed)
        assert answer.status_code == 422, changes
        assert typed["name"] in answer.text
    for path in ("/requirements/nothing", "/stages/nothing"):
        assert lea.get(writing.desk.home + path).status_code == 404, path
    writing.save("Jo", {NUMBER: ("40", "60")})
    told = writing.save("Lea", {NUMBER: ("40", "50")})[NUMBER]["changed"]
    assert told["sentence"].startswith("Changed by Jo since you opened it.")
    assert told["stands"] == "60"
    writing.change("/publish")
    begin = lea.act(f"{writing.desk.home}/begin", key(90), edition="2027", since="next year")
    assert begin.status_code == 422
    assert "Please write a day, such as 2026-05-01." in begin.text


def test_what_keeps_an_edition_from_being_published_is_said_before_the_button(writing: Writing) -> None:
    first = writing.text
    writing.change("/publish")
    lea = writing.desk.browsers["Lea"]
    lea.act(f"{writing.desk.home}/begin", key="a-key-of-one-form-96", edition="2027", since="2027-01-01")
    second = writing.text
    for text, words in (
        (second.replace('id = "', 'id = "other-'), "Please write the id back"),
        (first, "Its edition is published already."),
        (second.replace("name = ", "comparison_only = true\nname = ", 1), "This program is there to compare with"),
    ):
        assert writing.form("Lea", "/toml", changes={"text": text}).status_code == 303
        page = Read(writing.get("/publish")).text
        assert words in page
    assert writing.published() == ["1"]

"""What people say of themselves, surveys without names, fairness reports and what is published of them."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from babel.messages.extract import extract
from sqlalchemy import insert, select, text, update

from lti_tool.services.equity import descriptions, shipped, survey_answers
from lti_tool.store.base import new_id
from lti_tool.store.equity import (
    DescriptionQuestionRow,
    ReleaseRow,
    ReportKind,
    SelfDescriptionRow,
    SurveyAnswerRow,
    SurveyRow,
    SurveyTakenRow,
)
from lti_tool.store.people import PersonRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.path_rows import on_the_way
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.pages import Read
from tests.lti_tool.web.test_program_pages import lead, rows


@pytest.fixture
def lea(course: Course) -> Any:
    return lead(course)


def asked(course: Course, lea: Any, key: str = "age") -> DescriptionQuestionRow:
    lea.act("/equity/questions", question=key)
    return next(row for row in rows(course, DescriptionQuestionRow) if row.key == key)


def many(course: Course, question: DescriptionQuestionRow | None, *groups: tuple[str, int, int]) -> None:
    """People who entered the same program: of each group so many on the way, and so many who ended it."""
    enrolled = on_the_way(course.world, "sam")
    session, organization_id = course.world.session, course.world.organization_id
    for chosen, going, ended in groups:
        for number in range(going + ended):
            person_id = new_id()
            session.add(PersonRow(id=person_id, organization_id=organization_id, created_at=course.world.now))
            session.flush()
            end = {"ended_at": course.world.now, "ended_by": person_id} if number >= going else {}
            session.add(
                EnrollmentRow(
                    id=new_id(), organization_id=organization_id, program_id=enrolled.program_id, person_id=person_id,
                    version_id=enrolled.version_id, entered_on=enrolled.entered_on, enrolled_at=course.world.now, **end,
                )
            )  # fmt: skip
            if question is not None:
                session.add(
                    SelfDescriptionRow(
                        id=new_id(), organization_id=organization_id, person_id=person_id, question_id=question.id,
                        answer=f'{{"chosen": ["{chosen}"], "own": ""}}',
                    )
                )  # fmt: skip
    course.kept()


def drawn_up(course: Course, lea: Any, **fields: str) -> Any:
    today = course.world.now.date()
    usual = {"since": (today - timedelta(days=300)).isoformat(), "until": today.isoformat(), "minimum": "10"}
    return lea.act("/equity", **(usual | fields))


def test_cap_e1_ux_e7_nothing_is_asked_until_a_program_lead_turns_it_on_and_its_reason_stands_beside_it(
    course: Course, lea: Any
) -> None:
    assert "does not ask anything about you" in course.browser("sam").get("/me/description").text
    assert lea.act("/equity/questions", question="diagnosis").status_code == 404
    for _ in range(2):
        question = asked(course, lea)
    page = course.browser("sam").get("/me/description")
    assert "To see whether younger and older people wait equally long" in page.text
    assert "program leads, only counted together with many others" in page.text
    assert "I would rather not say" in page.text
    own = {f"asked-{question.id}": "1", f"own-{question.id}": "x" * (descriptions.LONGEST + 1)}
    answer = course.browser("sam").act("/me/description", **own)
    assert answer.status_code == 422
    assert "shorten this" in answer.text
    for key in ("one", "two"):
        end = lea.act(f"/equity/questions/{question.id}/end", key=f"a-key-of-one-form-{key}")
        assert end.status_code == 303
    assert "does not ask anything about you" in course.browser("sam").get("/me/description").text
    acts = [row.act for row in rows(course, AuditEntryRow)]
    assert [acts.count(act) for act in ("description.ask", "description.end")] == [1, 1]
    assert lea.act(f"/equity/questions/{uuid4()}/end").status_code == 404


def test_cap_e1_what_was_said_can_be_changed_and_taken_back_and_not_saying_keeps_nothing(
    course: Course, lea: Any
) -> None:
    question = asked(course, lea)
    sam = course.browser("sam")
    fields = {f"asked-{question.id}": "1", f"chosen-{question.id}": "25_39", f"own-{question.id}": "Thirty"}
    assert sam.act("/me/description", **fields).status_code == 303
    assert [row.answer for row in rows(course, SelfDescriptionRow)] == ['{"chosen": ["25_39"], "own": "Thirty"}']
    sam.act("/me/description", **(fields | {f"chosen-{question.id}": "", f"own-{question.id}": ""}))
    assert not rows(course, SelfDescriptionRow)
    sam.act("/me/description", **fields)
    assert sam.act("/me/description/take-back").status_code == 303
    assert not rows(course, SelfDescriptionRow)


def test_cap_e1_observers_and_instructors_open_neither_reports_nor_questions(course: Course, lea: Any) -> None:
    asked(course, lea)
    for who in ("jo", "amara", "ines", "sam"):
        for path in ("/equity", "/equity/questions", "/releases", "/surveys"):
            assert course.browser(who).get(path).status_code == 404, (who, path)


def test_cap_e1_ux_e6_a_report_tells_groups_that_are_large_enough_and_holds_small_ones_back(
    course: Course, lea: Any
) -> None:
    many(course, asked(course, lea), ("under_25", 20, 12), ("25_39", 15, 15), ("40_54", 2, 1))
    answer = drawn_up(course, lea)
    assert answer.status_code == 303
    page = lea.get(answer.location)
    assert "too few to tell" in page.text
    report = rows(course, ReleaseRow)[0]
    table = next(one for one in report.document["tables"] if one["name"] == "outcome:age")
    by_row = dict(zip(table["rows"], table["entries"], strict=False))
    assert by_row["age/40_54"] == [None] * 4
    assert report.rules["held_back"] > 0


def test_cap_e2_a_second_report_that_would_tell_of_few_is_not_drawn_up_and_what_was_typed_stays(
    course: Course, lea: Any
) -> None:
    many(course, None, ("", 20, 12))
    drawn_up(course, lea)
    ended = rows(course, EnrollmentRow)[0]
    course.world.session.get_one(EnrollmentRow, ended.id).ended_at = course.world.now
    course.world.session.get_one(EnrollmentRow, ended.id).ended_by = ended.person_id
    course.kept()
    answer = drawn_up(course, lea, key="a-key-of-one-form-2")
    assert answer.status_code == 422
    assert "fewer than 10" in answer.text
    other_days = drawn_up(course, lea, since=(course.world.now.date() - timedelta(days=200)).isoformat())
    assert other_days.status_code == 422
    assert "An earlier report tells of some of the same people" in Read(other_days.text).text
    assert len(rows(course, ReleaseRow)) == 1


def test_cap_e2_how_long_it_usually_takes_is_told_of_the_same_people_once(course: Course, lea: Any) -> None:
    """A median moves with one person, where no number of people does."""
    many(course, None, ("", 20, 12))
    people = rows(course, EnrollmentRow)
    for person in people[:15]:
        decided(course.world, person, person.entered_on + timedelta(weeks=8))
    course.kept()
    first = drawn_up(course, lea).location
    second = drawn_up(course, lea, key="a-key-of-one-form-2").location
    earlier, later = sorted(
        (row for row in rows(course, ReleaseRow)), key=lambda row: (bool(row.document["times_told_before"]), row.id)
    )
    assert [(time["table"], time["row"], time["usual"]) for time in earlier.document["times"]] == [
        ("outcome:everybody", "everybody/everybody", 8)
    ]
    assert (later.document["times"], later.document["times_told_before"]) == ([], ["outcome"])
    pages = [Read(lea.get(each).text).text for each in (first, second)]
    assert ["Usually, in weeks" in page for page in pages] == [True, False]
    assert ["It is told once" in page for page in pages] == [False, True]
    assert "It is told once" in Read(lea.get(f"/equity/{later.id}/publish").text).text


def test_cap_e2_too_few_people_are_said_kindly(course: Course, lea: Any) -> None:
    many(course, None, ("", 5, 2))
    answer = drawn_up(course, lea)
    assert answer.status_code == 422
    assert "too few to tell anything of them" in answer.text


def test_cap_e2_a_summary_is_published_as_it_was_shown_read_by_anybody_and_withdrawn(course: Course, lea: Any) -> None:
    many(course, asked(course, lea), ("under_25", 20, 12), ("25_39", 15, 15))
    report = drawn_up(course, lea).location.split("?")[0]
    assert lea.act(f"{report}/publish", digest="0" * 64).status_code == 422
    shown = lea.get(f"{report}/publish").text
    digest = shown.split('name="digest" value="')[1][:64]
    assert lea.act(f"{report}/publish", digest=digest).status_code == 303
    summary = next(row for row in rows(course, ReleaseRow) if row.public_key)
    stranger = course.app.test_client()
    page = stranger.get(f"/summary/{summary.public_key}")
    assert page.status_code == 200
    assert digest in page.text
    assert not any(table["name"].startswith("appeals") for table in summary.document["tables"])
    assert summary.digest in lea.get("/releases").text
    lea.act(f"/releases/{summary.id}/withdraw")
    assert "This summary was withdrawn" in stranger.get(f"/summary/{summary.public_key}").text
    assert "withdrawn on" in lea.get("/releases").text
    withdrawn = [row.withdrawn_at for row in rows(course, ReleaseRow)]
    assert lea.act(f"/releases/{summary.id}/withdraw", key="a-key-of-one-form-2").status_code == 303
    assert [row.withdrawn_at for row in rows(course, ReleaseRow)] == withdrawn
    assert lea.act(f"/releases/{report.rsplit('/', 1)[1]}/withdraw").status_code == 404
    assert lea.get(f"/equity/{summary.id}/publish").status_code == 404
    assert lea.act(f"/equity/{uuid4()}/publish", digest=digest).status_code == 404


def test_cap_e2_a_summary_without_figures_says_kindly_that_there_is_nothing_to_show(course: Course, lea: Any) -> None:
    world = course.world
    world.session.add(
        ReleaseRow(
            id=new_id(), organization_id=world.organization_id, report=ReportKind.SUMMARY, document={},
            rules={"minimum": 10}, digest="0" * 64, public_key="empty", released_by=world.visitor("lea").person_id,
            released_at=world.now,
        )
    )  # fmt: skip
    course.kept()
    page = course.app.test_client().get("/summary/empty")
    assert page.status_code == 200
    assert "too few to tell" in page.text


def opened(course: Course, lea: Any, minimum: int = 5) -> SurveyRow:
    last = (course.world.now.date() + timedelta(days=5)).isoformat()
    assert lea.act("/surveys/new", set="short", closes_on=last, minimum=str(minimum)).status_code == 303
    return rows(course, SurveyRow)[0]


def test_cap_e3_people_are_told_once_and_answer_without_a_name_as_much_as_they_like(course: Course, lea: Any) -> None:
    survey = opened(course, lea)
    sam = course.browser("sam")
    assert "Something is asked of you, only if you like." in sam.get("/messages").text
    assert sam.act(f"/surveys/{survey.id}", respected="4", words="It was calm.").status_code == 303
    assert sam.act(f"/surveys/{survey.id}", respected="1").status_code == 303
    answers = rows(course, SurveyAnswerRow)
    assert [(row.answers, row.words) for row in answers] == [({"respected": 4}, "It was calm.")]
    assert set(SurveyAnswerRow.__table__.columns.keys()) == {"id", "organization_id", "survey_id", "answers", "words"}
    assert course.browser("jo").get(f"/surveys/{survey.id}").status_code == 404
    noor = course.browser("noor")
    for typed, said in (({}, "Nothing is chosen yet"), ({"words": "x" * (survey_answers.LONGEST + 1)}, "shorten this")):
        answer = noor.act(f"/surveys/{survey.id}", **typed)
        assert answer.status_code == 422
        assert said in answer.text
    for key in ("one", "two"):
        assert lea.act(f"/surveys/{survey.id}/close", key=f"a-key-of-one-form-{key}").status_code == 303
    answer = noor.act(f"/surveys/{survey.id}", respected="4")
    assert answer.status_code == 422
    assert "This survey has ended" in answer.text
    assert len(rows(course, SurveyAnswerRow)) == 1


def test_cap_e3_a_survey_of_a_program_is_for_those_on_the_way_and_what_is_still_needed_is_said(
    course: Course, lea: Any
) -> None:
    today = course.world.now.date()
    program_id = on_the_way(course.world, "sam").program_id
    course.kept()
    usual = {"set": "short", "closes_on": str(today), "minimum": "5", "program": str(program_id)}
    for typed, said in (
        ({"minimum": "2"}, "at least"),
        ({"closes_on": str(today - timedelta(days=1))}, "still to come"),
    ):
        answer = lea.act("/surveys/new", **(usual | typed))
        assert answer.status_code == 422
        assert said in answer.text
    assert lea.act("/surveys/new", **(usual | {"program": str(uuid4())})).status_code == 404
    assert lea.act("/surveys/new", **usual).status_code == 303
    (survey,) = rows(course, SurveyRow)
    for who, code in (("sam", 200), ("noor", 404)):
        assert course.browser(who).get(f"/surveys/{survey.id}").status_code == code
    assert course.browser("noor").act(f"/surveys/{survey.id}", respected="4").status_code == 404


def test_cap_e3_below_the_minimum_nothing_is_shown_and_from_it_on_only_once_it_ended(course: Course, lea: Any) -> None:
    survey = opened(course, lea)
    own = {"organization_id": course.world.organization_id, "survey_id": survey.id}
    for number in range(4):
        course.world.session.execute(
            insert(SurveyAnswerRow),
            [{"id": uuid4(), "answers": {"respected": 5}, "words": f"Words {number}", **own}],
        )
    course.kept()
    results = f"/surveys/{survey.id}/results"
    lea.act(f"/surveys/{survey.id}/close")
    assert "fewer than 5 answered" in lea.get(results).text
    assert "Words" not in lea.get(results).text
    course.world.session.execute(
        insert(SurveyAnswerRow), [{"id": uuid4(), "answers": {"respected": 5}, "words": "Words 4", **own}]
    )
    course.world.session.get_one(SurveyRow, survey.id).closed_at = None
    course.kept()
    assert "Words" not in lea.get(results).text
    lea.act(f"/surveys/{survey.id}/close", key="a-key-of-one-form-2")
    assert all(f"Words {number}" in lea.get(results).text for number in range(5))
    assert "95 or more" in lea.get(results).text


def test_cap_e3_no_order_links_who_answered_with_what_was_answered(course: Course, lea: Any) -> None:
    survey = opened(course, lea)
    people = [f"trainee{number}" for number in range(7)]
    for who in people:
        course.browser(who).act(f"/surveys/{survey.id}", words=who)
    orders = []
    for _ in range(3):
        course.browser(f"one{len(orders)}").act(f"/surveys/{survey.id}", words="later")
        course.kept()
        found = course.world.session.scalars(
            select(SurveyAnswerRow.words).where(SurveyAnswerRow.survey_id == survey.id)
        )
        orders.append([words for words in found if words in people])
    assert all(sorted(order) == people for order in orders)
    assert any(order != people for order in orders)
    assert len({tuple(order) for order in orders}) > 1
    assert len(rows(course, SurveyTakenRow)) == 10


def test_cap_e3_not_even_who_answered_lies_in_the_order_in_which_they_did(course: Course, lea: Any) -> None:
    """Rows are read as they lie in the database's file."""
    survey = opened(course, lea)
    people = [f"trainee{number}" for number in range(7)]
    for who in people:
        course.browser(who).act(f"/surveys/{survey.id}", words=who)
    ids = [course.world.visitor(who).person_id for who in people]
    orders = []
    for number in range(3):
        course.browser(f"one{number}").act(f"/surveys/{survey.id}", words="later")
        course.kept()
        lies = "ctid" if course.world.session.get_bind().dialect.name == "postgresql" else "rowid"
        found = course.world.session.scalars(select(SurveyTakenRow.person_id).order_by(text(lies)))
        orders.append([each for each in found if each in ids])
    assert all(sorted(order) == sorted(ids) for order in orders)
    assert len({tuple(order) for order in orders}) > 1


def test_shipped_questions_are_collected_for_translation_and_read_in_the_readers_language(
    course: Course, lea: Any
) -> None:
    source = BytesIO(Path(shipped.__file__).read_bytes())
    collected = {words for _line, words, _comments, _context in extract("python", source, keywords={"_N": None})}
    described = {each.words for each in shipped.DESCRIPTIONS} | {each.why for each in shipped.DESCRIPTIONS}
    choices = {words for each in shipped.DESCRIPTIONS for words in each.choices.values()}
    surveys = {each.title for each in shipped.SURVEYS.values()}
    questions = {question.words for each in shipped.SURVEYS.values() for question in each.questions}
    assert collected == described | choices | surveys | questions
    survey, question = opened(course, lea), asked(course, lea)
    course.world.session.execute(
        update(SurveyRow).values(
            title="Your path", questions=[{"key": "x", "indicator": "hope", "words": "Your record, over all courses"}]
        )
    )  # texts of which the catalog has a translation
    course.world.session.execute(update(DescriptionQuestionRow).values(words="Your path"))
    course.kept()
    token = course.world.enter("sam", course.roles["sam"], locale="es").token
    course.kept()
    sam = course.app.test_client()
    sam.set_cookie("__Host-attune", token, domain="attune.school.example", secure=True)
    page = sam.get(f"/surveys/{survey.id}").text
    assert "<h1>Su camino</h1>" in page
    assert "Your record, over all courses" not in page
    assert "Su camino" in sam.get("/me/surveys").text
    assert question.words not in sam.get("/me/description").text
    assert "Su camino" in sam.get("/me/description").text

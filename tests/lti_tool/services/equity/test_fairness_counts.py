"""What a fairness report counts of each person, and in which group they stand."""

import json
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from grading.evidence import Outcome
from grading.releasing import People
from lti_tool.services.equity import counting, questions, shipped
from lti_tool.services.equity.descriptions import Said
from lti_tool.store.base import new_id
from lti_tool.store.equity import DescriptionQuestionRow, SelfDescriptionRow
from lti_tool.store.programs import EnrollmentRow
from tests.lti_tool.services.appealing import Appealing
from tests.lti_tool.services.certified import decided
from tests.lti_tool.services.conftest import World


def groups_of(world: World, key: str, *chosen: str) -> dict[str, str]:
    """In which group Sam is who chose these, Noor who wrote words of her own, and Kim who said nothing."""
    questions.turn_on(world.session, world.visitor("lea"), key, world.now)
    question = world.session.scalars(select(DescriptionQuestionRow).where(DescriptionQuestionRow.key == key)).one()
    for who, said in (("sam", Said(chosen, "")), ("noor", Said((), "My own words"))):
        world.session.add(
            SelfDescriptionRow(
                id=new_id(), organization_id=world.organization_id, person_id=world.visitor(who).person_id,
                question_id=question.id, answer=json.dumps({"chosen": said.chosen, "own": said.own}),
            )
        )  # fmt: skip
    world.session.flush()
    _everybody, group = counting.groups(world.session, world.organization_id, [question])
    return {who: group.row_of(world.visitor(who).person_id) for who in ("sam", "noor", "kim")}


def test_whoever_chose_several_stands_with_others_who_did(world: World) -> None:
    Appealing(world)
    several = next(each for each in shipped.DESCRIPTIONS if each.several)
    assert groups_of(world, several.key, *list(several.choices)[:2]) == {
        "sam": "several",
        "noor": "own_words",
        "kim": "not_said",
    }


def test_appeals_certificates_and_days_until_a_signature_are_counted_of_who_entered_in_these_days(
    world: World,
) -> None:
    it = Appealing(world)
    session, entered = world.session, it.now.date() - timedelta(days=90)
    before = session.get_one(EnrollmentRow, it.enrollment_id)
    row = EnrollmentRow(
        id=new_id(), organization_id=world.organization_id, program_id=before.program_id,
        person_id=world.visitor("noor").person_id, version_id=before.version_id,
        entered_on=entered - timedelta(days=300), enrolled_at=it.now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    decided(world, row, it.now.date(), Outcome.CERTIFIED)
    observation_id = world.answered()
    it.later(days=3)
    world.sign("jo", observation_id)
    it.sent()

    def counted(program: UUID | None, since_days: int) -> list[counting.Path]:
        people = People(program and str(program), entered - timedelta(days=since_days), it.now.date())
        return counting.paths(session, world.organization_id, people, it.now)

    (sam,) = counted(before.program_id, 0)
    assert [sam.column(name) for name in counting.COLUMNS] == ["on_the_way", "appealed", "signed"]
    (everybody,) = counting.groups(session, world.organization_id, [])
    assert counting.usual_time([sam], everybody, "everybody", "signed") == 3
    assert counting.usual_time([sam], everybody, "everybody", "outcome") is None
    columns = {path.person_id: [path.column(name) for name in counting.COLUMNS] for path in counted(None, 300)}
    assert columns[world.visitor("noor").person_id] == ["certified", "did_not", "not_signed"]
    assert counted(new_id(), 300) == []

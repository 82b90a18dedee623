"""How often pages of what is seen and proved ask the database: as often for much as for little, and not often."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from grading.funnel import LEAST
from lti_tool.services.standing import kept_standings
from lti_tool.store.base import new_id
from lti_tool.store.calibration import DoubleObservationRow, DoublePlanRow
from lti_tool.store.credentials import CredentialRow, CredentialShareRow, EndorsementRow
from lti_tool.store.programs import EnrollmentRow
from tests.lti_tool.services.conftest import TRAINEE
from tests.lti_tool.web import house_proving
from tests.lti_tool.web.course import Course
from tests.lti_tool.web.houses import House, build, observation
from tests.lti_tool.web.test_queries import BOUND, counted

MORE = 8
PAGES = (
    ("lea", "/programs/{program_id}/cohort"),
    ("lea", "/programs/{program_id}/cohort?status=in_progress&order=answer&by=practice"),
    ("lea", "/programs/{program_id}/cohort/week"),
    ("lea", "/programs/{program_id}/funnel"),
    ("lea", "/programs/{program_id}/credentials"),
    ("lea", "/programs/{program_id}/exports"),
    ("lea", "/credentials/{credential_id}/for-leads"),
    ("lea", "/oversight/supervisors"),
    ("lea", "/oversight/sites"),
    ("lea", "/rubrics/{rubric_id}/ratings"),
    ("lea", "/rubrics/{rubric_id}/agreement"),
    ("lea", "/equity"),
    ("lea", "/equity/{release_id}"),
    ("lea", "/equity/questions"),
    ("lea", "/surveys"),
    ("noor", "/surveys/{survey_id}"),
    ("lea", "/surveys/{survey_id}/results"),
    ("lea", "/exports"),
    ("lea", "/audits/answers"),
    ("tess", "/audits"),
    ("tess", "/audits/new"),
    ("tess", "/audits/{sample_id}"),
    ("tess", "/audits/{sample_id}/{audit_item_id}"),
    ("noor", "/me/surveys"),
    ("noor", "/me/description"),
    ("noor", "/exports"),
    ("noor", "/credentials"),
    ("noor", "/credentials/{credential_id}"),
    ("noor", "/path/{enrollment_id}/progress"),
    ("noor", "/path/{enrollment_id}/competencies"),
    ("jo", "/calibrations"),
    ("jo", "/endorsements"),
    ("jo", "/agreement/own"),
    ("jo", "/oversight/own"),
    ("ines", "/calibrations/{calibration_id}"),
    ("ines", "/a/{activity_id}/calibrations"),
    ("ines", "/a/{activity_id}/double"),
    ("ines", "/a/{activity_id}/cohort"),
    ("ines", "/a/{activity_id}/cohort?across=competencies"),
    ("ines", "/a/{activity_id}/cohort/week"),
    ("ines", "/a/{activity_id}/exports"),
    ("ines", "/a/{activity_id}/oversight"),
)


def test_pages_of_seeing_and_proving_ask_as_often_for_much_as_for_little(course: Course) -> None:
    world = course.world
    house = build(course.app, world.session, world.now, organization="Second", mark="ELM", deployment="1:elm")
    _more_people(house, range(LEAST))
    house.session.commit()
    ids = {name: found[0] for name, found in house.objects.items()}
    browsers = {who: house.browser(who) for who in {who for who, _ in PAGES}}

    def asked() -> dict[str, int]:
        found = {}
        for who, template in PAGES:
            page = template.format(**ids)
            browsers[who].get(page)  # the first visit writes the read log
            with counted(course.app.extensions["attune"].sessions.engine) as said:
                answer = browsers[who].get(page)
            assert answer.status_code == 200, (page, answer.text)
            found[f"{who} {template}"] = len(said)
        return found

    few = asked()
    more_of_everything(house)
    many = asked()
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} == {}
    assert {page: count for page, count in many.items() if count > BOUND} == {}


def more_of_everything(house: House) -> None:
    _more_people(house, range(LEAST, LEAST + MORE))
    for number in range(MORE):
        another = replace(house, mark=f"ELM{number}")
        house_proving._fairness(another)
        house_proving._feedback(another, house.visitor(f"trainee{number}", TRAINEE).person_id)
        house_proving._auditing(another)
        _another_credential(another, number)
    _more_double_observations(house)
    house.session.commit()


def _more_people(house: House, numbers: Iterable[int]) -> None:
    first = house.session.get_one(EnrollmentRow, house.objects["enrollment_id"][0])
    for number in numbers:
        house.visitor(f"trainee{number}", TRAINEE)
        house.session.add(
            EnrollmentRow(
                id=new_id(), organization_id=house.organization_id, program_id=first.program_id,
                person_id=house.visitor(f"trainee{number}", TRAINEE).person_id, version_id=first.version_id,
                entered_on=first.entered_on, enrolled_at=house.now,
            )
        )  # fmt: skip
    house.session.flush()
    kept_standings.note_new(house.session, house.now)
    while kept_standings.work_out(house.session, first.program_id, house.now):
        pass


def _another_credential(house: House, number: int) -> None:
    """In the place of one that was withdrawn, shown and endorsed."""
    session, now = house.session, house.now
    first = session.get_one(CredentialRow, house.objects["credential_id"][0])
    values = {column.key: getattr(first, column.key) for column in CredentialRow.__table__.columns} | {
        "id": new_id(),
        "status_index": 5000 + number,
        "withdrawn_at": now,
        "why": "Another one.",
        "replaces_id": None,
    }
    session.add(CredentialRow(**values))
    session.flush()
    own: dict[str, Any] = {"organization_id": house.organization_id, "credential_id": values["id"]}
    link = f"more-{number}"
    session.add(
        CredentialShareRow(
            id=new_id(), link=link, shows_name=True, link_digest=hashlib.sha256(link.encode()).hexdigest(),
            shows_endorsements=True, opened_at=now, **own,
        )
    )  # fmt: skip
    for credential_id, who in ((values["id"], "jo"), (first.id, f"trainee{number}")):
        session.add(
            EndorsementRow(
                id=new_id(), by_person_id=house.visitor(who).person_id, by_name=who, words="Calm.", offered_at=now,
                **(own | {"credential_id": credential_id}),
            )
        )  # fmt: skip
    session.flush()


def _more_double_observations(house: House) -> None:
    session, now = house.session, house.now
    plan_id = session.scalars(select(DoublePlanRow.id).where(DoublePlanRow.activity_id == house.activity_id)).one()
    for number in range(MORE):
        session.add(
            DoubleObservationRow(
                id=new_id(), organization_id=house.organization_id, plan_id=plan_id, chosen_at=now,
                observation_id=observation(house, "jo", number % 5),
            )
        )  # fmt: skip
    session.execute(update(DoubleObservationRow).values(person_id=house.visitor("amara").person_id))
    session.flush()

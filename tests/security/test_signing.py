"""Whose signature it is, and when it was given, is never what a form says."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from lti_tool.store.observations import SignOffRow
from rubrics.sign_off import Assurance, Lane
from tests.lti_tool.web.conftest import hidden
from tests.lti_tool.web.course import Course


def signed_with(course: Course, observation_id: UUID, **more: str) -> SignOffRow:
    path = f"/o/{observation_id}/sign/peer"
    jo = course.browser("jo")
    form = hidden(jo.get(path).text)
    assert jo.act(path, key=form["act"], digest=form["digest"], **more).status_code == 303
    course.kept()
    return course.world.session.scalars(select(SignOffRow).where(SignOffRow.observation_id == observation_id)).one()


def test_sec_17_the_moment_and_the_signer_are_the_servers_word_whatever_a_form_says(course: Course) -> None:
    amara = course.world.visitor("amara").person_id
    last_year = (course.world.now - timedelta(days=365)).isoformat()
    row = signed_with(
        course,
        course.answered(),
        signed_at=last_year, now=last_year, at=last_year, moment=last_year, person_id=str(amara),
        signer_id=str(amara), signed_by=str(amara), assurance="own_device", lane="clinical", organization_id=str(amara),
    )  # fmt: skip
    assert row.signed_at == course.app.extensions["attune"].clock()
    assert row.signer_id == course.world.visitor("jo").person_id
    assert row.assurance is Assurance.LAUNCH
    assert row.lane is Lane.PEER


def test_sec_17_a_digest_of_another_observation_signs_nothing(course: Course) -> None:
    first, second = course.answered(), course.answered()
    jo = course.browser("jo")
    other = hidden(jo.get(f"/o/{second}/sign/peer").text)["digest"]
    form = hidden(jo.get(f"/o/{first}/sign/peer").text)
    assert jo.act(f"/o/{first}/sign/peer", key=form["act"], digest=other).status_code != 303
    course.kept()
    assert not course.world.session.scalars(select(SignOffRow)).all()

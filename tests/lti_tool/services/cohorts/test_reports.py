"""Numbers of many, the same in both databases: cohorts, ratings, supervisors, sites and settings."""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select

from grading.funnel import Step
from grading.practice_gaps import Risk
from lti_tool.services.cohorts import funnel, rated, site_report
from lti_tool.services.cohorts.supervisor_load import Name, loads, of_nobody, supervisors
from lti_tool.services.competencies.own_competencies import own_competencies
from lti_tool.services.standing import kept_standings
from lti_tool.store.assignments import AssignedAs, AssignmentRow
from lti_tool.store.base import new_id
from lti_tool.store.courses import ActivityRow
from lti_tool.store.observations import SignOffRow
from lti_tool.store.programs import EnrollmentRow
from lti_tool.store.rubrics import RubricVersionRow
from lti_tool.store.sites import PlacementRow, SiteAgreementRow, SiteRow
from rubrics.practice import Compensation, PracticeModel, Setting
from rubrics.sign_off import Assurance, Lane, Meaning
from tests.lti_tool.services.conftest import TRAINEE, World
from tests.lti_tool.services.observed_rows import observed
from tests.lti_tool.services.path_rows import an_entry, program_in_use

PEOPLE = 7


def people(world: World) -> list[str]:
    names = [f"person{number}" for number in range(PEOPLE)]
    for name in names:
        world.visitor(name, TRAINEE)
    return names


def test_a_funnel_follows_from_what_is_kept(world: World) -> None:
    program_id, versions = program_in_use(world)
    for number, name in enumerate(people(world)):
        person_id = world.visitor(name).person_id
        world.session.add(
            EnrollmentRow(
                id=new_id(), organization_id=world.organization_id, program_id=program_id, person_id=person_id,
                version_id=versions[-1], entered_on=world.now.date() - timedelta(days=20), enrolled_at=world.now,
            )
        )  # fmt: skip
        world.session.flush()
        if number < 3:
            an_entry(world, name, "12", signed_by="jo")
        if number < 4:
            observed(world, person_id)
    first, last = world.now.date() - timedelta(days=30), world.now.date()
    before = funnel.entered(world.session, program_id, first, last, world.now)
    assert [(each.people, each.unknown) for each in before.steps] == [(7, 0), (4, 0), (0, 7), (0, 7), (0, 0)]
    kept_standings.note_new(world.session, world.now, program_id)
    while kept_standings.work_out(world.session, program_id, world.now):
        pass
    after = funnel.entered(world.session, program_id, first, last, world.now)
    assert [(each.step, each.people, each.unknown) for each in after.steps] == [
        (Step.ENTERED, 7, 0), (Step.OBSERVED, 4, 0), (Step.HALF, 3, 0), (Step.READY, 3, 0), (Step.CERTIFIED, 0, 0),
    ]  # fmt: skip
    assert sum(after.answers["practice"].values()) == 7
    assert not funnel.entered(world.session, program_id, last, last, world.now).enough


def test_ratings_are_counted_by_month_and_people(world: World) -> None:
    version_id = world.session.get_one(ActivityRow, world.activity_id).rubric_version_id
    document = world.session.get_one(RubricVersionRow, version_id).document
    averaged = next(each["key"] for each in document["criteria"] if not each.get("must_be_met"))
    for name in people(world):
        person_id = world.visitor(name).person_id
        observed(world, person_id, 4, days=-40)
        observed(world, person_id, 2, unseen=frozenset({averaged}) if name == "person0" else frozenset())
    found = rated.rated(world.session, version_id, [averaged])
    (tally,) = found.tallies
    assert (found.observations, found.people, tally.not_observed, tally.people) == (14, 7, 1, 7)
    assert dict(tally.levels) == {4: 7, 2: 6}
    assert tally.last_on == world.now.date()
    assert [month.usual for _, month in sorted(tally.months.items())] == [4, 2]
    (course,) = rated.courses(world.session, version_id)
    assert course.shown
    assert rated.rated(world.session, version_id, [averaged], course.course_id) == found


def test_what_supervisors_have_to_do_is_counted(world: World) -> None:
    jo, sam = world.visitor("jo").person_id, world.visitor("sam").person_id
    course_id = world.session.get_one(ActivityRow, world.activity_id).course_id
    world.answered()
    (nobody,) = of_nobody(world.session, world.organization_id, world.now)
    assert (nobody.lane, nobody.waiting.count, nobody.waiting.oldest) == (Lane.PEER, 1, world.now)
    world.session.add(
        AssignmentRow(
            id=new_id(), organization_id=world.organization_id, course_id=course_id, trainee_id=sam, person_id=jo,
            assigned_as=AssignedAs.SUPERVISOR, lane=Lane.PEER, assigned_at=world.now,
        )
    )  # fmt: skip
    for waited in range(1, 6):
        at = world.now - timedelta(days=30)
        ready = at - timedelta(days=waited)
        id_ = observed(world, sam, days=-30, shared_at=ready, respond_until=ready + timedelta(days=7),
                       answered_at=ready)  # fmt: skip
        world.session.add(
            SignOffRow(
                id=new_id(), organization_id=world.organization_id, observation_id=id_, signer_id=jo, lane=Lane.PEER,
                meaning=Meaning.OBSERVED, attestation="Seen.", assurance=Assurance.LAUNCH, digest="0" * 64,
                signed_at=at,
            )
        )  # fmt: skip
    world.session.flush()
    assert [each.name for each in supervisors(world.session, world.organization_id, course_id)] == [
        "Amara Example",
        "Jo Example",
    ]
    (load,) = loads(world.session, [Name(jo, "Jo")], world.now, course_id)
    assert (load.trainees, load.to_sign.count, load.to_sign.oldest, load.days) == (1, 1, world.now, 3)
    assert of_nobody(world.session, world.organization_id, world.now, course_id) == ()


def test_cap_b12_sites_and_settings_are_told_of_several_people_only(world: World) -> None:
    session, today = world.session, world.now.date()
    owned = {"id": new_id(), "organization_id": world.organization_id}
    ines = world.visitor("ines").person_id
    site = SiteRow(name="Harbor House", made_by=ines, made_at=world.now, changed_at=world.now,
                   compensation=Compensation.PAID, **owned)  # fmt: skip
    session.add(site)
    session.flush()
    session.add(
        SiteAgreementRow(
            id=new_id(), organization_id=world.organization_id, site_id=site.id, title="MOU", recorded_by=ines,
            begins_on=today - timedelta(days=300), ends_on=today + timedelta(days=90), recorded_at=world.now,
        )
    )  # fmt: skip
    course_id = session.scalars(select(ActivityRow.course_id)).first()
    for name in people(world):
        person_id = world.visitor(name).person_id
        an_entry(world, name, "2.5", signed_by="jo", setting=Setting.CRISIS, model=PracticeModel.GROUP, unit="hours")
        session.add(
            PlacementRow(
                id=new_id(), organization_id=world.organization_id, course_id=course_id, trainee_id=person_id,
                site_id=site.id, begins_on=today, without_agreement=False, made_by=ines, made_at=world.now,
            )
        )  # fmt: skip
    session.flush()
    observed(world, world.visitor("person0").person_id, setting=Setting.CRISIS, days=-1)
    found = site_report.practice(session, world.organization_id, today - timedelta(days=365), today)
    assert list(site_report.rows_by_kind(found.models, [PracticeModel.GROUP])) == [("group", 7, Decimal("17.5"), 0)]
    assert found.settings.observations_of(Setting.CRISIS) == 1
    assert [each.people for each in site_report.placed(session, world.organization_id, today)] == [7, 0, 0, 0]
    assert [
        (each.site, each.title, each.ends_on) for each in site_report.ending(session, world.organization_id, today)
    ] == [("Harbor House", "MOU", today + timedelta(days=90))]
    assert [each.risk for each in site_report.site_risks(session, world.organization_id, world.now)] == [
        Risk.NOT_OBSERVED
    ]


def test_one_reads_which_competencies_one_showed(world: World) -> None:
    sam = world.visitor("sam")
    observed(world, sam.person_id, setting=Setting.CRISIS)
    found = own_competencies(world.session, sam, ["en"])
    assert found.observations == 1
    assert own_competencies(world.session, world.visitor("noor"), ["en"]).observations == 0

"""Asking for a person's data, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from lti_tool.lti.claims import ForUser
from lti_tool.services.courses.places import NotHere
from lti_tool.services.entering.visitors import Visitor, who_is_it
from lti_tool.services.personal_data import privacy, theirs
from lti_tool.services.personal_data.kept import Kept
from lti_tool.store.people import SessionRow
from lti_tool.store.privacy import PrivacyRequestRow, PrivacyWish
from lti_tool.store.records import AuditEntryRow
from tests.lti_tool.services.conftest import World

ADMINISTRATOR = ("http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator",)


def administrator(world: World, who: str, whom: str = "sam") -> Visitor:
    entered = world.enter(
        who, ADMINISTRATOR, message_type="LtiDataPrivacyLaunchRequest", for_user=ForUser(whom, None), context=None
    )
    visitor = who_is_it(world.session, entered.token, world.now)
    assert visitor is not None
    return visitor


def test_what_is_kept_is_counted_by_kind_and_only_that_persons(world: World) -> None:
    world.answered()
    sam, jo = world.visitor("sam").person_id, world.visitor("jo").person_id
    dana, robin = administrator(world, "dana"), administrator(world, "robin", "jo")
    of_sam = privacy.about_person(world.session, dana, sam, world.now).kept
    of_jo = privacy.about_person(world.session, robin, jo, world.now).kept
    assert (of_sam[Kept.PRACTICE], of_sam[Kept.OBSERVED], of_sam[Kept.ANSWERS], of_sam[Kept.GRANTS]) == (1, 0, 1, 0)
    assert (of_jo[Kept.PRACTICE], of_jo[Kept.OBSERVED], of_jo[Kept.ANSWERS], of_jo[Kept.GRANTS]) == (0, 1, 0, 1)
    assert set(of_sam) == set(Kept)
    with pytest.raises(NotHere):
        privacy.about_person(world.session, dana, jo, world.now)


def test_lti_x05_two_who_ask_at_once_make_one_request_and_one_entry(
    world: World, sessions: sessionmaker[Session]
) -> None:
    sam: UUID = world.visitor("sam").person_id
    asking = [administrator(world, who) for who in ("dana", "robin")]
    world.session.commit()

    def ask(visitor: Visitor) -> None:
        with sessions.begin() as session:
            privacy.ask(session, visitor, sam, PrivacyWish.ERASE, world.now)

    with ThreadPoolExecutor(2) as both:
        list(both.map(ask, asking))
    assert world.session.scalars(select(func.count()).select_from(PrivacyRequestRow)).one() == 1
    acts = world.session.scalars(select(AuditEntryRow.act).where(AuditEntryRow.act.startswith("privacy."))).all()
    assert acts == ["privacy.erase"]


def test_nobody_is_asked_about_without_a_name_and_a_copy_is_noted_once(world: World) -> None:
    sam, dana = world.visitor("sam").person_id, administrator(world, "dana")
    nobody = world.launch("dana", ADMINISTRATOR, message_type="LtiDataPrivacyLaunchRequest")
    with pytest.raises(NotHere):
        privacy.begin(world.session, nobody, world.organization_id, dana.person_id, world.now)
    for wish in (PrivacyWish.EXPORT, PrivacyWish.ERASE):
        privacy.ask(world.session, dana, sam, wish, world.now)
    asked = privacy.about_person(world.session, dana, sam, world.now).asked
    for later in range(2):
        at = world.now + timedelta(hours=later)
        privacy.copy_is_answered(world.session, dana, asked[PrivacyWish.EXPORT].id, at)
    assert world.session.get_one(PrivacyRequestRow, asked[PrivacyWish.EXPORT].id).handled_at == world.now
    with pytest.raises(NotHere):  # that is carried out, not noted
        privacy.copy_is_answered(world.session, dana, asked[PrivacyWish.ERASE].id, world.now)


def test_a_table_that_is_about_nobody_has_no_rows_about_somebody(world: World) -> None:
    with pytest.raises(LookupError, match="organization is about nobody"):
        theirs.about("organization", [world.visitor("sam").person_id])


def test_colors_and_contrast_of_a_launch_come_back_as_they_were(world: World) -> None:
    custom = {"attune_brand": '{"ic-brand-primary": "#0374B5"}', "attune_high_contrast": "true"}
    entered = world.enter("sam", (), custom=custom)
    visitor = who_is_it(world.session, entered.token, world.now)
    assert visitor is not None
    assert (visitor.brand, visitor.high_contrast) == ({"accent": "#0374b5"}, True)
    plain = who_is_it(world.session, world.enter("sam", ()).token, world.now)
    assert plain is not None
    assert (plain.brand, plain.high_contrast) == ({}, False)
    assert None in world.session.scalars(select(SessionRow.brand)).all()

"""Links say where they lead twice, and are understood however much of it a platform keeps."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.lti.claims import Launch, Platform
from lti_tool.services.linking import link_names

PUBLIC = "https://attune.school.example"
ONE, OTHER = uuid4(), uuid4()


def launch(custom: dict[str, str], target: str = f"{PUBLIC}/lti/launch") -> Launch:
    return Launch(
        registration_id=uuid4(), issuer="https://lms.example", client_id="c", deployment_id="1",
        message_type="LtiResourceLinkRequest", sub="9", name=None, given_name=None, family_name=None, email=None,
        roles=(), context=None, resource_link=None, custom=custom, target_link_uri=target, ags=None,
        memberships_url=None, deep_linking=None, return_url=None, locale=None, document_target=None, for_user=None,
        groups_url=None, notices=None, platform=Platform(None, None), placement=None,
    )  # fmt: skip


def address(activity_id: UUID) -> str:
    return link_names.address_of(PUBLIC, link_names.ACTIVITY, str(activity_id))


@given(st.uuids(), st.booleans(), st.booleans())
def test_the_activity_is_known_as_long_as_one_of_the_two_is_kept(activity_id: UUID, custom: bool, query: bool) -> None:
    said = launch(
        link_names.custom_of(link_names.ACTIVITY, str(activity_id)) if custom else {},
        address(activity_id) if query else f"{PUBLIC}/lti/launch",
    )
    assert link_names.named_activity(said) == (activity_id if custom or query else None)


def test_the_custom_parameter_comes_first() -> None:
    assert link_names.named_activity(launch({"attune_activity": str(ONE)}, address(OTHER))) == ONE


@pytest.mark.parametrize("custom", ["", "nonsense", "$ResourceLink.title", "1"])
def test_what_is_no_id_is_passed_over(custom: str) -> None:
    assert link_names.named_activity(launch({"attune_activity": custom}, address(ONE))) == ONE
    assert link_names.named_activity(launch({"attune_activity": custom})) is None


@given(st.text(), st.text())
def test_no_address_and_no_parameter_is_too_strange(custom: str, query: str) -> None:
    said = launch({"attune_activity": custom, "attune_place": custom}, f"{PUBLIC}/lti/launch?{query}")
    assert link_names.named_place(said) in {None, *link_names.PLACES.values()}
    named = link_names.named_activity(said)
    assert named is None or isinstance(named, UUID)


@pytest.mark.parametrize("place", link_names.PLACES)
def test_a_place_is_known_by_either(place: str) -> None:
    query = link_names.address_of(PUBLIC, link_names.PLACE, place)
    for said in (launch(link_names.custom_of(link_names.PLACE, place)), launch({}, query)):
        assert link_names.named_place(said) == link_names.PLACES[place]
    assert link_names.named_place(launch({"attune_place": "/operator"})) is None

"""canvas: as Canvas is written and documented, also where that is not what the specifications say."""

from dataclasses import replace
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.practice import deep_linking
from lti_tool.practice.names import (
    CORE_SCOPES,
    DEEP_LINKING_REQUEST,
    NOTICES_SCOPE,
    PLATFORM_CONFIGURATION,
    RESOURCE_LINK_REQUEST,
)
from lti_tool.practice.pages import returned
from lti_tool.practice.people import ADA, OLLY, TEST_STUDENT
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import DeepLinking, Paths, Profile
from lti_tool.practice.profiles.canvas import (
    choosing,
    limit,
    notices,
    registration,
    roster,
    scores,
    services,
    signing_in,
    tokens,
)
from lti_tool.practice.profiles.canvas.claims import NOTICE_TYPES, launch_claims
from lti_tool.practice.profiles.canvas.ids import CANVAS_IDS
from lti_tool.practice.profiles.canvas.variables import KNOWN

__all__ = ["CANVAS", "OLDER_CANVAS"]

SCOPES = (*CORE_SCOPES, NOTICES_SCOPE)

PATHS = Paths(
    configuration="/api/lti/security/openid-configuration?registration_token={token}",
    keys="/api/lti/security/jwks",
    authorize="/api/lti/authorize_redirect",
    token="/login/oauth2/token",  # noqa: S106 - a path
    registration="/api/lti/registrations",
    line_items="/api/lti/courses/{course}/line_items",
    line_item="/api/lti/courses/{course}/line_items/{item}{below}",
    roster="/api/lti/courses/{course}/names_and_roles",
    deep_linking="/courses/deep_linking_response",
    back="/external_content/success/external_tool_redirect",
)

back = Blueprint("canvas_back", __name__)


@back.get(PATHS.back)
def external_content() -> ResponseReturnValue:
    """Where a tool sends people who are done."""
    return returned()


def configuration(lms: Platform) -> dict[str, Any]:
    """What a tool reads before it registers."""
    return {
        "issuer": lms.issuer,
        "authorization_endpoint": lms.authorize_address,
        "registration_endpoint": lms.url(PATHS.registration),
        "jwks_uri": lms.keys_address,
        "token_endpoint": lms.token_address,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["id_token"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "picture", "email", "name", "given_name", "family_name", "locale"],
        "subject_types_supported": ["public"],
        "authorization_server": lms.authority.auth_url.split("//")[1],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "canvas",
            "version": "vCloud",
            "messages_supported": [
                {
                    "type": RESOURCE_LINK_REQUEST,
                    "placements": ["assignment_selection", "course_navigation", "link_selection"],
                },
                {"type": DEEP_LINKING_REQUEST, "placements": list(choosing.PLACES)},
            ],
            "notice_types_supported": list(NOTICE_TYPES),
            "variables": list(KNOWN),
            "https://canvas.instructure.com/lti/account_name": "Practice institution",
            "https://canvas.instructure.com/lti/account_lti_guid": f"{lms.state.guid}:canvas-lms",
        },
    }


CANVAS = Profile(
    name="canvas",
    title="Canvas",
    paths=PATHS,
    ids=CANVAS_IDS,
    deep_linking=DeepLinking(choosing.settings, choosing.ticket, choosing.problems, published=False, any_maximum=True),
    scopes=SCOPES,
    configuration=configuration,
    login_fields=signing_in.login_fields,
    claims=launch_claims,
    blueprints=(
        limit.blueprint,
        back,
        deep_linking.blueprint_at(PATHS.deep_linking),
        notices.blueprint,
        registration.blueprint,
        roster.blueprint,
        scores.blueprint,
        services.blueprint,
        signing_in.institution,
        tokens.institution,
    ),
    auth_blueprints=(signing_in.shared, tokens.shared),
    apart=True,
    people=(ADA, OLLY, TEST_STUDENT),
    launch_lifetime=signing_in.LAUNCH_LIFETIME,
    hint=signing_in.hint,
    messages="all",
    storage_frame=signing_in.STORAGE_FRAME,
    copies_keep_tags=False,
    copied=notices.tell_of_copy,
    navigation=True,
    reviews=False,
)

OLDER_CANVAS = replace(
    CANVAS, name="canvas-older", title="an older Canvas", takes_test_trainee=False, says_concluded=False
)
"""Where scores for the test student are refused, and a concluded course is not found."""

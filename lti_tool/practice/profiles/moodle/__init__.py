"""moodle: as Moodle 4.5 was measured to behave, also where that is not what the specifications say."""

import secrets
import string
from dataclasses import replace
from typing import Any

from lti_tool.practice import deep_linking, oidc
from lti_tool.practice.names import CORE_SCOPES, DEEP_LINKING_REQUEST, PLATFORM_CONFIGURATION, RESOURCE_LINK_REQUEST
from lti_tool.practice.people import ADA
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import DeepLinking, Paths, Profile
from lti_tool.practice.profiles.moodle import back, choosing, registration, roster, scores, services, tokens
from lti_tool.practice.profiles.moodle.claims import launch_claims
from lti_tool.practice.profiles.moodle.variables import KNOWN
from lti_tool.practice.profiles.strict import PLAIN_IDS, login_fields

__all__ = ["MOODLE"]

TOOL_SETTING_SCOPE = "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting"
LETTERS = string.ascii_letters + string.digits

PATHS = Paths(
    configuration="/mod/lti/openid-configuration.php",
    keys="/mod/lti/certs.php",
    authorize="/mod/lti/auth.php",
    token="/mod/lti/token.php",  # noqa: S106 - a path
    registration="/mod/lti/openid-registration.php",
    line_items="/mod/lti/services.php/{course}/lineitems?type_id={deployment}",
    line_item="/mod/lti/services.php/{course}/lineitems/{item}/lineitem{below}?type_id={deployment}",
    roster="/mod/lti/services.php/CourseSection/{course}/bindings/{deployment}/memberships",
    deep_linking="/mod/lti/contentitem_return.php",
    back="/mod/lti/return.php",
)

INSISTS = oidc.Insists(
    fixed={"response_type": "id_token", "response_mode": "form_post", "scope": "openid"},
    needed=("nonce", "login_hint", "lti_message_hint"),
)


def configuration(lms: Platform) -> dict[str, Any]:
    """What a tool reads before it registers. The review of submissions is not in it, and yet is sent."""
    return {
        "issuer": lms.issuer,
        "token_endpoint": lms.token_address,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": lms.keys_address,
        "authorization_endpoint": lms.authorize_address,
        "registration_endpoint": lms.url(PATHS.registration),
        "scopes_supported": [*CORE_SCOPES, TOOL_SETTING_SCOPE, "openid"],
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public", "pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "moodle",
            "version": "4.5.6 (Build: 20250811)",
            "messages_supported": [
                {"type": RESOURCE_LINK_REQUEST},
                {"type": DEEP_LINKING_REQUEST, "placements": ["ContentArea"]},
            ],
            "variables": list(KNOWN),
        },
    }


def _client_id(_lms: Platform) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(15))


MOODLE = Profile(
    name="moodle",
    title="Moodle",
    paths=PATHS,
    ids=replace(PLAIN_IDS, client=_client_id),
    deep_linking=DeepLinking(choosing.settings, choosing.ticket, choosing.problems, titles_name_columns=True),
    scopes=(*CORE_SCOPES, TOOL_SETTING_SCOPE),
    configuration=configuration,
    login_fields=login_fields,
    claims=launch_claims,
    blueprints=(
        deep_linking.blueprint_at(PATHS.deep_linking),
        back.blueprint,
        registration.blueprint,
        roster.blueprint,
        scores.blueprint,
        services.blueprint,
    ),
    auth_blueprints=(oidc.blueprint_at(PATHS, INSISTS), tokens.blueprint),
    people=(ADA,),
    messages="",
    shown=scores.shown,
    checks_reviewer=False,
    asks_about_data=False,
)

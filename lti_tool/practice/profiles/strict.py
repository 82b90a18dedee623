"""strict: what the specifications say, and of what they leave open the strictest that was measured."""

import secrets
from typing import Any

from lti_tool.practice import deep_linking, oidc, registration, roster, services, tokens
from lti_tool.practice.claims import deployment_of, launch_claims
from lti_tool.practice.enrollment import person_with_id
from lti_tool.practice.launches import Launch
from lti_tool.practice.names import MESSAGES, PLATFORM_CONFIGURATION, SCOPES
from lti_tool.practice.platform import Platform
from lti_tool.practice.profile import DeepLinking, Ids, Paths, Profile
from lti_tool.practice.records import Tool

PATHS = Paths(
    configuration="/.well-known/openid-configuration",
    keys="/oidc/keys",
    authorize="/oidc/authorize",
    token="/oidc/token",  # noqa: S106 - a path
    registration="/oidc/registration",
    line_items="/services/courses/{course}/lineitems?type_id={deployment}",
    line_item="/services/courses/{course}/lineitems/{item}/lineitem{below}?type_id={deployment}",
    roster="/services/courses/{course}/memberships?type_id={deployment}",
)

PLAIN_IDS = Ids(
    user=lambda _lms, person: person.id,
    user_found=lambda lms, user_id: person_with_id(lms.state, user_id),
    login_hint=lambda _lms, person: person.id,
    course=lambda _lms, course: course.id,
    link=lambda _lms, activity: activity.id,
    client=lambda _lms: secrets.token_hex(8),
    deployment=lambda _lms, number: number,
)

INSISTS = oidc.Insists(
    fixed={"response_type": "id_token", "response_mode": "form_post", "scope": "openid", "prompt": "none"},
    needed=("nonce", "state", "login_hint", "lti_message_hint"),
)


def configuration(lms: Platform) -> dict[str, Any]:
    """What a tool reads before it registers."""
    return {
        "issuer": lms.issuer,
        "authorization_endpoint": lms.authorize_address,
        "token_endpoint": lms.token_address,
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "jwks_uri": lms.keys_address,
        "registration_endpoint": lms.url(PATHS.registration),
        "scopes_supported": ["openid", *SCOPES],
        "response_types_supported": ["id_token"],
        "response_modes_supported": ["form_post"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "iss", "name", "given_name", "family_name", "email"],
        PLATFORM_CONFIGURATION: {
            "product_family_code": "practice-lms",
            "version": "1",
            "messages_supported": [{"type": message} for message in MESSAGES],
            "variables": [],
        },
    }


def login_fields(_lms: Platform, tool: Tool, launch: Launch) -> dict[str, str]:
    """What a login says beyond what every login says."""
    return {"lti_deployment_id": deployment_of(tool, launch)}


STRICT = Profile(
    name="strict",
    title="a strict LMS",
    paths=PATHS,
    ids=PLAIN_IDS,
    deep_linking=DeepLinking(deep_linking.choice_settings, deep_linking.ticket_in_data, deep_linking.all_item_problems),
    scopes=SCOPES,
    configuration=configuration,
    login_fields=login_fields,
    claims=launch_claims,
    blueprints=(
        deep_linking.blueprint_at(PATHS.deep_linking),
        registration.blueprint,
        roster.blueprint,
        services.blueprint,
    ),
    auth_blueprints=(oidc.blueprint_at(PATHS, INSISTS), tokens.blueprint),
)

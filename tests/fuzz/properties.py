"""The kinds of odd requests: where the values of each come from, and what is done with one.

Whatever is sent: never a fault of ours, a page with a reference, no session without a valid launch.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.fuzz import launching, noticing, oddities, registering
from tests.fuzz.judging import FORM
from tests.fuzz.lab import Lab, configuration, kinds_of_launches, whole_notice
from tests.fuzz.oddities import changed, changes, pairs
from tests.lti_tool.lti.platform import KID, jwk, private_key, raw


class Property(NamedTuple):
    """A kind of odd request: where its values come from, and what is done with one."""

    values: st.SearchStrategy[Any]
    holds: Callable[[Lab, Any], None]


LAUNCH = {"id_token": "e30.e30.e30", "state": "state-x", "error": "login_required"}
HEADERS = (*[launching.OF_A_TAB] * 3, {}, {**launching.OF_A_TAB, "Sec-Fetch-Site": "cross-site"})
LAST_STEP = {"id_token": "x", "state": "x", "ticket": "x", "secret": "x"}
KEY_SET = {"keys": [jwk(private_key(), KID), {"kty": "oct", "kid": "x", "k": "AAAA"}]}
statuses = st.sampled_from([200, 200, 200, 201, 204, 301, 400, 404, 500, 503])
answers = st.one_of(
    changes({"client_id": "client-new", "deployment_id": "7", "scope": "openid"}).map(
        lambda made: changed({"client_id": "client-new", "deployment_id": "7", "scope": "openid"}, made)
    ),
    oddities.json_values,
    st.binary(max_size=40),
)

PROPERTIES = {
    "login": Property(st.tuples(st.sampled_from(["GET", "POST"]), pairs(launching.LOGIN)), launching.odd_login),
    "launch: form": Property(st.tuples(st.booleans(), pairs(LAUNCH)), launching.odd_form),
    "launch, login, registration: body": Property(oddities.bodies, launching.odd_body),
    "launch: claims changed": Property(
        st.sampled_from(kinds_of_launches()).flatmap(lambda whole: st.tuples(st.just(whole), changes(whole))),
        launching.changed_claims,
    ),
    "launch: any claims": Property(st.tuples(oddities.json_objects, st.booleans()), launching.arbitrary_claims),
    "launch: any token": Property(
        st.tuples(
            st.one_of(oddities.json_values, st.fixed_dictionaries({"alg": st.sampled_from(["RS256", "none", 5])})),
            oddities.json_values,
            st.binary(max_size=20),
        ),
        launching.odd_token,
    ),
    "launch: header": Property(changes(launching.HEADER), launching.odd_header),
    "launch: key set": Property(
        st.tuples(
            st.one_of(
                changes(KEY_SET).map(lambda made: changed(KEY_SET, made)), oddities.json_values, st.binary(max_size=40)
            ),
            statuses,
            st.sampled_from(["", "max-age=0", "max-age=99999999999", "max-age=-1", "no-store", "\x7f"]),
        ),
        launching.odd_key_set,
    ),
    "registration: asking": Property(
        st.tuples(
            st.sampled_from([None, "x", "%00", "x" * 3_000]), pairs(registering.REGISTER), changes(configuration())
        ),
        registering.odd_asking,
    ),
    "registration: agreeing": Property(
        st.tuples(pairs(registering.REGISTER), changes(configuration()), answers, statuses), registering.odd_agreeing
    ),
    "registration: any configuration": Property(
        st.one_of(oddities.json_values, st.binary(max_size=40)), registering.odd_configuration
    ),
    "launch: last step": Property(
        st.tuples(
            st.sampled_from(HEADERS),
            changes(LAST_STEP),
        ),
        launching.odd_last_step,
    ),
    "registration: update": Property(
        st.tuples(st.sampled_from(["GET", "POST"]), pairs({"sealed": "WyJ4Il0.x.y"})), registering.odd_update
    ),
    "registration: result": Property(pairs({"result": "WyJ4Il0.x.y"}), registering.odd_result),
    "notices: body": Property(
        st.tuples(
            st.one_of(oddities.json_values, oddities.bodies.map(lambda body: body[1])),
            st.sampled_from(["application/json", FORM, "", "text/plain"]),
        ),
        noticing.odd_notices,
    ),
    "notices: tokens": Property(
        st.lists(
            st.one_of(
                oddities.json_values,
                oddities.texts.map(lambda text: {"jwt": text}),
                st.tuples(oddities.json_values, oddities.json_values).map(lambda both: {"jwt": raw(*both, b"x")}),
            ),
            max_size=4,
        ),
        noticing.odd_notice_tokens,
    ),
    "notices: claims changed": Property(
        st.lists(changes(whole_notice(0, "x")), min_size=1, max_size=2), noticing.changed_notices
    ),
}

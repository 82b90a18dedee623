"""What an open page asks beside its own address: the key for this device, and how long one is signed in."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from lti_tool.services.entering import visitors
from lti_tool.services.entering.device_keys import KEPT, device_keys
from lti_tool.web import csrf, current
from lti_tool.web.access import repeatable, signed_in

bp = Blueprint("device", __name__)


@bp.get("/session/device-key")
@signed_in
def key() -> ResponseReturnValue:
    """The keys of the person who is signed in, for a page that was made for them; for another's page, none."""
    mine = csrf.is_of_this_person(request.args.get("mark", ""))
    keys = device_keys(current.settings().secret_keys, current.visitor().person_id) if mine else ()
    return {
        "keys": [{"mark": one.mark, "key": one.key} for one in keys],
        "kept_for": KEPT.total_seconds(),
    }


@bp.get("/session/ends")
@signed_in
def ends() -> ResponseReturnValue:
    """How many seconds from now one will be signed out: another tab may have changed it."""
    visitor = current.visitor()
    return {"seconds": (visitor.ends_at - current.now()).total_seconds(), "may_stay": visitor.may_stay}


@bp.post("/session/stay")
@signed_in
@repeatable
def stay() -> ResponseReturnValue:
    """Stay signed in, as far as that goes."""
    ends_at = visitors.stay(current.db(), current.visitor(), current.now())
    return {"seconds": (ends_at - current.now()).total_seconds()}

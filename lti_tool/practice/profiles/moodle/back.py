"""Moodle's return address: shows what the tool says, or leads to the course."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lti_tool.practice.pages import returned

blueprint = Blueprint("moodle_back", __name__)


@blueprint.get("/mod/lti/return.php")
def launch_return() -> ResponseReturnValue:
    """Where a tool sends people who are done."""
    return returned()

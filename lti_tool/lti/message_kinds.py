"""What each kind of message needs, beyond the form of its claims."""

from lti_tool.lti import names
from lti_tool.lti.addresses import may_be_opened
from lti_tool.lti.errors import LaunchProblem, LaunchRejected
from lti_tool.lti.message_claims import Message
from lti_tool.lti.roles import administers, reviews_others

RENAMED = {names.DATA_PRIVACY_REQUEST_BEFORE: names.DATA_PRIVACY_REQUEST}


def kind_of(message: Message) -> str:
    """The kind of message, by its present name."""
    return RENAMED.get(message.message_type, message.message_type)


def check_kind(message: Message, *, lab: bool) -> str:
    """Who launches, once all that this kind of message needs was found to be there. Raises `LaunchRejected`."""
    match kind_of(message):
        case names.RESOURCE_LINK_REQUEST:
            _check_resource_link(message)
        case names.DEEP_LINKING_REQUEST:
            _check_deep_linking(message, lab=lab)
        case names.SUBMISSION_REVIEW_REQUEST:
            _check_submission_review(message)
        case names.DATA_PRIVACY_REQUEST:
            _check_data_privacy(message)
        case _:
            raise LaunchRejected(
                LaunchProblem.MESSAGE_NOT_SUPPORTED,
                "Your LMS asked for something that Attune does not offer here. "
                "Please open Attune from an activity of your course.",
            )
    if message.sub is None:
        raise LaunchRejected(
            LaunchProblem.USER_MISSING,
            "This activity needs an identified user: practice is recorded with the people who took part in it. "
            "Please log in to your LMS and open the activity again.",
            status=403,
        )
    return message.sub


def _check_resource_link(message: Message) -> None:
    if message.resource_link is None:
        raise broken(LaunchProblem.RESOURCE_LINK_WRONG)
    if message.roles is None:
        raise broken(LaunchProblem.ROLES_WRONG)


def _check_deep_linking(message: Message, *, lab: bool) -> None:
    settings = message.deep_linking
    if settings is None or not may_be_opened(settings.deep_link_return_url, lab=lab):
        raise broken(LaunchProblem.DEEP_LINKING_WRONG)


def _check_submission_review(message: Message) -> None:
    """The column or the link says what is reviewed. Moodle names nobody where a column's head was clicked."""
    if message.roles is None:
        raise broken(LaunchProblem.ROLES_WRONG)
    if message.resource_link is None and (message.gradebook is None or message.gradebook.line_item is None):
        raise broken(LaunchProblem.LINE_ITEM_NOT_OURS)
    about_another = message.for_user is not None and message.for_user.user_id != message.sub
    if about_another and not reviews_others(message.roles):
        # Moodle signs such a message for any learner who asks for it.
        raise LaunchRejected(
            LaunchProblem.FOR_USER_WRONG,
            "This would open someone else's page. Your own is where it always is: "
            "please open the activity from your course.",
            status=403,
        )


def _check_data_privacy(message: Message) -> None:
    if message.roles is None:
        raise broken(LaunchProblem.ROLES_WRONG)
    if message.for_user is None:
        raise broken(LaunchProblem.FOR_USER_WRONG)
    if not administers(message.roles):
        raise LaunchRejected(
            LaunchProblem.NOT_AN_ADMINISTRATOR,
            "Asking about a person's data is for the administrators of your LMS. "
            "If something should happen with yours, please tell them.",
            status=403,
        )


def broken(code: LaunchProblem, *, detail: str = "") -> LaunchRejected:
    """The refusal of a message in which something is missing or misshapen."""
    return LaunchRejected(
        code,
        "Something that Attune needs is missing from what your LMS sent, or has a form it cannot read. "
        "Please tell your LMS's administrator; the reference below leads to the reason.",
        detail=detail,
    )

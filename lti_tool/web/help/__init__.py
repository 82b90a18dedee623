"""Help beside each page: what it is for, what can be done on it, and what follows.

A text belongs to pages, each named by its template, so that it stands there however the page is reached, also with
what is still needed after a form was sent. Closed until somebody opens it, and nothing is asked of the database.
"""

from collections.abc import Mapping
from itertools import chain

from jinja2 import pass_context
from jinja2.runtime import Context

from lti_tool.web.help.asked_once import ASKED_ONCE
from lti_tool.web.help.course import COURSE
from lti_tool.web.help.observing import OBSERVING
from lti_tool.web.help.operating import OPERATING
from lti_tool.web.help.organization import ORGANIZATION
from lti_tool.web.help.own import OWN
from lti_tool.web.help.path import PATH
from lti_tool.web.help.programs import PROGRAMS
from lti_tool.web.help.rubrics import RUBRICS
from lti_tool.web.help.signing import SIGNING
from lti_tool.web.help.supervising import SUPERVISING
from lti_tool.web.texts import gettext

SUBJECTS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    OBSERVING,
    SIGNING,
    SUPERVISING,
    COURSE,
    PATH,
    OWN,
    RUBRICS,
    PROGRAMS,
    ORGANIZATION,
    OPERATING,
    ASKED_ONCE,
)
"""By subject: a text, and the templates of the pages that it stands beside."""
HELP: Mapping[str, str] = {
    page: text for text, pages in chain.from_iterable(subject.items() for subject in SUBJECTS) for page in pages
}


@pass_context
def help_here(context: Context) -> str:
    """The help of the page that is being made, in the reader's language; "" where a page has none."""
    return gettext(HELP.get(context.name or "", ""))

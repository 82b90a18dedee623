"""A small LMS of our own, for `make demo` and for the tests: a stranger to the rest of Attune.

It speaks LTI 1.3 over HTTP with any tool on this machine: OIDC login, resource links, deep linking,
dynamic registration, assignment and grade services, names and roles. It is as strict as the strictest
platform we measured (mostly Moodle 4.5) and says what was wrong. It imports nothing else of lti_tool.

From a shell:

    python -m lti_tool.practice --port 8401 --data DIR [--host 127.0.0.1] [--fresh]

In a test:

    from lti_tool.practice import running_practice_lms

    with running_practice_lms(tmp_path) as lms:              # port=, fresh=, clock=
        tool = lms.register_tool("http://127.0.0.1:8400/lti/register/SECRET")
        page = lms.visitor().choose_in_tool("ines")          # the tool's page for choosing an activity
        link = lms.add_activity("Observed practice")         # or a link that nobody chose
        page = lms.visitor().open("sam", link.id)            # id or title; the tool's page after the launch
        lms.misbehave("scores", "503", times=2)              # also slow, html, drop, lost-answer
        lms.calls("scores")[-1].status, .note, .body         # what the tool sent, and what was said about it
        lms.score("sam").given

`lms.base_url` is the issuer. People are known by id ("6"), key ("sam") or name ("Sam Rivera"); see `people`.
`visitor` is a browser without JavaScript: `open`, `submit`, `follow`, `get`. A page has `status`, `url`,
`text`, `words`, `forms`, `links`.

What survives a restart (one JSON file in the directory): keys, registrations, activities, columns, scores.
What does not: launches under way, access tokens, the call log, mischief.

For tests in another process, from this machine only: POST and DELETE /_control/misbehave, GET and DELETE
/_control/calls, POST /_control/rotate-key, /_control/forget-tokens, /_control/register-tool.
"""

from lti_tool.practice.calls import Call, Mischief
from lti_tool.practice.page import Page
from lti_tool.practice.people import PEOPLE, Person
from lti_tool.practice.running import PracticeLms, running_practice_lms
from lti_tool.practice.serving import PortInUse
from lti_tool.practice.set_up import NotRegistered
from lti_tool.practice.state import Activity, LineItem, Score, StateProblem, Tool
from lti_tool.practice.visitor import LmsVisitor, Visitor

__all__ = [
    "PEOPLE",
    "Activity",
    "Call",
    "LineItem",
    "LmsVisitor",
    "Mischief",
    "NotRegistered",
    "Page",
    "Person",
    "PortInUse",
    "PracticeLms",
    "Score",
    "StateProblem",
    "Tool",
    "Visitor",
    "running_practice_lms",
]

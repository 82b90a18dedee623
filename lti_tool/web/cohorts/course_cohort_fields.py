"""A way of looking at the trainees of a course, as the address of its page has it."""

from werkzeug.datastructures import MultiDict

from lti_tool.services.cohorts.cohort_course import Looking, Waits
from lti_tool.web.cohorts.cohort_fields import LONGEST_NAME, PAGES, Query, most_of, one_of
from lti_tool.web.form_values import uuid_if_any

COMPETENCIES = "competencies"


def looking_of(args: "MultiDict[str, str]") -> Looking:
    """Whom to show. What an address says that is none of ours leaves nobody out."""
    return Looking(
        group_id=uuid_if_any(args.get("group")),
        site_id=uuid_if_any(args.get("site")),
        supervisor_id=uuid_if_any(args.get("supervisor")),
        waits_for=one_of(Waits, args.get("waits")),
        activity_id=uuid_if_any(args.get("open")),
        name=args.get("name", "").strip()[:LONGEST_NAME],
    )


def query_of(args: "MultiDict[str, str]") -> Query:
    """The same as an address has it, but for a name."""
    looking, most = looking_of(args), most_of(args)
    pairs: dict[str, object] = {
        "across": COMPETENCIES if args.get("across") == COMPETENCIES else None,
        "group": looking.group_id,
        "site": looking.site_id,
        "supervisor": looking.supervisor_id,
        "waits": looking.waits_for,
        "open": looking.activity_id,
        "most": most if most != PAGES[0] else None,
    }
    return {name: [str(value)] for name, value in pairs.items() if value}

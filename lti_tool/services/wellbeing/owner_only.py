"""Who can see what somebody writes for themselves: computed from the access table, as everywhere."""

from lti_tool.access import ACCESS, Field, Who
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.lines import display_name
from lti_tool.services.personal_data.record_access import Reader


def own_readers(visitor: Visitor, field: Field) -> tuple[Reader, ...]:
    """For a field that is its owner's alone, the owner by name; for any other every way to stand to it."""
    names = {Who.OWNER: (display_name(visitor.person_id, visitor.name),)}
    return tuple(Reader(who, names.get(who, ())) for who in Who if who in ACCESS[field].see)

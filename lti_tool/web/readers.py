"""Who can see a field, before there is a record: by role, from the same table that grants access."""

from collections.abc import Mapping

from lti_tool.access import ACCESS, Field, Who
from lti_tool.services.record_access import Reader


def by_role() -> Mapping[Field, tuple[Reader, ...]]:
    """For each field the roles that can see it; names are known once there is an observation."""
    return {field: tuple(Reader(who, ()) for who in Who if who in rule.see) for field, rule in ACCESS.items()}

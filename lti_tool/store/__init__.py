"""Rows and the questions asked of them, by noun. No behavior. Importing this knows every table."""

from lti_tool.store import (
    courses,
    deliveries,
    observations,
    organizations,
    people,
    platforms,
    records,
    rubrics,
)
from lti_tool.store.base import Base

__all__ = [
    "Base",
    "courses",
    "deliveries",
    "observations",
    "organizations",
    "people",
    "platforms",
    "records",
    "rubrics",
]

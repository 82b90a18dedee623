"""Rows and the questions asked of them, by noun. No behavior. Importing this knows every table."""

from lti_tool.store import (
    copies,
    courses,
    deep_links,
    deliveries,
    drafts,
    files,
    frameworks,
    observations,
    organizations,
    paper,
    people,
    platforms,
    privacy,
    records,
    rubrics,
)
from lti_tool.store.base import Base

__all__ = [
    "Base",
    "copies",
    "courses",
    "deep_links",
    "deliveries",
    "drafts",
    "files",
    "frameworks",
    "observations",
    "organizations",
    "paper",
    "people",
    "platforms",
    "privacy",
    "records",
    "rubrics",
]

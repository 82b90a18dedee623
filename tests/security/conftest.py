"""The real application over a fresh database, and its people, as the tests of the pages have them."""

from tests.lti_tool.web.conftest import (  # noqa: F401 - fixtures
    app,
    browser,
    come_in,
    course,
    database_url,
    looked_at,
    make_course,
    organization_id,
    registration_id,
)

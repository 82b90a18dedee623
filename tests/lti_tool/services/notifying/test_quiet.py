from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lti_tool.services.notifying.quiet import is_quiet, not_before

HOURS = st.integers(0, 23)
ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Auckland"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@given(MOMENTS, ZONES, HOURS, HOURS)
def test_ux_m2_nothing_goes_out_in_quiet_hours_and_nothing_waits_longer_than_a_day(
    moment: datetime, zone: str, quiet_from: int, quiet_until: int
) -> None:
    at = not_before(moment, ZoneInfo(zone), quiet_from, quiet_until)
    assert moment <= at <= moment + timedelta(days=1, hours=1)
    assert not is_quiet(at, ZoneInfo(zone), quiet_from, quiet_until)


@given(MOMENTS, ZONES, HOURS, HOURS)
def test_outside_of_quiet_hours_nothing_waits(moment: datetime, zone: str, quiet_from: int, quiet_until: int) -> None:
    if not is_quiet(moment, ZoneInfo(zone), quiet_from, quiet_until):
        assert not_before(moment, ZoneInfo(zone), quiet_from, quiet_until) == moment


@pytest.mark.parametrize(
    ("hour", "at"), [(7, "2026-03-02T08:00"), (8, "2026-03-02T08:30"), (20, "2026-03-03T08:00")]
)  # fmt: skip
def test_by_default_mail_waits_from_eight_in_the_evening_until_eight_in_the_morning(hour: int, at: str) -> None:
    found = not_before(datetime(2026, 3, 2, hour, 30, tzinfo=UTC), ZoneInfo("UTC"), 20, 8)
    assert found.isoformat().startswith(at)

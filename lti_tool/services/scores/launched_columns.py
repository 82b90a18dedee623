"""What a launch says of columns that are known: where they are now, and what we may do with them (AGS 2.0, 3.1)."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_tool.lti.addresses import origin
from lti_tool.lti.claims import AgsEndpoint
from lti_tool.services.scores import column_changes, reading_back
from lti_tool.services.scores.deliver import column_changed
from lti_tool.store.courses import ActivityColumnRow, LineItemRow

LATELY = timedelta(hours=1)
"""A launch that names no column is a reason to look for it, but not more often than that."""


def named(session: Session, known: LineItemRow, ags: AgsEndpoint, now: datetime) -> None:
    """The launch of the column's link: addresses and scopes of this launch take the place of those before."""
    moved = ags.line_item is not None and known.url is not None and ags.line_item != known.url
    came_back = ags.line_item is not None and _not_there(known)
    if _say(known, ags.line_item or known.url, ags):
        if came_back:
            known.gone_at = known.change_at = known.change_answer = None
        session.flush()
        column_changed(session, known.id, now)
        _further_ones(session, known, ags, now)
    elif came_back:
        known.gone_at = known.change_at = known.change_answer = None
        session.flush()
        column_changes.go_on(session, known.id, now)
    if moved:
        column_changes.send_anew(session, known.id, now)
    if ags.line_item is None and known.url is not None and _worth_a_look(known, now):
        reading_back.ask_at(session, known.id, now)


def _say(row: LineItemRow, url: str | None, ags: AgsEndpoint) -> bool:
    """Whether that is something new."""
    scopes = sorted(ags.scopes)
    if (row.url, row.line_items_url, list(row.scopes)) == (url, ags.line_items, scopes):
        return False
    row.url, row.line_items_url, row.scopes = url, ags.line_items, scopes
    return True


def _not_there(row: LineItemRow) -> bool:
    return row.gone_at is not None or row.change_answer == column_changes.NOT_THERE


def _worth_a_look(row: LineItemRow, now: datetime) -> bool:
    """Many LMSs name no column where a link has several, so it may well be there."""
    return row.gone_at is None and row.stopped_at is None and (row.read_at is None or row.read_at <= now - LATELY)


def _further_ones(session: Session, first: LineItemRow, ags: AgsEndpoint, now: datetime) -> None:
    """The activity's further columns are in the same gradebook: reached the same way, and with the same scopes."""
    if first.activity_id is None:
        return
    rows = session.scalars(
        select(LineItemRow)
        .join(ActivityColumnRow, ActivityColumnRow.id == LineItemRow.column_id)
        .where(ActivityColumnRow.activity_id == first.activity_id)
        .order_by(LineItemRow.id)
    )
    for row in rows:
        if row.url is None:
            row.lti_resource_link_id = first.lti_resource_link_id
        elsewhere = row.url is not None and ags.line_items is not None and origin(row.url) != origin(ags.line_items)
        if not _say(row, row.url, ags):
            continue
        if row.url is None and row.change_at is None and row.gone_at is None:
            row.change_at = now  # it could not be made before
        session.flush()
        if elsewhere:
            column_changes.seen_gone(session, row.id, now)
        column_changed(session, row.id, now)

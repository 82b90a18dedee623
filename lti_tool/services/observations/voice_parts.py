"""What goes around the trainee's words on the page of one observation: time, answers to them, mentors."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from lti_tool.access import Field, Who, may_change, may_see
from lti_tool.services.entering.visitors import Visitor
from lti_tool.services.observations.comments import Comment, Sharing, comments_of, sharing_of
from lti_tool.services.observations.lines import display_name
from lti_tool.services.observations.read import Record
from lti_tool.services.observations.replying import Ways, ways
from lti_tool.services.observations.taking_time import Window, window_of
from lti_tool.services.personal_data.record_access import Reader


@dataclass(frozen=True, slots=True)
class VoiceParts:
    """Each as far as it is this reader's."""

    window: Window | None
    """The time to answer, while it is open."""
    ways: Ways | None
    """What an observer can do about the trainee's words."""
    sharing: Sharing | None
    """Whether the trainee shares it with their mentors."""
    comments: tuple[Comment, ...]
    may_comment: bool
    comment_readers: tuple[Reader, ...]
    """Who would read what the visitor comments: of the mentors only themselves."""


def voice_parts(session: Session, visitor: Visitor, record: Record, now: datetime) -> VoiceParts:
    """All of them, for a record that was read by this visitor."""
    names = {
        Who.TRAINEE: (record.line.trainee_name,),
        Who.MENTOR: (display_name(visitor.person_id, visitor.name),),
    }
    return VoiceParts(
        window=window_of(session, record, now),
        ways=ways(session, visitor, record),
        sharing=sharing_of(session, record.line, record.who),
        comments=comments_of(session, visitor, record.line.id, record.who, now),
        may_comment=may_change(Field.COMMENT, record.who),
        comment_readers=tuple(
            Reader(who, names[who]) for who in Who if who in names and may_see(Field.COMMENT, frozenset({who}))
        ),
    )

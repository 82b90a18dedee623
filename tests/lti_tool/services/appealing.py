"""Sam was told "not yet" by Lea, a program lead, and somebody decides about an appeal: for tests of appeals."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from grading.evidence import Outcome
from lti_tool.access import Capability
from lti_tool.services.certification import appeal_deciding, appeal_panels, appeal_sending
from lti_tool.services.certification.appeal_matters import About
from lti_tool.services.entering.visitors import Visitor
from lti_tool.store.base import new_id
from lti_tool.store.decisions import DecisionRow
from lti_tool.store.people import GrantRow
from lti_tool.store.programs import EnrollmentRow, ProgramRow, ProgramVersionRow
from tests.lti_tool.services.conftest import ASSISTANT, INSTRUCTOR, World
from tests.lti_tool.web.house_path import TEXT


@dataclass
class Appealing:
    """A program, Sam's enrollment in it, the decisions about it, and people who may look at it anew."""

    world: World
    enrollment_id: UUID = field(init=False)
    version_id: UUID = field(init=False)

    def __post_init__(self) -> None:
        for who in ("lea", "leah"):
            self.lead(who)
        for who in ("kim", "uma", "vic"):
            self.world.visitor(who, INSTRUCTOR)
        session, own, now = self.world.session, {"organization_id": self.world.organization_id}, self.now
        text = TEXT.format(key="peer", edition=1, hours=10)
        program = ProgramRow(id=new_id(), key="peer", name="Peer support", made_at=now, **own)
        session.add(program)
        session.flush()
        version = ProgramVersionRow(
            id=new_id(), program_id=program.id, number=1, edition="1", text=text,
            digest=hashlib.sha256(text.encode()).hexdigest(), published_at=now, **own,
        )  # fmt: skip
        session.add(version)
        session.flush()
        row = EnrollmentRow(
            id=new_id(), program_id=program.id, person_id=self.who("sam").person_id, version_id=version.id,
            entered_on=now.date() - timedelta(days=90), enrolled_by=self.who("lea").person_id, enrolled_at=now, **own,
        )  # fmt: skip
        session.add(row)
        session.flush()
        self.enrollment_id, self.version_id = row.id, version.id

    @property
    def now(self) -> datetime:
        return self.world.now

    def later(self, **span: int) -> datetime:
        """Time goes by."""
        self.world.now += timedelta(**span)
        return self.now

    def who(self, name: str) -> Visitor:
        return self.world.visitors[name]

    def lead(self, name: str) -> Visitor:
        """A program lead."""
        visitor = self.world.visitor(name, ASSISTANT)
        grant = GrantRow(
            id=new_id(), organization_id=self.world.organization_id, person_id=visitor.person_id,
            capability=Capability.PROGRAM_LEAD, granted_at=self.now,
        )  # fmt: skip
        self.world.session.add(grant)
        self.world.session.flush()
        return visitor

    def decision(self, *, by: str = "lea", supersedes: UUID | None = None, appeal_days: int | None = 60) -> UUID:
        """A decision about Sam."""
        session, mine = self.world.session, DecisionRow.enrollment_id == self.enrollment_id
        notice = json.dumps({"reasons": "Two hours are still to come.", "what_next": "Two more hours."})
        row = DecisionRow(
            id=new_id(), organization_id=self.world.organization_id, enrollment_id=self.enrollment_id,
            version_id=self.version_id, number=1 + session.scalars(select(func.count()).where(mine)).one(),
            outcome=Outcome.NOT_YET, stage="initial", on_day=self.now.date(), notice=notice,
            appeal_until=self.now.date() + timedelta(days=appeal_days) if appeal_days is not None else None,
            digest=hashlib.sha256(notice.encode()).hexdigest(), decided_by=self.who(by).person_id,
            decided_at=self.now, released_at=self.now, told_at=self.now, supersedes_id=supersedes,
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id

    def draft(self, about: About | None = None, ground: str = "not_seen") -> UUID:
        """Sam has written it, and not sent it."""
        session, sam = self.world.session, self.who("sam")
        about = about or About(decision_id=self.decision())
        appeal_id = appeal_sending.begin(session, sam, about, self.now)
        typed = {"ground": ground, "words": "The hours in May were not looked at.", "wish": "Look at May."}
        appeal_sending.save(session, sam, appeal_id, typed, self.now)
        return appeal_id

    def sent(self, about: About | None = None) -> UUID:
        """Sam has sent it."""
        appeal_id = self.draft(about)
        appeal_sending.send(self.world.session, self.who("sam"), appeal_id, self.now)
        return appeal_id

    def acknowledged(self, about: About | None = None) -> UUID:
        """A lead said that it has arrived."""
        appeal_id = self.sent(about)
        appeal_deciding.acknowledge(self.world.session, self.who("leah"), appeal_id, self.now)
        return appeal_id

    def with_panel(self, *names: str, about: About | None = None) -> UUID:
        """These have accepted (Kim and Uma, where nobody is named)."""
        appeal_id = self.acknowledged(about)
        for name in names or ("kim", "uma"):
            self.seat(appeal_id, name)
        return appeal_id

    def seat(self, appeal_id: UUID, name: str) -> None:
        """Somebody is invited and accepts."""
        session = self.world.session
        appeal_panels.invite(session, self.who("leah"), appeal_id, self.who(name).person_id, self.now)
        appeal_panels.accept(session, self.who(name), appeal_id, self.now)

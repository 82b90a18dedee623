"""Mail of a course on the web: what waits goes out to a real mail server, at the time of the test's clock."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from lti_tool.mail import Answer, MailServer, mail_server
from lti_tool.services.notifying import mailing
from lti_tool.store.mail import MailKind, MailRow, MailState
from tests.lti_tool.web.course import Course
from tests.mail_server import Mailbox, Received

CODE = re.compile(r"\b(\d{4}) (\d{4})\b")
SIGNING_CODE = re.compile(r"\b(\d{3}) (\d{3})\b")


@dataclass
class Mailed:
    """The course's mail."""

    course: Course
    box: Mailbox

    @property
    def server(self) -> MailServer:
        found = mail_server(self.course.app.extensions["attune"].settings)
        assert found is not None
        return found

    def deliver(self) -> list[Answer]:
        """What a worker does now, once."""
        joined = self.course.app.extensions["attune"]
        outgoing = mailing.Outgoing(joined.settings.public_url, joined.settings.secret_keys)
        answers = []
        with joined.sessions.writing.begin() as session:
            waiting = mailing.due(session, joined.clock())
        for mail_id in waiting:
            with joined.sessions.writing.begin() as session:
                letter = mailing.take(session, mail_id, outgoing, joined.clock())
            if letter is not None:
                answers.append(self.server.send(letter))
                with joined.sessions.writing.begin() as session:
                    mailing.settle(session, mail_id, answers[-1], joined.clock())
        return answers

    def last(self, address: str) -> Received:
        """The newest mail that went there, after all that waits has gone."""
        self.deliver()
        return self.box.to(address)[-1]

    def code(self, address: str) -> str:
        """The code in the newest mail."""
        found = CODE.search(self.last(address).text)
        assert found is not None
        return f"{found[1]} {found[2]}"

    def signing_code(self, address: str) -> str:
        """The code for signing in the newest mail."""
        found = SIGNING_CODE.search(self.last(address).text)
        assert found is not None
        return f"{found[1]} {found[2]}"

    def link(self, address: str) -> str:
        """The path of the link in the newest mail."""
        public = self.course.app.extensions["attune"].settings.public_url
        return self.last(address).path(public).removeprefix(public)

    def states(self, person_id: UUID, kind: MailKind) -> list[MailState]:
        """Of this person's mails of this kind, oldest first."""
        with self.course.app.extensions["attune"].sessions.writing() as session:
            return list(
                session.scalars(
                    select(MailRow.state)
                    .where(MailRow.person_id == person_id, MailRow.kind == kind)
                    .order_by(MailRow.made_at, MailRow.id)
                )
            )

"""Two kinds of session over one engine: one that may write, and one that only reads."""

from dataclasses import dataclass

from sqlalchemy import Engine, event
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

__all__ = ["ReadingSession", "Session", "Sessions", "open_both"]


class ReadingSession(Session):
    """A session that refuses to write: on SQLite it holds no lock, and a late write could not get one."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Makers of both kinds of session."""

    writing: sessionmaker[Session]
    reading: sessionmaker[ReadingSession]
    engine: Engine


def open_both(engine: Engine) -> Sessions:
    """Sessions that never reload behind a caller's back, see `store.engine.open_sessions`."""
    return Sessions(
        writing=sessionmaker(engine, expire_on_commit=False),
        reading=sessionmaker(
            engine.execution_options(attune_writes=False), class_=ReadingSession, expire_on_commit=False
        ),
        engine=engine,
    )


@event.listens_for(ReadingSession, "before_flush")
def _no_flush(session: Session, _context: object, _instances: object) -> None:
    if session.new or session.deleted or any(session.is_modified(row) for row in session.dirty):
        raise RuntimeError("this request only reads; a view that writes on GET is marked @writes")


@event.listens_for(ReadingSession, "do_orm_execute")
def _no_write(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise RuntimeError("this request only reads; a view that writes on GET is marked @writes")

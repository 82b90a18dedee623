"""What `make test` leaves to `make test-all`: tests with the mark `full`.

Each of them is one more of something that `make test` tries as well: the same on the other kind of database, of LMS or
of screen, the rest of a product of which a sample is tried. `make test-all` leaves out nothing.
"""

import re
import zlib
from collections.abc import Iterable

ON_BOTH_EACH_TIME = re.compile(
    r"tests/(certification|journeys|lti_tool/store|migrations|packaging|torture)/"
    r"|_at_once|queue|test_send|lane|turns|sync_states|audit|mailing|test_enter\.py|test_acts\.py|readiness"
    r"|twice|at_the_same_time|(in|by|out_of)_the_database|database_refuses"
)
"""Places and names of tests to which it matters which database it is: rows held and waited for, what a database itself
refuses, the chain of the audit, and what each kind does its own way."""
ONE_IN = 8
"""Of the others so many are tried on PostgreSQL by `make test`; which ones says their name, so they stay the same."""
_POSTGRES = re.compile(r"(?<=[\[-])postgres(?=[\]-])")


def left_on_postgres(names: Iterable[str]) -> set[str]:
    """Of tests that run on SQLite and on PostgreSQL, those that `make test` runs on SQLite alone.

    Names are pytest's, with their parameters. What runs on PostgreSQL alone is never among them.
    """
    all_names = frozenset(names)
    return {name for name in all_names if _on_sqlite(name) in all_names and not _tried_each_time(name)}


def _on_sqlite(name: str) -> str | None:
    """What the same test is called on SQLite; nothing where it is not about PostgreSQL."""
    other, found = _POSTGRES.subn("sqlite", name)
    return other if found else None


def _tried_each_time(name: str) -> bool:
    return bool(ON_BOTH_EACH_TIME.search(name)) or zlib.crc32(name.encode()) % ONE_IN == 0

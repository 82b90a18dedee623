"""Names for tables can be used by many threads at once from the first moment on."""

import subprocess
import sys

ALL_ARE_KNOWN = """
import gc
from sqlalchemy.orm.util import AliasedClass
import lti_tool.app, lti_tool.worker
from lti_tool.store.settled import aliases
known = {id(one) for one in aliases()}
lost = [one for one in gc.get_objects() if isinstance(one, AliasedClass) and id(one) not in known]
assert len(known) > 20, len(known)
assert not lost, lost
"""
AT_ONCE = """
import sys, threading, types
from sqlalchemy import select
from sqlalchemy.orm import aliased
from lti_tool.store.courses import CourseRow
from lti_tool.store.people import PersonRow
from lti_tool.store.settled import settle
from lti_tool.store.supervision import SupervisionRequestRow as Asked

sys.setswitchinterval(1e-6)
module = sys.modules["lti_tool.of_a_test"] = types.ModuleType("lti_tool.of_a_test")

def statement():
    return str(
        select(Asked, module.ONE.name, module.OTHER.name, CourseRow.title)
        .join(module.ONE, module.ONE.id == Asked.trainee_id)
        .join(CourseRow, CourseRow.id == Asked.course_id)
        .outerjoin(module.OTHER, module.OTHER.id == Asked.taken_by)
    )

said = []
def use():
    together.wait()
    said.append(statement())

for _round in range(80):
    module.ONE, module.OTHER = aliased(PersonRow), aliased(PersonRow)
    settle.__wrapped__()
    together = threading.Barrier(6)
    threads = [threading.Thread(target=use) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
assert len(said) == 480, len(said)
"""


def run(program: str) -> None:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


def test_each_name_for_a_table_is_found() -> None:
    run(ALL_ARE_KNOWN)


def test_many_threads_that_use_a_name_first_at_the_same_moment_all_get_their_statement() -> None:
    run(AT_ONCE)

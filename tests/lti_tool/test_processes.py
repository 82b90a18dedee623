"""Several processes that are run as one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

RUN = """
import sys
from lti_tool.processes import run_together
main, beside = ([sys.executable, "-c", text] for text in sys.argv[1:])
sys.exit(run_together({"main": main, "beside": beside}, again={"beside"}))
"""
NOTE = "import os, sys, time; print(os.getpid(), file=open({file!r}, 'a'), flush=True); {then}"
LONG = "time.sleep(60)"


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def pids(file: Path) -> list[int]:
    return [int(line) for line in file.read_text().split()] if file.exists() else []


def test_what_ends_beside_is_started_again_and_the_main_one_goes_on(tmp_path: Path) -> None:
    main, beside = tmp_path / "main", tmp_path / "beside"
    texts = (NOTE.format(file=str(main), then=LONG), NOTE.format(file=str(beside), then=LONG))
    with subprocess.Popen([sys.executable, "-c", RUN, *texts]) as together:
        until(lambda: pids(main) and pids(beside))
        os.kill(pids(beside)[0], signal.SIGKILL)
        until(lambda: len(pids(beside)) == 2)
        assert len(pids(main)) == 1
        together.terminate()
        assert together.wait(60) == 0
    for pid in (*pids(main), pids(beside)[1]):
        assert not Path(f"/proc/{pid}").exists()


def test_one_that_cannot_be_started_again_at_once_is_tried_again_and_the_main_one_goes_on(tmp_path: Path) -> None:
    main, beside, said = tmp_path / "main", tmp_path / "beside", tmp_path / "said"
    program, away = tmp_path / "program", tmp_path / "away"
    program.write_text(f"#!{sys.executable}\n{NOTE.format(file=str(beside), then=LONG)}")
    program.chmod(0o700)
    run = RUN.replace('"beside": beside', f'"beside": [{str(program)!r}]')
    texts = (NOTE.format(file=str(main), then=LONG), "")
    with said.open("wb") as log, subprocess.Popen([sys.executable, "-c", run, *texts], stdout=log) as together:
        until(lambda: pids(main) and pids(beside))
        program.rename(away)
        os.kill(pids(beside)[0], signal.SIGKILL)
        until(lambda: b"could not be started again" in said.read_bytes())
        away.rename(program)
        until(lambda: len(pids(beside)) == 2)
        assert len(pids(main)) == 1
        together.terminate()
        assert together.wait(60) == 0
    for pid in (*pids(main), pids(beside)[1]):
        assert not Path(f"/proc/{pid}").exists()


def test_where_the_main_one_ends_all_end_with_its_status(tmp_path: Path) -> None:
    main, beside = tmp_path / "main", tmp_path / "beside"
    texts = (NOTE.format(file=str(main), then="sys.exit(7)"), NOTE.format(file=str(beside), then=LONG))
    done = subprocess.run([sys.executable, "-c", RUN, *texts], check=False, timeout=60)
    assert done.returncode == 7

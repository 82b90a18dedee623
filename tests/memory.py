"""Files of the tests lie in memory where there is room for them.

A database that is closed waits for the disk, and most of a test's time may be that wait. Whoever sets `TMPDIR` decides.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # a place that Linux has, where each run makes a folder of its own
ENOUGH = 4 * 1024**3


def keep_files_in_memory() -> None:
    """For this process and those it starts. What tests start lies there, too, so programs have to run from it."""
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return
    runs_programs = not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC
    if runs_programs and shutil.disk_usage(MEMORY).free >= ENOUGH:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

"""`python -m lti_tool.practice --port 8401 --data DIR`: run the practice LMS until it is stopped."""

import argparse
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType

from lti_tool.practice.profiles import PROFILES
from lti_tool.practice.running import running_practice_lms
from lti_tool.practice.serving import PortInUse
from lti_tool.practice.state import StateProblem


def main(arguments: list[str] | None = None) -> int:
    """Run it; the exit status."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _stop)
    try:
        running = running_practice_lms(
            options.data,
            options.port,
            host=options.host,
            fresh=options.fresh,
            profile=options.profile,
            save_every=options.save_every,
        )
        with suppress(KeyboardInterrupt), running as lms:
            platform = lms.platform
            if platform.moved_from:
                moved = f"It was at {platform.moved_from} before: tools registered there do not know it here."
                print(moved, file=sys.stderr)
            print(f"Practice LMS: {lms.base_url} (stop it with Ctrl+C)", flush=True)
            threading.Event().wait()
    except (PortInUse, StateProblem) as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"Cannot listen on {options.host}: {problem.strerror}. Choose another one with --host.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lti_tool.practice", description="A small LMS to try a tool with.")
    parser.add_argument("--port", type=int, default=8401, help="port to listen on (8401)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--profile", default="strict", choices=sorted(PROFILES), help="the LMS to be (strict)")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="directory for what it remembers")
    parser.add_argument("--fresh", action="store_true", help="forget what it remembered")
    parser.add_argument(
        "--save-every", type=float, default=0.0, metavar="SECONDS", help="not at once: for many scores (0)"
    )
    return parser


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

"""`python -m lti_tool.practice --port 8401 --data DIR`: run the practice LMS until it is stopped."""

import argparse
import signal
import sys
from contextlib import suppress
from pathlib import Path
from types import FrameType

from lti_tool.practice.app import make_app
from lti_tool.practice.platform import Platform
from lti_tool.practice.serving import PortInUse, base_url_of, bind, server_for
from lti_tool.practice.state import StateProblem


def main(arguments: list[str] | None = None) -> int:
    """Run it; the exit status."""
    options = _parser().parse_args(arguments)
    try:
        listening = bind(options.host, options.port)
    except PortInUse as problem:
        print(problem, file=sys.stderr)
        return 1
    except OSError as problem:
        print(f"Cannot listen on {options.host}: {problem.strerror}. Choose another one with --host.", file=sys.stderr)
        return 1
    with listening:
        try:
            platform = Platform(base_url_of(listening), options.data, fresh=options.fresh)
        except StateProblem as problem:
            print(problem, file=sys.stderr)
            return 1
        server = server_for(make_app(platform), listening)
    if platform.moved_from:
        print(f"It was at {platform.moved_from} before: tools registered there do not know it here.", file=sys.stderr)
    with suppress(KeyboardInterrupt), server:
        signal.signal(signal.SIGTERM, _stop)
        print(f"Practice LMS: {platform.base_url} (stop it with Ctrl+C)", flush=True)
        server.serve_forever()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m lti_tool.practice", description="A small LMS to try a tool with.")
    parser.add_argument("--port", type=int, default=8401, help="port to listen on (8401)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="directory for what it remembers")
    parser.add_argument("--fresh", action="store_true", help="forget what it remembered")
    return parser


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())

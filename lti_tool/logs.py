"""Structured logs: one JSON object a line, with a reference that a page can show.

Nothing personal goes in: ids, codes and counts only, see docs/architecture.md.
"""

import logging
import sys

import structlog

# Values of local variables would carry what people wrote, and secrets.
WITHOUT_LOCALS = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)

PROCESSORS: list[structlog.typing.Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(WITHOUT_LOCALS),
    structlog.processors.JSONRenderer(),
]
"""The same list each time: a logger keeps the one that it met first."""


def set_up_logs(level: int = logging.INFO) -> None:
    """Write events as JSON to standard error, through structlog everywhere."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=PROCESSORS,
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )

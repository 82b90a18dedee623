"""The shell around the core: HTTP, LTI, database, files, clock. See docs/architecture.md."""

__version__ = "0.1.0"

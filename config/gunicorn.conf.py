"""How gunicorn runs Attune: read by `attune serve`. The settings are gunicorn's own."""

from pathlib import Path

# Threads wait for the database and the LMS. Address, processes and threads come from `attune serve`.
worker_class = "gthread"

# Each process opens its own connections to the database: never share them through a fork.
preload_app = False

# Login addresses of LMSs carry long hints.
limit_request_line = 8190

# What a proxy says about the scheme is believed in one place only: the app, by ATTUNE_PROXY_HOPS.
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

# Heartbeats must not wait for a disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # the only name that it has

timeout = 60
graceful_timeout = 30
keepalive = 5
control_socket_disable = True

# The app writes a line a request itself, with a reference and without personal text.
accesslog = None

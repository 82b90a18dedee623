"""What is counted of requests, for Prometheus: by the rule of a route, never by an address that a person had.

Several web processes count into files of one directory (PROMETHEUS_MULTIPROC_DIR), which `attune serve` names where
ATTUNE_METRICS is set; `attune metrics` adds them up.
"""

from prometheus_client import Counter, Histogram

_REQUESTS = Counter("attune_http_requests", "Requests answered.", ("method", "rule", "status"))
_SECONDS = Histogram(
    "attune_http_request_seconds",
    "How long answers took.",
    ("rule",),
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE"})


def answered(method: str, rule: str | None, status: int, seconds: float) -> None:
    """Count one request; `rule` is that of its route, None where no route is at its address."""
    named = rule or "none"
    _REQUESTS.labels(method if method in _METHODS else "other", named, str(status)).inc()
    _SECONDS.labels(named).observe(seconds)

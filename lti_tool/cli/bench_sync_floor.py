"""The floor of the benchmark of scores: the bare HTTP client, which only posts, in a process of its own."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import requests
from requests.adapters import HTTPAdapter

CONTENT = "application/vnd.ims.lis.v1.score+json"


def seconds(url: str, *, posts: int, at_once: int) -> float:
    """How long the bare client takes to post so many scores, so many at once, with a token that it has already."""
    asked = json.dumps({"url": url, "posts": posts, "at_once": at_once}).encode()
    command = [sys.executable, "-P", __file__]  # by its path: it needs nothing else of Attune
    said = subprocess.run(command, input=asked, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own command
    return float(said.stdout)


def answer() -> None:
    """Read from the input what to post, post it, and say how many seconds it took."""
    sys.stdout.write(f"{_measure(**json.load(sys.stdin))}\n")


def _measure(url: str, posts: int, at_once: int) -> float:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=at_once))
    headers = {"Content-Type": CONTENT, "Authorization": f"Bearer {'t' * 300}"}

    def post(number: int) -> int:
        came = session.post(url, data=_score(number), headers=headers, timeout=20)
        return len(came.content) if came.status_code == 200 else 0

    return _timed(post, posts, at_once)


def _timed(post: Callable[[int], int], posts: int, at_once: int) -> float:
    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(post, range(at_once * 2)))  # connections are open before it counts
        started = time.perf_counter()
        if not all(pool.map(post, range(posts))):
            raise RuntimeError("the bare client was not answered")
        return time.perf_counter() - started


def _score(number: int) -> bytes:
    score = {
        "userId": f"person-{number}",
        "scoreGiven": number % 101,
        "scoreMaximum": 100,
        "timestamp": "2026-03-02T09:00:00.000Z",
        "activityProgress": "InProgress",
        "gradingProgress": "FullyGraded",
    }
    return json.dumps(score).encode()


if __name__ == "__main__":
    answer()

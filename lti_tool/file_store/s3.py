"""Files in a bucket of a store that speaks S3, see docs/decisions/0014-files.md."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import S3Store

from lti_tool.file_store.contract import CHUNK, Away, Full, NotStored

if TYPE_CHECKING:
    from obstore import BytesStream, GetOptions
    from obstore.store import ClientConfig, RetryConfig

PART = 8 * 1024 * 1024
AT_ONCE = 2
"""So many parts are under way: this times `PART` is what an upload has in memory, however large it is."""
PLAIN = "s3+http"
NO_ROOM = ("StorageFull", "QuotaExceeded", "status: 507", "507 Insufficient")
REGION = "us-east-1"


def open_s3(url: str, ca_bundle: str | None) -> "BucketStore":
    """The bucket of s3://key:secret@host[:port]/bucket[?region=...]; s3+http:// is for the same machine only."""
    parts = urlsplit(url)
    client: ClientConfig = {"connect_timeout": timedelta(seconds=5), "read_timeout": timedelta(seconds=30)}
    if parts.scheme == PLAIN:
        client["allow_http"] = True
    if ca_bundle is not None:
        client["root_certificate"] = Path(ca_bundle).read_bytes()
    retry: RetryConfig = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}
    store = S3Store(
        parts.path.strip("/"),
        endpoint=_endpoint(parts),
        access_key_id=unquote(parts.username or ""),
        secret_access_key=unquote(parts.password or ""),
        region=parse_qs(parts.query).get("region", [REGION])[0],
        virtual_hosted_style_request=False,
        client_options=client | {"timeout": timedelta(hours=1)},
        retry_config=retry,
    )
    return BucketStore(store)


class BucketStore:
    """One object a name. What a machine that went down left of an upload is the bucket's to clear, by its own rule."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def put(self, name: str, content: IO[bytes]) -> None:
        """See `FileStore`."""
        with _told():
            beginning = content.read(PART)
            if len(beginning) < PART:
                obstore.put(self._store, name, beginning, use_multipart=False)
                return
            pieces = chain((beginning,), iter(lambda: content.read(CHUNK), b""))
            obstore.put(self._store, name, pieces, chunk_size=PART, max_concurrency=AT_ONCE)

    def read(self, name: str, first: int = 0, size: int | None = None) -> Iterator[bytes]:
        """See `FileStore`."""
        with _told():
            wanted = obstore.get(self._store, name, options=_range(first, size))
        return _pieces(wanted.stream(min_chunk_size=CHUNK))

    def delete(self, name: str) -> None:
        """See `FileStore`."""
        try:
            with _told():
                obstore.delete(self._store, name)
        except NotStored:
            return

    def names(self) -> Iterator[tuple[str, datetime]]:
        """See `FileStore`."""
        with _told():
            for page in obstore.list(self._store, chunk_size=500):
                yield from ((found["path"], found["last_modified"]) for found in page)


def _endpoint(parts: SplitResult) -> str:
    scheme = "http" if parts.scheme == PLAIN else "https"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{scheme}://{host}:{parts.port}" if parts.port else f"{scheme}://{host}"


def _range(first: int, size: int | None) -> "GetOptions":
    if size is not None:
        return {"range": (first, first + size)}
    return {"range": {"offset": first}} if first else {}


def _pieces(stream: "BytesStream") -> Iterator[bytes]:
    with _told():
        for piece in stream:
            yield bytes(piece)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise NotStored from None
    except (BaseError, OSError) as problem:
        if any(sign in str(problem) for sign in NO_ROOM):
            raise Full from None
        raise Away from None

"""Where contents of files lie: on a disk, or in a store that speaks S3. Nothing here knows whose they are."""

from collections.abc import Callable

from lti_tool.file_store.contract import CHUNK, Away, FileStore, Full, NotStored, Unreadable
from lti_tool.file_store.disk import DiskStore
from lti_tool.file_store.encrypted import EncryptedStore, Kept
from lti_tool.file_store.s3 import open_s3
from lti_tool.settings import Settings

__all__ = [
    "CHUNK",
    "Away",
    "EncryptedStore",
    "FileStore",
    "Full",
    "Kept",
    "NotStored",
    "Unreadable",
    "open_file_store",
    "open_store_as_it_is",
]


def open_file_store(settings: Settings, may_be_plain: Callable[[], bool] = lambda: False) -> EncryptedStore | None:
    """The store that the settings name; None where they name none. Nothing is made or asked before it is used.

    `may_be_plain` as `EncryptedStore` takes it.
    """
    store = open_store_as_it_is(settings)
    return None if store is None else EncryptedStore(store, settings.secret_keys, may_be_plain)


def open_store_as_it_is(settings: Settings) -> FileStore | None:
    """The same, whose files come out and go in encrypted: for a backup."""
    if settings.files_url is not None:
        return open_s3(settings.files_url, settings.ca_bundle)
    return DiskStore(settings.files_directory) if settings.files_directory is not None else None

"""A store that speaks S3, on this machine, for one test run."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from moto.server import ThreadedMotoServer

from lti_tool.file_store.s3 import BucketStore, open_s3


@contextmanager
def bucket_server() -> Iterator[str]:
    """Its address, as ATTUNE_FILES_URL names it; the bucket is there."""
    import boto3

    server = ThreadedMotoServer("127.0.0.1", _free_port(), verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        client = boto3.client(
            "s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1",
            aws_access_key_id="key", aws_secret_access_key="secret",
        )  # fmt: skip
        client.create_bucket(Bucket="attune")
        client.close()
        yield f"s3+http://key:secret@{host}:{port}/attune"
    finally:
        server.stop()


def open_bucket(url: str) -> BucketStore:
    return open_s3(url, None)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port

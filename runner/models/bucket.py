"""Files in buckets: S3, and what speaks as it does.

boto3 brings keys, regions, endpoints, certificates and its own retries. What it does not do is to
go on with a file (its transfers begin anew), so it opens a stream for our :mod:`.fetch`. An
address it signs for :mod:`.web` would be as long, and would lose its certificates and redirects.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from .streams import CHUNK, SourceError, Stream, broken, package_missing, refusal


class Bucket:
    """A file in a bucket, found with the keys the AWS tools use; without any, as anybody."""

    def __init__(self, bucket: str, key: str) -> None:
        self.shown = f"s3://{bucket}/{key}"
        self._file = {"Bucket": bucket, "Key": key}

    @contextmanager
    def open(self, start: int, mark: str) -> Iterator[Stream]:
        """See :class:`.streams.Streamed`."""
        with self._reaching():
            client = _client()
            head = client.head_object(**self._file)
            size, now = head["ContentLength"], head["ETag"]
            if start >= size or mark not in ("", now):
                start = 0
            part = {"Range": f"bytes={start}-"} if start else {}
            body = client.get_object(**self._file, **part, IfMatch=now)["Body"]
        with closing(body):
            yield Stream(start, size, now, self._blocks(body))

    def _blocks(self, body: Any) -> Iterator[bytes]:
        with self._reaching():
            yield from body.iter_chunks(CHUNK)

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            from botocore import exceptions as boto
        except ImportError:
            raise package_missing("boto3", self.shown) from None
        try:
            yield
        except boto.ClientError as error:
            answer: Any = error.response
            raise refusal(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)) from None
        except (
            boto.HTTPClientError,
            boto.ResponseStreamingError,
            boto.IncompleteReadError,
        ) as error:
            raise broken(error) from None
        except boto.BotoCoreError as error:
            raise SourceError(
                f"cannot be asked ({type(error).__name__})",
                "Check the AWS configuration: keys, region, profile, AWS_ENDPOINT_URL.",
            ) from None


def _client() -> Any:
    import botocore
    from boto3.session import Session
    from botocore.config import Config

    session = Session()
    unsigned = botocore.UNSIGNED if session.get_credentials() is None else None
    config = Config(
        retries={"mode": "standard"},
        connect_timeout=10,
        read_timeout=20,
        signature_version=unsigned,
    )
    return session.client("s3", config=config)

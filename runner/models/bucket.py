"""Files in buckets: S3, and what speaks as it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .streams import CHUNK, NETWORK, SourceError, Stream, content_range, package_missing, refusal


class Bucket:
    """A file in a bucket, found with the keys the AWS tools use; without any, as anybody."""

    def __init__(self, bucket: str, key: str) -> None:
        self.shown = f"s3://{bucket}/{key}"
        self._bucket = bucket
        self._key = key
        self._made: Any = None

    @contextmanager
    def open(self, start: int, mark: str) -> Iterator[Stream]:
        """See :class:`Source`."""
        with self._reaching():
            answer = self._get(start, mark)
        begin, size = content_range({"Content-Range": answer.get("ContentRange", "")})
        if begin is None:
            begin, size = 0, answer["ContentLength"]
        body = answer["Body"]
        try:
            yield Stream(begin, size, answer.get("ETag", ""), self._blocks(body))
        finally:
            body.close()

    def _blocks(self, body: Any) -> Iterator[bytes]:
        with self._reaching():
            yield from body.iter_chunks(CHUNK)

    def _get(self, start: int, mark: str) -> Any:
        from botocore.exceptions import ClientError

        asked = {"Bucket": self._bucket, "Key": self._key}
        client = self._client()
        if start:
            same = {"IfMatch": mark} if mark else {}
            try:
                return client.get_object(Range=f"bytes={start}-", **asked, **same)
            except ClientError as error:
                if _status(error) not in (412, 416):  # else it is another file by now
                    raise
        return client.get_object(**asked)

    def _client(self) -> Any:
        if self._made is None:
            import botocore
            from boto3.session import Session
            from botocore.config import Config

            session = Session()
            unsigned = session.get_credentials() is None
            config = Config(
                retries={"mode": "standard"},
                connect_timeout=10,
                read_timeout=20,
                signature_version=botocore.UNSIGNED if unsigned else None,
            )
            self._made = session.client("s3", config=config)
        return self._made

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
        except ImportError:
            raise package_missing("boto3", self.shown) from None
        try:
            yield
        except ClientError as error:
            raise refusal(_status(error)) from None
        except BotoCoreError as error:
            name = type(error).__name__
            if isinstance(error, HTTPClientError) or "Streaming" in name or "Incomplete" in name:
                said = f"cannot be reached, or broke off ({name})"
                raise SourceError(said, NETWORK, passing=True) from None
            raise SourceError(
                f"cannot be asked ({name})",
                "Check the AWS configuration: keys, region, profile, AWS_ENDPOINT_URL.",
            ) from None


def _status(error: Any) -> int:
    return error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)

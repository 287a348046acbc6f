"""Files are written whole or not at all, and what the disk refuses is one error."""

import errno
import os
from pathlib import Path

import pytest
from aldar_storyboard.storyboard.errors import StoreError
from aldar_storyboard.storyboard.files import (
    disk_errors,
    link_or_copy,
    replacing,
    write_atomically,
)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folder(tmp_path):
    write_atomically(tmp_path / "a" / "b" / "file", b"data")
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"data"
    assert names(tmp_path / "a" / "b") == ["file"]


@pytest.mark.parametrize("shared", [False, True])
def test_what_stops_half_way_leaves_the_old_file_and_no_part(tmp_path, shared):
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def interrupted():
        with replacing(path, shared) as file:
            file.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["file"]


def test_two_who_share_a_file_do_not_write_into_each_others_part(tmp_path):
    path = tmp_path / ("long" * 60)
    with replacing(path, shared=True) as first, replacing(path, shared=True) as second:
        first.write(b"first")
        second.write(b"second")
    assert path.read_bytes() == b"first"  # it ends last
    assert names(tmp_path) == [path.name]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_with_what_was_written_and_what_to_do(tmp_path, number):
    with pytest.raises(StoreError) as caught, disk_errors(tmp_path, "x.bin", room="Free some."):
        raise OSError(number, os.strerror(number))
    error = caught.value
    assert (error.code, error.hint) == ("disk_full", "Free some.")
    assert error.message == f"There is no room for x.bin in {tmp_path}."


def test_any_other_refusal_names_its_reason(tmp_path):
    with pytest.raises(StoreError) as caught, disk_errors(tmp_path, access="Choose another."):
        raise OSError(errno.EACCES, "Permission denied")
    error = caught.value
    assert (error.code, error.hint) == ("folder_unwritable", "Choose another.")
    assert error.message == f"{tmp_path} cannot be written: Permission denied."


def test_only_what_the_disk_refuses_is_translated(tmp_path):
    with pytest.raises(ValueError, match="ours"), disk_errors(tmp_path):
        raise ValueError("ours")


def test_a_second_name_replaces_what_was_there(tmp_path):
    source, target = tmp_path / "take", tmp_path / "frames" / "frame"
    source.write_bytes(b"take")
    for _ in range(2):
        link_or_copy(source, target)
        assert target.read_bytes() == b"take"
        assert names(target.parent) == ["frame"]
    source.unlink()
    source.write_bytes(b"another")
    link_or_copy(source, target)
    assert target.read_bytes() == b"another"


def test_without_hard_links_a_copy_is_made(tmp_path, monkeypatch):
    def refused(*_):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    source, target = tmp_path / "take", tmp_path / "frame"
    source.write_bytes(b"take")
    link_or_copy(source, target)
    assert target.read_bytes() == b"take" and not target.samefile(source)

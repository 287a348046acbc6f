"""The take store: resume, damage, locks, and names that stay inside their folder."""

import errno
import json

import pytest
from aldar_storyboard.storyboard import store as module
from aldar_storyboard.storyboard.errors import StoreError
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.store import TakeStore
from PIL import Image

RED = Image.new("RGB", (8, 8), "red")
PASSED = Verdict(scores=(Score(name="anomaly", outcome=Outcome.PASS, value=1.0),))


def reopen(store):
    store.close()
    return TakeStore(store.folder)


def test_takes_and_verdicts_survive_reopening(tmp_path):
    store = TakeStore(tmp_path)
    record = store.put("k1", 2, 0, 2042, RED)
    store.put_verdict("k1", "g1", PASSED)
    store = reopen(store)
    assert store.find("k1") == record
    assert store.verdict("k1", "g1") == PASSED
    assert store.verdict("k1", "other gate") is None
    with Image.open(store.path("k1")) as image:
        assert image.getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("damage", ["flip", "cut", "delete"])
def test_a_damaged_take_counts_as_missing(tmp_path, damage):
    store = TakeStore(tmp_path)
    store.put("k1", 1, 0, 42, RED)
    store = reopen(store)
    path = store.path("k1")
    data = bytearray(path.read_bytes())
    if damage == "flip":
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    elif damage == "cut":
        path.write_bytes(data[:-5])
    else:
        path.unlink()
    assert store.find("k1") is None
    assert reopen(store).find("k1") is None


def test_a_journal_cut_by_a_crash_loses_only_its_last_line(tmp_path):
    store = TakeStore(tmp_path)
    store.put("k1", 1, 0, 42, RED)
    store.put("k2", 2, 0, 2042, RED)
    store.close()
    journal = tmp_path / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    store = TakeStore(tmp_path)
    assert store.find("k1")
    assert store.find("k2") is None
    store.put("k3", 3, 0, 3042, RED)
    store = reopen(store)
    assert store.find("k1")
    assert store.find("k3")


def test_strange_journal_lines_are_dropped(tmp_path):
    (tmp_path / "journal.jsonl").write_text('[]\n{"event":"take"}\n{"event":"new kind"}\nxx\n')
    store = TakeStore(tmp_path)
    store.put("k1", 1, 0, 42, RED)
    assert reopen(store).find("k1")


def test_a_winner_is_noted_once(tmp_path):
    store = TakeStore(tmp_path)
    for _ in range(2):
        store.put_winner(1, "k1", False)
    store = reopen(store)
    store.put_winner(1, "k1", False)
    lines = (tmp_path / "journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["winner"]


def test_a_second_run_on_the_same_folder_is_refused(tmp_path):
    first = TakeStore(tmp_path)
    with pytest.raises(StoreError, match="Another run") as caught:
        TakeStore(tmp_path)
    assert caught.value.code == "store_locked"
    first.close()
    TakeStore(tmp_path).close()


def test_a_full_disk_is_named_and_leaves_the_store_as_it_was(tmp_path, monkeypatch):
    store = TakeStore(tmp_path)

    def full(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module.os, "fsync", full)
    with pytest.raises(StoreError) as caught:
        store.put("k1", 1, 0, 42, RED)
    assert caught.value.code == "disk_full"
    monkeypatch.undo()
    assert store.find("k1") is None
    assert list((tmp_path / "takes").iterdir()) == []


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "board").write_text("x")
    with pytest.raises(StoreError) as caught:
        TakeStore(tmp_path / "board")
    assert caught.value.code == "folder_unwritable"

"""The take store: resume, damage, locks, and names that stay inside their folder."""

import errno
import json
import subprocess
import sys
import threading

import pytest
from aldar_storyboard.storyboard import files as module
from aldar_storyboard.storyboard.errors import StoreError
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.gate import Outcome, Score, Verdict
from aldar_storyboard.storyboard.takes import Rung
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


LOCKER = """
import sys
from pathlib import Path
from aldar_storyboard.storyboard.frames.store import TakeStore
from aldar_storyboard.storyboard.errors import StoreError
try:
    TakeStore(Path(sys.argv[1])).close()
except StoreError as error:
    sys.exit(error.code)
"""


def in_another_process(folder):
    """What another process meets when it opens the store: empty, or an error code."""
    done = subprocess.run(
        [sys.executable, "-c", LOCKER, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode in (0, 1)
    return done.stderr.strip()


def test_a_store_closed_by_another_thread_is_free_for_another_process(tmp_path):
    store = TakeStore(tmp_path)
    assert in_another_process(tmp_path) == "store_locked"
    thread = threading.Thread(target=store.close)
    thread.start()
    thread.join()
    assert store.folder == tmp_path  # still referenced: it is close() that frees it
    assert in_another_process(tmp_path) == ""


def test_a_store_is_closed_by_the_first_of_two_threads(tmp_path):
    store = TakeStore(tmp_path)
    threads = [threading.Thread(target=store.close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert in_another_process(tmp_path) == ""


LINE_ENDS = "\u2028\u2029\x85\x0b\x0c\x1c\x1d\x1e\r"


def test_no_character_of_a_text_cuts_a_journal_line(tmp_path):
    store = TakeStore(tmp_path)
    reason = f"two{LINE_ENDS}lines\nand more"
    told = Verdict(scores=(Score(name="x", outcome=Outcome.FAIL, value=0.1, reason=reason),))
    store.put("k1", 1, 0, 42, RED, Rung(factor=1.15, reason=reason))
    store.put_verdict("k1", "g1", told)
    store.put("k2", 2, 0, 2042, RED)
    store = reopen(store)
    assert store.verdict("k1", "g1") == told
    assert [record.rung.reason for record in store.takes(1)] == [reason]
    assert store.find("k2")


def test_a_deep_journal_line_is_dropped(tmp_path):
    (tmp_path / "journal.jsonl").write_text("[" * 100_000 + "\n")
    store = TakeStore(tmp_path)
    store.put("k1", 1, 0, 42, RED)
    assert reopen(store).find("k1")


def test_a_lost_take_keeps_its_number_and_its_place(tmp_path):
    store = TakeStore(tmp_path)
    for attempt in range(3):
        store.put(f"k{attempt}", 1, attempt, 42 + attempt, RED)
    store.path("k0").unlink()
    for _ in range(2):
        assert [record.key for record in store.takes(1)] == ["k0", "k1", "k2"]
        store = reopen(store)
        assert store.find("k0") is None
    store.put("k0", 1, 0, 42, RED)
    assert [record.key for record in reopen(store).takes(1)] == ["k0", "k1", "k2"]

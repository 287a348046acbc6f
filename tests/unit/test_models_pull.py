"""Model files arrive whole and right, or not at all: over loopback, with every fault on the way."""

from __future__ import annotations

import hashlib
import io
import json
import random
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from aldar_storyboard.runner.models.folder import ModelsFolder, verify
from aldar_storyboard.runner.models.manifest import Licence, Member, ModelFile
from aldar_storyboard.runner.models.pull import Outcome, Pull
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.tests.fakes.files import Fault, Server, serving

NAME = "loras/hero.safetensors"
WEB = "/hero.safetensors"


def weights(seed: int, size: int = 300_000) -> bytes:
    """A safetensors file of random numbers."""
    header = json.dumps(
        {"a.weight": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}
    ).encode()
    return len(header).to_bytes(8, "little") + header + random.Random(seed).randbytes(size)


DATA = weights(1)


class Quiet:
    """Shows nothing, and keeps what it was told."""

    def __init__(self) -> None:
        self.said: list[str] = []

    @contextmanager
    def working(self, task: str) -> Iterator[Any]:
        self.said.append(task)
        yield lambda done, of: None


def file_of(
    server: Server, data: bytes = DATA, *, pinned: bool = True, path: str = NAME, **fields: Any
) -> ModelFile:
    """A file of the manifest that the server has."""
    web = "/" + path.rpartition("/")[2]
    server.files.setdefault(web, data)
    if pinned:
        fields |= {"sha256": hashlib.sha256(data).hexdigest(), "sha256_from": "a test"}
        fields.setdefault("bytes", len(data))
    return ModelFile(path=path, sources=(server.url + web,), **fields)


def pull(folder: Path, *files: ModelFile, accept: bool = False, **options: Any) -> list[Outcome]:
    options.setdefault("pause", 0.01)
    return Pull(ModelsFolder(folder), Quiet(), lambda licences: accept, **options).run(files)


def fail(code: str, folder: Path, *files: ModelFile, **options: Any) -> AldarError:
    with pytest.raises(AldarError) as caught:
        pull(folder, *files, **options)
    assert caught.value.code == code
    assert caught.value.hint
    return caught.value


def left(folder: Path) -> set[str]:
    """What lies in a models folder, without our own notes."""
    names = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return {name for name in names if "aldar-models.lock" not in name}


def verdict(folder: Path, file: ModelFile) -> list[str]:
    return [check.verdict for check in verify([file], ModelsFolder(folder), Quiet())]


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as state:
        yield state


# A file that arrives


@pytest.mark.parametrize("pinned", [True, False])
def test_a_file_arrives_whole_and_is_not_fetched_again(server, tmp_path: Path, pinned: bool):
    file = file_of(server, pinned=pinned)
    (outcome,) = pull(tmp_path, file)
    assert (outcome.fate, outcome.source) == ("fetched", server.url + WEB)
    assert outcome.recorded == (() if pinned else (NAME,))
    assert (tmp_path / NAME).read_bytes() == DATA
    assert left(tmp_path) == {NAME}
    (again,) = pull(tmp_path, file)
    assert again.fate == "there"
    assert len(server.asked) == 1
    assert verdict(tmp_path, file) == ["fine"]


def test_several_files_arrive_at_once(server, tmp_path: Path):
    files = [file_of(server, weights(n), path=f"loras/{n}.safetensors") for n in range(6)]
    assert {outcome.fate for outcome in pull(tmp_path, *files, jobs=3)} == {"fetched"}
    assert [(tmp_path / f.path).read_bytes() for f in files] == [weights(n) for n in range(6)]


def test_one_that_fails_does_not_stop_the_others(server, tmp_path: Path):
    good, bad = file_of(server), file_of(server, b"", pinned=False, path="loras/gone.safetensors")
    del server.files["/gone.safetensors"]
    error = fail("model_unavailable", tmp_path, bad, good)
    assert "loras/gone.safetensors" in error.message
    assert f"{server.url}/gone.safetensors is not there" in error.message
    assert left(tmp_path) == {NAME}


def test_the_next_source_is_tried_when_one_has_nothing_or_the_wrong_thing(server, tmp_path: Path):
    server.files |= {"/wrong": bytes(len(DATA))}
    good = file_of(server)
    urls = [f"{server.url}/missing", f"{server.url}/wrong", *good.sources]
    file = good.model_copy(update={"sources": tuple(urls)})
    assert pull(tmp_path, file)[0].source == good.sources[0]
    assert (tmp_path / NAME).read_bytes() == DATA


def test_a_connection_that_breaks_is_taken_up_where_it_broke(server, tmp_path: Path):
    file = file_of(server)
    server.faults[WEB] = [Fault(cut=100_000), Fault(cut=200_000), Fault()]
    pull(tmp_path, file)
    assert (tmp_path / NAME).read_bytes() == DATA
    first, second, third = server.starts(WEB)
    assert (first, second <= 100_000, third <= 200_000) == (0, True, True)
    assert 0 < second < third


@pytest.mark.parametrize("pinned", [True, False])
@pytest.mark.parametrize("fault", [Fault(ranges=False), Fault(etag=False), Fault(length=False)])
def test_a_server_that_knows_no_ranges_or_versions_gives_the_right_bytes_too(
    server, tmp_path: Path, fault: Fault, pinned: bool
):
    file = file_of(server, pinned=pinned)
    server.faults[WEB] = [Fault(**{**vars(fault), "cut": 150_000, "length": True}), fault]
    pull(tmp_path, file)
    assert (tmp_path / NAME).read_bytes() == DATA
    first, second = server.starts(WEB)
    assert first == 0
    if not fault.etag:
        assert bool(second) == pinned  # else nothing would tell that it is another file by now


def test_a_server_that_dates_its_files_is_taken_up_too(server, tmp_path: Path):
    dated = Fault(etag=False, dated=True)
    server.faults[WEB] = [Fault(etag=False, dated=True, cut=150_000), dated]
    pull(tmp_path, file_of(server, pinned=False))
    assert (tmp_path / NAME).read_bytes() == DATA
    assert server.starts(WEB)[1] > 0


def test_a_server_that_sends_other_bytes_than_it_was_asked_for_is_not_believed(server, tmp_path):
    server.faults[WEB] = [Fault(cut=150_000), Fault(shift=10)]
    error = fail("model_unavailable", tmp_path, file_of(server))
    assert "sends other bytes than it was asked for" in error.message


@pytest.mark.parametrize("status", [503, 429])
def test_a_server_that_is_busy_is_asked_again(server, tmp_path: Path, status: int):
    file = file_of(server)
    server.faults[WEB] = [Fault(status=status), Fault()]
    pull(tmp_path, file)
    assert len(server.asked) == 2


# What an earlier pull left


def begun(folder: Path, server: Server, file: ModelFile, after: int = 100_000) -> None:
    """Let a pull break off for good."""
    server.faults[WEB] = [Fault(cut=after), Fault(status=403)]
    fail("model_unavailable", folder, file)
    assert ModelsFolder(folder).state(file) == "begun"
    server.faults.clear()
    server.asked.clear()


@pytest.mark.parametrize("pinned", [True, False])
def test_a_later_pull_goes_on_where_the_earlier_one_stopped(server, tmp_path: Path, pinned: bool):
    file = file_of(server, pinned=pinned)
    begun(tmp_path, server, file)
    assert left(tmp_path) == {f"{NAME}.part", f"{NAME}.part.json"}
    pull(tmp_path, file)
    assert (tmp_path / NAME).read_bytes() == DATA
    assert left(tmp_path) == {NAME}
    (start,) = server.starts(WEB)
    assert 0 < start <= 100_000


@pytest.mark.parametrize("ranges", [True, False])
@pytest.mark.parametrize("pinned", [True, False])
def test_a_file_that_was_changed_in_between_is_not_stuck_together(
    server, tmp_path: Path, pinned: bool, ranges: bool
):
    old, new = weights(1), weights(2)
    begun(tmp_path, server, file_of(server, old, pinned=pinned))
    server.files[WEB] = new
    server.faults[WEB] = [Fault(ranges=ranges)]
    pull(tmp_path, file_of(server, new, pinned=pinned))
    assert (tmp_path / NAME).read_bytes() == new


def test_halves_of_two_files_are_noticed_although_the_server_cannot_tell_them_apart(
    server, tmp_path: Path
):
    begun(tmp_path, server, file_of(server, weights(1)))
    server.files[WEB] = weights(2)
    server.faults[WEB] = [Fault(etag=False)]
    part = tmp_path / f"{NAME}.part.json"
    part.unlink()  # nothing tells which file the part is of
    pull(tmp_path, file_of(server, weights(2)))
    assert (tmp_path / NAME).read_bytes() == weights(2)


def test_a_part_that_is_whole_is_only_checked(server, tmp_path: Path):
    file = file_of(server)
    part = tmp_path / f"{NAME}.part"
    part.parent.mkdir()
    part.write_bytes(DATA)
    pull(tmp_path, file)
    assert (tmp_path / NAME).read_bytes() == DATA
    assert server.asked == []


def test_a_part_that_is_longer_than_the_file_is_begun_anew(server, tmp_path: Path):
    file = file_of(server)
    part = tmp_path / f"{NAME}.part"
    part.parent.mkdir()
    part.write_bytes(DATA + b"more")
    pull(tmp_path, file)
    assert (tmp_path / NAME).read_bytes() == DATA


# What is not right


def test_a_wrong_hash_is_told_and_nothing_of_the_file_stays(server, tmp_path: Path):
    file = file_of(server)
    server.files[WEB] = wrong = bytes(len(DATA))
    error = fail("model_wrong", tmp_path, file)
    for part in (NAME, server.url + WEB, file.sha256, hashlib.sha256(wrong).hexdigest()):
        assert part and part in error.message
    assert left(tmp_path) == set()


def test_a_file_of_another_size_is_refused_before_it_is_fetched(server, tmp_path: Path):
    file = file_of(server)
    server.files[WEB] = weights(1, 5_000_000)
    server.faults[WEB] = [Fault(drip=0)]
    error = fail("model_wrong", tmp_path, file)
    assert f"not the {len(DATA)} published" in error.message


@pytest.mark.parametrize("other", [DATA[:-1], DATA + b"x"])
def test_a_wrong_size_is_told_if_the_server_does_not_say_it_before(server, tmp_path: Path, other):
    file = file_of(server)
    server.files[WEB] = other
    server.faults[WEB] = [Fault(length=False)]
    error = fail("model_wrong", tmp_path, file)
    assert f"it has {len(other)} bytes, not the {len(DATA)} published" in error.message
    assert left(tmp_path) == set()


def test_a_file_that_does_not_end_is_broken_off(server, tmp_path: Path):
    file = file_of(server)
    server.files[WEB] = DATA + bytes(100)
    server.faults[WEB] = [Fault(length=False, drip=len(DATA))]
    fail("model_wrong", tmp_path, file)
    assert server.dripped < 50


@pytest.mark.parametrize("content", [b"<!DOCTYPE html><title>Log in</title>", DATA[:-5]])
def test_what_is_no_model_is_refused_although_nobody_states_its_hash(
    server, tmp_path: Path, content: bytes
):
    fail("model_wrong", tmp_path, file_of(server, content, pinned=False))
    assert left(tmp_path) == set()


@pytest.mark.parametrize("status", [404, 403, 401, 500])
def test_a_server_that_refuses_is_told_with_its_address(server, tmp_path: Path, status: int):
    file = file_of(server)
    server.faults[WEB] = [Fault(status=status)]
    error = fail("model_unavailable", tmp_path, file)
    assert server.url + WEB in error.message
    assert ("is not there" if status == 404 else str(status)) in error.message


def test_a_server_that_is_gone_is_told(tmp_path: Path):
    with serving() as server:
        file = file_of(server)
    error = fail("model_unavailable", tmp_path, file)
    assert "cannot be reached" in error.message


def test_an_answer_that_leads_to_plain_http_elsewhere_is_not_followed(server, tmp_path: Path):
    file = file_of(server)
    server.faults[WEB] = [Fault(to="http://files.example.org/x")]
    error = fail("model_unavailable", tmp_path, file)
    assert "leads to an address without https" in error.message


def test_too_small_a_disk_is_told_before_anything_is_fetched(server, tmp_path: Path):
    file = file_of(server, bytes=10**17)
    error = fail("disk_full", tmp_path, file)
    assert "100000000.0 GB" in error.message
    assert server.asked == []


# What is there already


@pytest.mark.parametrize("pinned", [True, False])
def test_another_file_in_the_way_stays_unless_it_is_to_be_replaced(server, tmp_path, pinned: bool):
    file = file_of(server, pinned=pinned)
    if not pinned:
        pull(tmp_path, file)
    path = tmp_path / NAME
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(weights(9))
    error = fail("file_in_the_way", tmp_path, file)
    assert str(path) in error.message
    assert path.read_bytes() == weights(9)
    assert pull(tmp_path, file, force=True)[0].fate == "fetched"
    assert path.read_bytes() == DATA


def test_a_file_in_the_way_stays_if_the_new_one_is_not_right(server, tmp_path: Path):
    file = file_of(server)
    server.files[WEB] = bytes(len(DATA))
    path = tmp_path / NAME
    path.parent.mkdir()
    path.write_bytes(weights(9))
    fail("model_wrong", tmp_path, file, force=True)
    assert path.read_bytes() == weights(9)


def test_a_file_the_user_put_there_is_kept_and_known_from_then_on(server, tmp_path: Path):
    file = file_of(server, pinned=False)
    path = tmp_path / NAME
    path.parent.mkdir()
    path.write_bytes(weights(9))
    assert verdict(tmp_path, file) == ["unrecorded"]
    assert pull(tmp_path, file)[0].fate == "there"
    assert server.asked == []
    assert verdict(tmp_path, file) == ["fine"]


@pytest.mark.parametrize("pinned", [True, False])
def test_a_file_that_was_changed_after_the_pull_is_found_out(server, tmp_path: Path, pinned: bool):
    file = file_of(server, pinned=pinned)
    pull(tmp_path, file)
    (tmp_path / NAME).write_bytes(DATA[:-1] + bytes([DATA[-1] ^ 1]))
    assert verdict(tmp_path, file) == ["wrong"]
    (check,) = verify([file], ModelsFolder(tmp_path), Quiet())
    assert ("published" if pinned else "recorded") in check.reason
    (tmp_path / NAME).unlink()
    assert verdict(tmp_path, file) == ["missing"]


def test_what_was_recorded_is_what_a_later_pull_must_bring(server, tmp_path: Path):
    file = file_of(server, pinned=False)
    pull(tmp_path, file)
    (tmp_path / NAME).unlink()
    server.files[WEB] = weights(2)
    error = fail("model_wrong", tmp_path, file)
    assert hashlib.sha256(DATA).hexdigest() in error.message
    assert "recorded" in error.message
    assert pull(tmp_path, file, force=True)[0].fate == "fetched"
    assert verdict(tmp_path, file) == ["fine"]


def test_a_lora_of_another_architecture_fails_the_verification(server, tmp_path: Path):
    name = "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight"
    header = json.dumps({name: {"dtype": "U8", "shape": [2, 2], "data_offsets": [0, 4]}}).encode()
    flux = len(header).to_bytes(8, "little") + header + bytes(4)
    file = file_of(server, flux, pinned=False, base="sdxl")
    pull(tmp_path, file)
    (check,) = verify([file], ModelsFolder(tmp_path), Quiet())
    assert (check.verdict, "is for Flux, not for SDXL" in check.reason) == ("wrong", True)


def test_a_file_nobody_knows_a_place_for_is_the_users_to_bring(tmp_path: Path):
    own = ModelFile(path=NAME, optional=True)
    assert pull(tmp_path, own)[0].fate == "yours"
    needed = own.model_copy(update={"optional": False})
    assert str(tmp_path / "loras") in fail("model_unavailable", tmp_path, needed).hint


def test_two_pulls_do_not_get_in_each_others_way(server, tmp_path: Path):
    with ModelsFolder(tmp_path).locked():
        fail("models_locked", tmp_path, file_of(server))
    assert pull(tmp_path, file_of(server))[0].fate == "fetched"


def test_a_damaged_record_is_told_not_overwritten(tmp_path: Path):
    record = tmp_path / "aldar-models.lock.json"
    record.write_text("{nonsense")
    with pytest.raises(AldarError) as caught:
        ModelsFolder(tmp_path)
    assert caught.value.code == "records_damaged"
    assert record.read_text() == "{nonsense"


def test_a_folder_that_cannot_be_written_is_told(server, tmp_path: Path):
    (tmp_path / "loras").write_text("a file where the folder should be")
    fail("folder_unwritable", tmp_path, file_of(server))


# Licences

STRICT = Licence(name="research only", url="https://example.org/terms", accept=True)


def test_nothing_is_fetched_before_a_licence_is_accepted(server, tmp_path: Path):
    free = file_of(server, path="loras/free.safetensors")
    bound = file_of(server, path="loras/bound.safetensors", licence=STRICT)
    error = fail("licence_not_accepted", tmp_path, free, bound)
    assert STRICT.name in error.message and STRICT.url in error.message
    assert server.asked == [] and left(tmp_path) == set()
    pull(tmp_path, free, bound, accept=True)
    assert left(tmp_path) == {free.path, bound.path}
    pull(tmp_path, free, bound)  # what is there is not asked for again


# Archives

PACK = "insightface/models/pack.zip"
MODELS = {"det.onnx": random.Random(3).randbytes(1000), "rec.onnx": random.Random(4).randbytes(999)}


def zipped(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def pack_of(server: Server, archive: bytes) -> ModelFile:
    members = tuple(
        Member(name=name, bytes=len(data), sha256=hashlib.sha256(data).hexdigest())
        for name, data in MODELS.items()
    )
    return file_of(server, archive, path=PACK, unpack=members)


PLACES = {f"insightface/models/pack/{name}" for name in MODELS}


@pytest.mark.parametrize("inner", ["", "pack/"])
def test_an_archive_is_unpacked_and_not_kept(server, tmp_path: Path, inner: str):
    archive = zipped({f"{inner}{name}": data for name, data in MODELS.items()} | {"x.txt": b"x"})
    file = pack_of(server, archive)
    assert pull(tmp_path, file)[0].fate == "fetched"
    assert left(tmp_path) == PLACES
    assert verdict(tmp_path, file) == ["fine", "fine"]
    assert pull(tmp_path, file)[0].fate == "there"
    (tmp_path / "insightface/models/pack/rec.onnx").unlink()
    pull(tmp_path, file)
    assert left(tmp_path) == PLACES


@pytest.mark.parametrize("path", ["../../../evil.onnx", "/evil.onnx", "pack/../../evil.onnx"])
def test_an_archive_cannot_write_outside_its_folder(server, tmp_path: Path, path: str):
    models = tmp_path / "a" / "models"
    archive = zipped({**MODELS, path: b"evil", "../det.onnx": b"evil"})
    pull(models, pack_of(server, archive))
    assert left(tmp_path) == {f"a/models/{place}" for place in PLACES}
    det = models / "insightface/models/pack/det.onnx"
    assert det.read_bytes() == MODELS["det.onnx"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"det.onnx": MODELS["det.onnx"]}, "does not hold rec.onnx"),
        ({**MODELS, "rec.onnx": b"short"}, "has 5 bytes"),
        ({**MODELS, "rec.onnx": bytes(999)}, "has sha256"),
        ({"../det.onnx": MODELS["det.onnx"], "../rec.onnx": b""}, "does not hold det.onnx"),
    ],
)
def test_an_archive_that_does_not_hold_what_it_should_leaves_nothing(
    server, tmp_path: Path, files: dict[str, bytes], reason: str
):
    error = fail("model_wrong", tmp_path, pack_of(server, zipped(files)))
    assert reason in error.message
    assert left(tmp_path) & PLACES == set()


# Mirrors


def test_a_folder_stands_in_for_every_source(server, tmp_path: Path):
    mirror = tmp_path / "mirror"
    (mirror / "loras").mkdir(parents=True)
    (mirror / NAME).write_bytes(DATA)
    (mirror / "other.safetensors").write_bytes(weights(2))
    files = [file_of(server), file_of(server, weights(2), path="loras/other.safetensors")]
    pull(tmp_path / "models", *files, place=str(mirror))
    assert left(tmp_path / "models") == {NAME, "loras/other.safetensors"}
    assert server.asked == []


def test_a_folder_that_lacks_a_file_is_told_with_the_places_it_was_looked_for(server, tmp_path):
    error = fail("model_unavailable", tmp_path, file_of(server), place=str(tmp_path))
    assert str(tmp_path / NAME) in error.message
    assert str(tmp_path / "hero.safetensors") in error.message


def test_the_models_folder_of_another_machine_is_a_mirror_too(server, tmp_path: Path):
    file = pack_of(server, zipped(MODELS))
    pull(tmp_path / "first", file)
    server.asked.clear()
    pull(tmp_path / "second", file, place=str(tmp_path / "first"))
    assert left(tmp_path / "second") == PLACES
    assert server.asked == []


def test_a_web_address_is_a_mirror_and_its_key_is_not_shown(server, tmp_path: Path):
    file = file_of(server)
    server.files = {"/mirror/loras/hero.safetensors?sig=secret": DATA}
    place = server.url.replace("//", "//user:password@") + "/mirror?sig=secret"
    (outcome,) = pull(tmp_path, file, place=place)
    assert outcome.source == f"{server.url}/mirror/loras/hero.safetensors"
    server.files.clear()
    (tmp_path / NAME).unlink()
    error = fail("model_unavailable", tmp_path, file, place=place)
    texts = [str(error), *(p.read_text() for p in tmp_path.glob("*.json"))]
    assert not [word for word in ("secret", "password") if any(word in text for text in texts)]


@pytest.mark.parametrize(
    "place", ["ftp://x/y", "http://example.org/", "s3://", "/nowhere", "https://[x"]
)
def test_a_mirror_that_is_none_is_refused_before_anything_happens(server, tmp_path, place: str):
    fail("source_invalid", tmp_path / "models", file_of(server), place=place)
    assert not (tmp_path / "models").exists()

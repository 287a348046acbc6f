"""Model files from S3 and Hugging Face, and the user's own places for them."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from aldar_storyboard.runner.cli import main
from aldar_storyboard.runner.models.catalogue import catalogue
from aldar_storyboard.runner.models.folder import ModelsFolder
from aldar_storyboard.runner.models.manifest import manifest
from aldar_storyboard.runner.models.sources import source
from aldar_storyboard.storyboard.errors import AldarError
from aldar_storyboard.storyboard.planning.llm import profiles
from aldar_storyboard.tests.fakes.files import Fault, Server, serving
from aldar_storyboard.tests.fakes.llm import isolate
from moto.server import ThreadedMotoServer

LORA = "loras/aldar_kose_v5.safetensors"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDTEST", "AWS_SECRET_ACCESS_KEY": "very-secret-key"}


def weights(seed: int, size: int = 200_000) -> bytes:
    entry = {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}
    header = json.dumps({f"lora_unet_{seed}.lora_down.weight": entry}).encode()
    return len(header).to_bytes(8, "little") + header + bytes([seed]) * size


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in os.environ:
        if name.startswith(("AWS_", "HF_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    return isolate(monkeypatch, tmp_path)


def configure(home: Path, **places: str) -> None:
    lines = ["[models]", *(f"{json.dumps(k)} = {json.dumps(v)}" for k, v in places.items())]
    (home / "config.toml").write_text("\n".join(lines) + "\n")


def command(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any, str]:
    status = main.run(["models", *arguments, "--json"])
    captured = capsys.readouterr()
    return status, json.loads(captured.out), captured.out + captured.err


# S3


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(s3: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name, value in (KEYS | {"AWS_ENDPOINT_URL": s3}).items():
        monkeypatch.setenv(name, value)
    resource: Any = boto3.resource("s3", region_name="us-east-1")
    made = resource.create_bucket(Bucket="studio")
    yield made
    made.objects.all().delete()
    made.delete()


def test_the_characters_lora_comes_from_the_users_bucket(bucket, home, tmp_path, capsys):
    bucket.put_object(Key="v5/lora.safetensors", Body=weights(1))
    configure(home, **{LORA: "s3://studio/v5/lora.safetensors"})
    status, data, said = command(capsys, "pull", LORA, "--models", str(tmp_path / "m"))
    assert status == 0
    assert data["files"][0]["source"] == "s3://studio/v5/lora.safetensors"
    assert (tmp_path / "m" / LORA).read_bytes() == weights(1)
    assert not [key for key in KEYS.values() if key in said]


def test_a_pull_from_a_bucket_goes_on_where_it_stopped(bucket, home, tmp_path, capsys):
    bucket.put_object(Key="lora", Body=weights(1))
    tag = bucket.Object("lora").e_tag
    configure(home, **{LORA: "s3://studio/lora"})
    part = tmp_path / f"{LORA}.part"
    part.parent.mkdir()
    half = bytes([9]) * 100_000  # other bytes than the bucket has: they show what was kept
    part.write_bytes(weights(1)[:1000] + half)
    part.with_name(part.name + ".json").write_text(
        json.dumps({"source": "s3://studio/lora", "mark": tag})
    )
    assert command(capsys, "pull", LORA, "--models", str(tmp_path))[0] == 0
    assert half in (tmp_path / LORA).read_bytes()


def test_another_object_under_the_same_key_is_not_stuck_to_the_old_one(
    bucket, home, tmp_path, capsys
):
    bucket.put_object(Key="lora", Body=weights(1))
    old = bucket.Object("lora").e_tag
    bucket.put_object(Key="lora", Body=weights(2))
    configure(home, **{LORA: "s3://studio/lora"})
    part = tmp_path / f"{LORA}.part"
    part.parent.mkdir()
    part.write_bytes(weights(1)[:50_000])
    part.with_name(part.name + ".json").write_text(
        json.dumps({"source": "s3://studio/lora", "mark": old})
    )
    assert command(capsys, "pull", LORA, "--models", str(tmp_path))[0] == 0
    assert (tmp_path / LORA).read_bytes() == weights(2)


def test_a_bucket_is_a_mirror(bucket, tmp_path, capsys):
    bucket.put_object(Key=f"mirror/{LORA}", Body=weights(3))
    place = "s3://studio/mirror/"
    status, data, _ = command(capsys, "pull", LORA, "--from", place, "--models", str(tmp_path))
    assert (status, data["files"][0]["fate"]) == (0, "fetched")
    assert (tmp_path / LORA).read_bytes() == weights(3)


@pytest.mark.parametrize(
    ("address", "reason"),
    [("s3://studio/none", "is not there"), ("s3://no-such-bucket/x", "is not there")],
)
def test_a_bucket_without_the_file_is_told(bucket, home, tmp_path, capsys, address, reason):
    configure(home, **{LORA: address})
    status, data, said = command(capsys, "pull", LORA, "--models", str(tmp_path))
    assert (status, data["error"]["code"]) == (1, "model_unavailable")
    assert f"{address} {reason}" in data["error"]["message"]
    assert not [key for key in KEYS.values() if key in said]


def test_half_a_key_is_told_as_a_fault_of_the_set_up(home, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS["AWS_ACCESS_KEY_ID"])
    configure(home, **{LORA: "s3://studio/lora"})
    status, data, _ = command(capsys, "pull", LORA, "--models", str(tmp_path))
    assert (status, data["error"]["code"]) == (1, "model_unavailable")
    assert "AWS configuration" in data["error"]["hint"]


# Hugging Face


def hub_process(endpoint: str, folder: Path, home: Path, token: str) -> subprocess.Popen[str]:
    """In a process of its own: huggingface_hub reads its settings when it is imported."""
    code = (
        "import sys; from aldar_storyboard.runner.cli.main import run; sys.exit(run(sys.argv[1:]))"
    )
    own = {"HF_ENDPOINT": endpoint, "HF_TOKEN": token, "ALDAR_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-c", code, "models", "pull", LORA, "--models", str(folder), "--json"],
        env=os.environ | own | {"HF_HOME": str(home / "huggingface")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def hub_pull(endpoint: str, folder: Path, home: Path, token: str) -> subprocess.CompletedProcess:
    with hub_process(endpoint, folder, home, token) as child:
        out, err = child.communicate(timeout=120)
    return subprocess.CompletedProcess(child.args, child.returncode, out, err)


def test_the_hub_or_its_mirror_is_asked_with_the_users_token(home: Path, tmp_path: Path):
    """The token stays with the hub: the machine that stores the files does not get it."""
    path, token = "/studio/hero/resolve/v5/sub/lora.safetensors", "hf_test_token_of_the_user"
    configure(home, **{LORA: "hf://studio/hero/sub/lora.safetensors@v5"})
    with serving() as hub, serving({"/blob?sig=secret": weights(1)}) as storage:
        hub.files[path] = weights(1)  # it says how large the file is that it leads to
        hub.faults[path] = [Fault(to=f"{storage.url}/blob?sig=secret")]
        done = hub_pull(hub.url, tmp_path, home, token)
        assert done.returncode == 0, done.stderr
        assert hub.asked[0].headers["authorization"] == f"Bearer {token}"
        assert "authorization" not in storage.asked[0].headers
    assert (tmp_path / LORA).read_bytes() == weights(1)
    record = (tmp_path / "aldar-models.lock.json").read_text()
    texts = done.stdout + done.stderr + record
    assert "hf://studio/hero/sub/lora.safetensors@v5" in texts
    assert "secret" not in texts and token not in texts


HUB_FILE = "/studio/hero/resolve/main/lora.safetensors"


@pytest.fixture
def hub(home: Path) -> Iterator[Server]:
    configure(home, **{LORA: "hf://studio/hero/lora.safetensors@main"})
    with serving({HUB_FILE: weights(1)}) as server:
        yield server


def test_a_pull_from_the_hub_leaves_the_file_alone(hub: Server, home: Path, tmp_path: Path):
    models = tmp_path / "models"
    assert hub_pull(hub.url, models, home, "").returncode == 0
    assert [path.name for path in (models / "loras").iterdir()] == [Path(LORA).name]
    assert (models / LORA).read_bytes() == weights(1)


def test_what_the_hub_sends_is_checked_as_everything_else(hub: Server, home: Path, tmp_path: Path):
    hub.files[HUB_FILE] = b"<!DOCTYPE html><title>Log in</title>"
    models = tmp_path / "models"
    done = hub_pull(hub.url, models, home, "")
    assert json.loads(done.stdout)["error"]["code"] == "model_wrong"
    assert list((models / "loras").iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
def test_an_interrupted_pull_from_the_hub_goes_on_where_it_stopped(
    hub: Server, home: Path, tmp_path: Path
):
    models = tmp_path / "models"
    hub.files[HUB_FILE] = weights(1, 30_000_000)
    hub.faults[HUB_FILE] = [Fault(), Fault(drip=25_000_000), Fault()]
    with hub_process(hub.url, models, home, "") as child:
        assert hub.dripping.wait(60)
        while not any(p.stat().st_size > 10**7 for p in models.rglob("*.incomplete")):
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=60)
    assert json.loads(out)["error"]["code"] == "interrupted"
    assert not (models / LORA).exists()
    file = catalogue().of_path(LORA)
    assert file and ModelsFolder(models).state(file) == "begun"
    assert hub_pull(hub.url, models, home, "").returncode == 0
    assert (models / LORA).read_bytes() == weights(1, 30_000_000)
    assert hub.starts(HUB_FILE)[-1] > 10**7


def test_the_token_is_not_sent_over_plain_http(home: Path, tmp_path: Path):
    configure(home, **{LORA: "hf://studio/hero/lora.safetensors@main"})
    done = hub_pull("http://files.example.org", tmp_path, home, "hf_token")
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "model_unavailable"
    assert "leads to an address without https" in error["message"]


def test_a_hub_without_the_file_and_one_that_is_not_reached_are_told(
    hub: Server, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    hub.files.clear()
    done = hub_pull(hub.url, tmp_path, home, "")
    assert "lora.safetensors@main is not there" in json.loads(done.stdout)["error"]["message"]
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    done = hub_pull(hub.url, tmp_path, home, "")
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "model_unavailable"
    assert "cannot be reached" in error["message"]


def test_a_model_one_has_to_agree_to_first_says_so(home: Path, tmp_path: Path):
    path = "/studio/hero/resolve/main/lora.safetensors"
    configure(home, **{LORA: "hf://studio/hero/lora.safetensors@main"})
    with serving({path: b""}) as hub:
        hub.faults[path] = [Fault(status=403)]
        done = hub_pull(hub.url, tmp_path, home, "")
    error = json.loads(done.stdout)["error"]
    assert error["code"] == "model_unavailable"
    assert "HF_TOKEN" in error["hint"]


# Which files there are, and where


def test_every_source_of_the_manifest_is_an_address_we_can_read():
    for file in manifest().files:
        for address in file.sources:
            assert source(address).shown == address
            assert address.startswith(("hf://", "https://"))


def test_a_place_of_the_users_own_goes_before_those_of_the_manifest(home: Path):
    path = "checkpoints/sd_xl_base_1.0.safetensors"
    configure(home, **{path: "/drive/sdxl.safetensors", "loras/other.safetensors": "s3://a/b"})
    files = catalogue()
    published = manifest().of_path(path)
    file = files.of_path(path)
    assert file and published
    assert (file.sources, file.sha256) == (("/drive/sdxl.safetensors",), published.sha256)
    other = files.by_name("other.safetensors")
    assert other and other.sources == ("s3://a/b",)
    assert manifest().by_name("other.safetensors") is None


def test_naming_a_place_for_the_lora_makes_its_modes_want_it(home: Path):
    def wanted() -> list[str]:
        return [file.path for file in catalogue().for_mode("simple") if not file.optional]

    assert LORA not in wanted()
    configure(home, **{LORA: "s3://a/b"})
    assert LORA in wanted()


@pytest.mark.parametrize(
    ("path", "address"),
    [
        (LORA, "ftp://example.org/x"),
        (LORA, "http://example.org/x"),
        (LORA, "http://127.0.0.1@example.org/x"),
        (LORA, "s3://bucket"),
        (LORA, "hf://owner/name"),
        (LORA, "https://[x"),
        ("../outside.safetensors", "s3://a/b"),
        ("/outside.safetensors", "s3://a/b"),
        ("loras\\x.safetensors", "s3://a/b"),
        ("C:x.safetensors", "s3://a/b"),
    ],
)
def test_a_place_that_cannot_be_used_is_told(home: Path, path: str, address: str):
    configure(home, **{path: address})
    with pytest.raises(AldarError) as caught:
        catalogue()
    assert caught.value.code == "source_invalid"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
def test_a_named_pipe_in_a_mirror_is_not_waited_for(home: Path, tmp_path: Path, capsys):
    mirror = tmp_path / "mirror"
    mirror.mkdir()
    os.mkfifo(mirror / "sd_xl_base_1.0.safetensors")
    arguments = ("--from", str(mirror), "--models", str(tmp_path / "models"))
    status, answer, _ = command(capsys, "pull", "sd_xl_base_1.0.safetensors", *arguments)
    assert status == 1
    assert "is no regular file" in answer["error"]["message"]


def test_a_place_that_is_no_text_is_told(home: Path):
    (home / "config.toml").write_text(f'[models]\n"{LORA}" = 5\n')
    with pytest.raises(AldarError) as caught:
        catalogue()
    assert caught.value.code == "source_invalid"
    assert str(home / "config.toml") in caught.value.message


def test_planning_reads_the_same_file_undisturbed(home: Path):
    configure(home, **{LORA: "s3://a/b"})
    assert profiles.load("ollama").local


def test_every_hash_of_the_manifest_says_where_it_is_stated():
    for file in manifest().files:
        assert bool(file.sha256) == file.sha256_from.startswith("https://")
        assert file.about.endswith(".")
        assert file.sources or file.optional
        assert file.page.startswith("https://") or not file.sources
        assert len(file.sha256 or hashlib.sha256().hexdigest()) == 64


@pytest.mark.parametrize("mode", ["simple", "guided", "sd15_faceid"])
def test_the_files_of_a_mode_belong_to_one_model(mode: str):
    files = manifest().for_mode(mode)
    assert len({file.base for file in files} - {""}) == 1
    assert any(file.folder == "checkpoints" for file in files)


def test_models_for_research_only_ask_to_be_accepted():
    bound = {file.path for file in manifest().files if file.licence.accept}
    assert bound == {
        file.path
        for file in manifest().files
        if "faceid" in file.path or file.folder.startswith("insightface")
    }


def test_a_file_is_found_by_its_name_its_path_and_what_is_in_it():
    files = manifest()
    sdxl = files.by_name("sd_xl_base_1.0.safetensors")
    assert sdxl and sdxl.folder == "checkpoints"
    assert files.of_path("checkpoints\\sd_xl_base_1.0.safetensors") is sdxl
    pack = files.by_name("det_10g.onnx")
    assert pack and pack.name == "buffalo_l.zip"
    assert files.of_path("insightface/models/buffalo_l/det_10g.onnx") is pack
    assert files.by_name("nothing.bin") is files.of_path("nothing.bin") is None
    assert files.for_mode("draft") == ()

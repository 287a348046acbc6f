"""``aldar board --mode …`` as a user runs it, on a ComfyUI with synthetic weights."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from aldar_storyboard.tests.comfy.cli import aldar
from aldar_storyboard.tests.faces.onnx_pack import disc, write_pack
from aldar_storyboard.tests.forge import forge
from aldar_storyboard.tests.forge.trimmed import trimmed

STAND_IN = Path(__file__).with_name("adapter_pack")
LORA = "aldar_kose_v5.safetensors"
SMALL = (
    *("--set", "Latent.side=64", "--set", "Steps.steps=2"),
    *("--set", "CLIP vision.clip_name=CLIP-ViT-H-14-laion2B-s32B-b79K.bin"),
)
SDXL = (*SMALL, "--set", "Checkpoint.ckpt_name=synthetic_sdxl.ckpt")
SD15 = (*SMALL, "--set", "Checkpoint.ckpt_name=synthetic_sd15.ckpt")
STORY = ("board", "Aldar sells a bai a coat full of holes.", "--frames", "2")


@pytest.fixture(scope="module")
def installed(embedded, tmp_path_factory):
    """A ComfyUI on this disk, as ``COMFYUI_PATH`` names one."""
    install = trimmed(embedded, tmp_path_factory.mktemp("installed") / "comfyui")
    forge(install.path / "models")
    write_pack(install.path / "models" / "insightface" / "models" / "buffalo_l")
    (install.path / "custom_nodes" / "adapter_pack").symlink_to(STAND_IN)
    return install.path


@pytest.fixture(autouse=True)
def _chosen(home, installed, monkeypatch):
    monkeypatch.setenv("COMFYUI_PATH", str(installed))


def report(answer):
    return json.loads(Path(answer["report"]).read_text("utf-8"))


def refused(*arguments: str) -> str:
    status, answer, _ = aldar(*arguments)
    assert status != 0
    assert answer["error"]["code"] == "not_ready"
    return answer["error"]["message"]


def test_simple_draws_a_board_and_one_of_its_frames_again(tmp_path):
    out = tmp_path / "board"
    status, answer, progress = aldar(*STORY, "--mode", "simple", *SDXL, "--out", str(out))
    assert status == 0, answer
    assert report(answer)["pipeline"] == "simple"
    assert answer["frames"] == 2
    assert "no GPU" in progress
    before = {path.name for path in (out / "takes").iterdir()}

    status, answer, _ = aldar("redo", str(out), "2", "--note", "smile more")
    assert status == 0, answer
    assert {path.name for path in (out / "takes").iterdir()} > before


def test_a_face_of_ones_own_leads_every_frame(tmp_path):
    picture = tmp_path / "face.png"
    disc((320, 320)).save(picture)
    out = tmp_path / "board"
    status, answer, _ = aldar(
        *STORY, "--mode", "sd15_faceid", *SD15, "--reference", str(picture), "--out", str(out)
    )
    assert status == 0, answer
    first = report(answer)["frames"][0]
    assert first["scores"]["identity"]["value"] is not None
    assert not first["reference_of"]


def test_a_run_without_the_characters_lora_says_so(installed, tmp_path):
    lora = installed / "models" / "loras" / LORA
    hidden = lora.rename(tmp_path / LORA)
    try:
        status, answer, progress = aldar(
            *STORY, "--mode", "simple", *SDXL, "--out", str(tmp_path / "board")
        )
    finally:
        hidden.rename(lora)
    assert status == 0, answer
    assert f"models/loras/{LORA} is missing" in progress
    assert any(LORA in notice for notice in answer["notices"])
    prompts = json.loads((tmp_path / "board" / "sdxl_prompts.json").read_text("utf-8"))
    assert "aldar_kose_man" not in json.dumps(prompts)


def test_a_lora_of_another_architecture_stops_before_anything_is_queued(tmp_path):
    out = tmp_path / "board"
    message = refused(
        *STORY, "--mode", "simple", *SDXL, "--lora", "synthetic_sd15.safetensors", "--out", str(out)
    )
    assert "synthetic_sd15.safetensors is for Stable Diffusion 1.5, not for SDXL" in message
    assert not (out / "board.json").exists()


def test_what_is_missing_is_listed_before_anything_is_queued(tmp_path):
    message = refused(*STORY, "--mode", "guided", "--out", str(tmp_path / "board"))
    assert "models/checkpoints/sd_xl_base_1.0.safetensors is missing (6.94 GB" in message
    assert "models/controlnet/xinsir-controlnet-openpose-sdxl-1.0.safetensors" in message


def test_a_dry_run_prints_the_graph_and_draws_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, answer, _ = aldar(*STORY, "--mode", "simple", *SDXL, "--seed", "7", "--dry-run")
    assert status == 0
    assert answer["problems"] == []
    by_title = {node["_meta"]["title"]: node["inputs"] for node in answer["workflow"].values()}
    assert by_title["Frames"]["seed"] == 7
    assert by_title["Steps"]["steps"] == 2
    assert list(tmp_path.glob("boards*")) == []


def test_the_quick_test_says_that_it_cannot_tell_and_is_no_success(tmp_path):
    out = tmp_path / "quick"
    status, answer, _ = aldar(
        "identity", "a tall woman", "--name", "Anna", *SDXL, "--out", str(out)
    )
    assert status == 1
    assert answer["frames"] == 5
    assert answer["identity"]["holds"] is False
    assert answer["identity"]["hero"] == "Anna"


def test_a_matrix_by_command(tmp_path):
    out = tmp_path / "matrix"
    status, answer, _ = aldar(
        *("variations", "--outfit", "blue chapan", "--outfit", "red robe"),
        *("--place", "the steppe", "--pose", "standing", "--retries", "0"),
        *("--set", "OpenPose ControlNet.control_net_name=synthetic_openpose_sdxl.pth"),
        *SDXL,
        *("--out", str(out)),
    )
    assert status == 0, answer
    assert answer["frames"] == 2
    assert len(list(out.glob("variations_*.png"))) == 2


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--reference", "text.png"], "is no picture that can be read"),
        (["--set", "Steps.steps=many"], "not a value for 'steps'"),
        (["--mode", "draft", "--lora", "x.safetensors"], "no character LoRA"),
        (["--mode", "variations_5x5x5"], "does not draw the story of a logline"),
    ],
)
def test_options_that_cannot_be_used_are_named(tmp_path, monkeypatch, options, words):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "text.png").write_text("no picture")
    status, answer, _ = aldar(*STORY, "--mode", "simple", *options)
    assert status == 2
    assert words in answer["error"]["message"]

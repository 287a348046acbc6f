"""Before anything is queued: missing packs and files, files that will not do, GPUs too small."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest
from aldar_storyboard.runner.run import preflight
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.storyboard.errors import RunnerError
from aldar_storyboard.tests.faces.onnx_pack import write_pack
from aldar_storyboard.tests.forge import forge

ROOT = Path(__file__).parents[2]
SDXL, VIT_H = "sd_xl_base_1.0.safetensors", "CLIP-ViT-H-14-laion2B-s32B-b79K.safetensors"
LORA = "aldar_kose_v5.safetensors"
GPU = {"devices": [{"type": "cuda", "name": "Card", "vram_total": 24 * 2**30}]}


@pytest.fixture(scope="module")
def recorded():
    return json.loads((ROOT / "tools/recorded/comfyui.json").read_text("utf-8"))


@pytest.fixture
def comfyui(recorded):
    """``comfyui(ckpt_name=[...])``: what a ComfyUI with these files says of its nodes."""

    def info(**files):
        info = json.loads(json.dumps(recorded))
        for node in info.values():
            for name, spec in node["input"].get("required", {}).items():
                if name in files:
                    spec[0] = files[name]
        return info

    return info


def whole(comfyui):
    return comfyui(ckpt_name=[SDXL], lora_name=[LORA], clip_name=[VIT_H])


def test_nothing_is_wrong_where_everything_is_there(comfyui):
    graph = Graph.load("simple")
    findings = preflight.look(graph, "simple", whole(comfyui), GPU)
    assert (findings.problems, findings.notices, findings.too_small) == ([], [], "")
    assert graph.nodes == Graph.load("simple").nodes
    findings.refuse("simple")


def test_missing_files_and_packs_are_named_together_with_all_one_needs_to_get_them(comfyui):
    findings = preflight.look(Graph.load("guided"), "guided", comfyui(lora_name=[LORA]), GPU)
    with pytest.raises(RunnerError) as caught:
        findings.refuse("guided")
    error = caught.value
    assert error.code == "not_ready"
    assert "ComfyUI_IPAdapter_plus (GPL-3.0, https://github.com/cubiq/" in error.message
    assert f"models/checkpoints/{SDXL} is missing (6.94 GB, CreativeML Open" in str(error)
    assert "models/loras/ip-adapter-faceid-plusv2_sdxl_lora.safetensors is missing" in str(error)
    assert "'OpenPose ControlNet'" in error.message
    assert "aldar models pull --mode guided" in error.hint


def test_without_the_characters_lora_the_graph_is_made_to_do_without_and_says_so(comfyui):
    graph = Graph.load("simple")
    info = comfyui(ckpt_name=[SDXL], lora_name=["other.safetensors"], clip_name=[VIT_H])
    findings = preflight.look(graph, "simple", info, GPU)
    assert findings.problems == []
    assert f"models/loras/{LORA} is missing" in findings.notices[0]
    assert not graph.has("Character LoRA")
    checkpoint = graph.find("Checkpoint")
    assert graph.get("Prompt", "clip") == [checkpoint, 1]
    assert graph.get("Guidance", "model") == [checkpoint, 0]
    assert graph.get("Character", "trigger") == "-"
    graph.check(info)


def test_a_lora_that_was_asked_for_and_is_not_there_is_an_error_with_what_is_there(comfyui):
    graph = simple(checkpoint=SDXL, lora="aldar_kose_v6")
    findings = preflight.look(graph, "simple", whole(comfyui), GPU, own_lora=True)
    (problem,) = findings.problems
    assert problem == (
        f"models/loras/aldar_kose_v6 is missing, for 'Character LoRA'; there is {LORA}"
    )
    assert findings.notices == []
    assert graph.has("Character LoRA")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("hero.safetensors", "hero.safetensors"),
        ("hero", "hero.safetensors"),
        ("Hero", "hero.safetensors"),
        ("./hero.safetensors", "hero.safetensors"),
        ("loras/hero.safetensors", "hero.safetensors"),
        ("/x/ComfyUI/models/loras/mine/v1.5.safetensors", "mine/v1.5.safetensors"),
        ("mine\\v1.5.safetensors", "mine/v1.5.safetensors"),
        ("mine\\v1.5", "mine/v1.5.safetensors"),
        ("v1.5", "mine/v1.5.safetensors"),
        ("V1.5.SAFETENSORS", "mine/v1.5.safetensors"),
        ("old.pt", "win\\old.pt"),
        ("win/old", "win\\old.pt"),
        ("cafe\u0301", "caf\u00e9.safetensors"),
        ("v1", ""),
        ("ero", ""),
        ("", ""),
    ],
)
def test_a_file_is_found_as_people_write_it(comfyui, written, meant):
    there = ["hero.safetensors", "mine/v1.5.safetensors", "win\\old.pt", "caf\u00e9.safetensors"]
    info = comfyui(ckpt_name=[SDXL], lora_name=there, clip_name=[VIT_H])
    graph = simple(checkpoint="sd_xl_base_1.0", lora=written)
    findings = preflight.look(graph, "simple", info, GPU, own_lora=True)
    assert graph.get("Checkpoint", "ckpt_name") == SDXL
    assert bool(findings.problems) != bool(meant)
    if meant:
        assert graph.get("Character LoRA", "lora_name") == meant
        graph.check(info)


def test_a_name_that_several_files_answer_to_is_not_guessed(comfyui):
    there = ["a/hero.safetensors", "b/hero.safetensors"]
    info = comfyui(ckpt_name=[SDXL], lora_name=there, clip_name=[VIT_H])
    (problem,) = preflight.look(
        simple(checkpoint=SDXL, lora="hero"), "simple", info, GPU, own_lora=True
    ).problems
    assert "may be a/hero.safetensors or b/hero.safetensors" in problem
    exact = simple(checkpoint=SDXL, lora="b/hero")
    assert preflight.look(exact, "simple", info, GPU, own_lora=True).problems == []


@pytest.fixture
def models(tmp_path):
    """A models folder with synthetic files under the names the simple workflow asks for."""
    made = forge(
        tmp_path,
        [
            "checkpoints/synthetic_sdxl.ckpt",
            "loras/aldar_kose_v5.safetensors",
            "loras/synthetic_sd15.safetensors",
        ],
    )
    assert all(path.exists() for path in made.values())
    return tmp_path


def simple(**files):
    graph = Graph.load("simple")
    graph.set("Checkpoint", ckpt_name=files.get("checkpoint", "synthetic_sdxl.ckpt"))
    graph.set("Character LoRA", lora_name=files.get("lora", LORA))
    return graph


def problems(graph, comfyui, models, python=None, lora=""):
    checkpoint = graph.get("Checkpoint", "ckpt_name")
    lora = lora or graph.get("Character LoRA", "lora_name")
    info = comfyui(ckpt_name=[checkpoint], lora_name=[lora], clip_name=[VIT_H])
    return preflight.look(graph, "simple", info, GPU, models, python).problems


def test_files_of_one_architecture_pass(comfyui, models):
    assert problems(simple(), comfyui, models) == []


def test_a_lora_of_another_architecture_is_refused_by_name(comfyui, models):
    """ComfyUI would only log that no key of it fits, and draw without it."""
    (problem,) = problems(simple(lora="synthetic_sd15.safetensors"), comfyui, models)
    assert "synthetic_sd15.safetensors is for Stable Diffusion 1.5, not for SDXL" in problem
    assert "'Character LoRA', models/loras" in problem


def test_a_lora_whose_names_comfyui_does_not_map_is_refused(comfyui, models):
    """ComfyUI would only log that it does not know them, and draw without it."""
    case = ROOT / "tests/data/models/peft_lora.safetensors"
    shutil.copy(case, models / "loras")
    (problem,) = problems(simple(lora="peft_lora"), comfyui, models, lora=case.name)
    assert "peft_lora.safetensors would be loaded without effect" in problem
    assert "written as PEFT does (base_model.model.down_blocks.1" in problem
    assert "convert" in problem


def test_a_lora_in_another_folder_that_comfyui_knows_is_told_as_unchecked(comfyui, models):
    (models / "loras" / LORA).unlink()
    info = comfyui(ckpt_name=["synthetic_sdxl.ckpt"], lora_name=[LORA], clip_name=[VIT_H])
    findings = preflight.look(simple(), "simple", info, GPU, models)
    assert findings.problems == []
    assert any(f"LoRA {LORA} could not be checked" in notice for notice in findings.notices)


def test_a_named_pipe_in_place_of_a_file_is_refused_and_not_waited_for(comfyui, models):
    os.mkfifo(models / "loras" / "pipe.safetensors")
    (problem,) = problems(simple(lora="pipe.safetensors"), comfyui, models)
    assert "pipe.safetensors is no regular file" in problem


@pytest.mark.parametrize("told", [{}, {"ss_network_module": "networks.lora"}])
def test_what_cannot_be_checked_on_a_server_is_said(comfyui, told):
    findings = preflight.look(
        Graph.load("simple"), "simple", whole(comfyui), GPU, metadata=lambda folder, name: told
    )
    assert findings.problems == []
    assert [f"LoRA {LORA} could not be checked" in notice for notice in findings.notices] == (
        [] if told else [True]
    )


@pytest.mark.parametrize(
    ("trained", "words"),
    [("sd_v1", "is for Stable Diffusion 1.5, not for SDXL"), ("sdxl_base_v1-0", ""), ("", "")],
)
def test_a_server_elsewhere_is_asked_what_a_lora_was_trained_for(comfyui, trained, words):
    def metadata(folder, name):
        assert (folder, name) == ("loras", LORA)
        return {"ss_base_model_version": trained}

    graph = Graph.load("simple")
    findings = preflight.look(graph, "simple", whole(comfyui), GPU, metadata=metadata).problems
    assert len(findings) == bool(words)
    assert words in "".join(findings)


def test_a_truncated_file_is_refused(comfyui, models):
    path = models / "loras" / LORA
    path.write_bytes(path.read_bytes()[:-1000])
    (problem,) = problems(simple(), comfyui, models)
    assert LORA in problem
    assert "models/loras" in problem


def test_a_pickle_with_code_in_it_is_refused_and_not_run(comfyui, models, tmp_path):
    mark = tmp_path / "ran"
    code = f"cposix\nsystem\n(S'touch {mark}'\ntR."
    (models / "checkpoints" / "evil.ckpt").write_bytes(code.encode())
    (problem,) = problems(simple(checkpoint="evil.ckpt"), comfyui, models)
    assert "evil.ckpt would run code when it is loaded (posix.system)" in problem
    assert not mark.exists()


def guided_info(comfyui):
    packs = json.loads((ROOT / "tools/recorded/ipadapter_plus.json").read_text("utf-8"))
    info = comfyui(
        ckpt_name=[SDXL],
        lora_name=[LORA, "ip-adapter-faceid-plusv2_sdxl_lora.safetensors"],
        clip_name=[VIT_H],
        control_net_name=["xinsir-controlnet-openpose-sdxl-1.0.safetensors"],
    )
    for name, node in packs["nodes"].items():
        required = {
            n: [["ip-adapter-faceid-plusv2_sdxl.bin"] if n == "ipadapter_file" else "*"]
            for n, i in node["inputs"].items()
            if i["required"]
        }
        outputs = [output["type"] for output in node["outputs"]]
        info[name] = {"input": {"required": required}, "output": outputs}
    return info


def test_the_face_pack_and_its_package_are_asked_for_before_they_are_downloaded(comfyui, tmp_path):
    info, python = guided_info(comfyui), Path(sys.executable)
    (problem,) = preflight.look(
        Graph.load("guided"), "guided", info, GPU, tmp_path, python
    ).problems
    assert "models/insightface/models/buffalo_l is missing (0.29 GB, insightface's" in problem
    write_pack(tmp_path / "insightface" / "models" / "buffalo_l")
    findings = preflight.look(Graph.load("guided"), "guided", info, GPU, tmp_path, python)
    assert findings.problems == []


def test_a_small_gpu_is_offered_simple_and_may_be_forced(comfyui):
    stats = {"devices": [{"type": "cuda", "name": "Card 8", "vram_total": 8 * 2**30}]}
    findings = preflight.look(Graph.load("guided"), "guided", guided_info(comfyui), stats)
    with pytest.raises(RunnerError) as caught:
        findings.refuse("guided")
    assert caught.value.code == "gpu_too_small"
    assert "needs about 16 GB" in caught.value.message
    assert "Card 8 has 8.0" in caught.value.message
    assert "--mode simple" in caught.value.hint
    findings.refuse("guided", force=True)
    assert preflight.look(Graph.load("simple"), "simple", whole(comfyui), stats).too_small == ""


def test_a_machine_without_gpu_is_told_that_it_takes_long(comfyui):
    stats = {"devices": [{"type": "cpu", "name": "cpu", "vram_total": 2**34}]}
    findings = preflight.look(Graph.load("simple"), "simple", whole(comfyui), stats)
    assert "no GPU" in findings.notices[0]
    assert preflight.look(Graph.load("draft"), "draft", whole(comfyui), stats).notices == []

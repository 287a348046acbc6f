"""Synthetic weights: true layouts, shared storages, the same bytes every time."""

from __future__ import annotations

import json

import pytest
import torch
from aldar_storyboard.runner.server.comfyui import ComfyUI
from aldar_storyboard.tests.forge import FILES, TRIMMED, forge
from aldar_storyboard.tests.forge.adapters import RANK, faceid_adapter, text_lora, unet_lora
from aldar_storyboard.tests.forge.encoders import (
    CLIP_G,
    CLIP_L,
    VIT_H,
    open_clip_text,
    taesd,
    text,
    vision,
)
from aldar_storyboard.tests.forge.files import write_torch
from aldar_storyboard.tests.forge.trimmed import trimmed
from aldar_storyboard.tests.forge.unets import SD15, SDXL, unet
from aldar_storyboard.tests.forge.weights import Weight, parameters
from safetensors import safe_open

LAYER = "lora_unet_input_blocks_4_1_transformer_blocks_0_attn1_to_q"


@pytest.mark.parametrize(
    ("spec", "tensors", "count"),
    [
        (unet(SDXL), 1680, 2_567_463_684),
        (unet(SD15), 686, 859_520_964),
        (text(CLIP_L), 196, 123_060_480),
        (open_clip_text(CLIP_G), 390, 694_659_841),
        (vision(VIT_H), 520, 632_076_800),
        (taesd(1.0), 136, 2_445_065),
    ],
    ids=["sdxl", "sd15", "clip_l", "clip_g", "vit_h", "taesd"],
)
def test_layouts_at_full_size_count_the_tensors_and_parameters_of_the_real_files(
    spec, tensors, count
):
    assert (len(spec), parameters(spec)) == (tensors, count)


def test_a_lora_for_real_sdxl_has_the_modules_kohya_counts():
    parts = [unet_lora(SDXL), text_lora("te1", CLIP_L), text_lora("te2", CLIP_G)]
    assert [len(part) for part in parts] == [3 * 722, 3 * 72, 3 * 192]
    assert parts[0][f"{LAYER}.lora_down.weight"].shape == (RANK, 640)


def test_a_thin_unet_keeps_every_attention_at_its_place():
    def places(spec):
        return {name.split(".transformer_blocks.")[0] for name in spec if ".attn2." in name}

    for shape in (SDXL, SD15):
        assert places(unet(shape.thin())) == places(unet(shape))
        assert parameters(unet(shape.thin())) < parameters(unet(shape)) / 5


@pytest.mark.parametrize(("shape", "layers"), [(SDXL, 70), (SD15, 16)])
def test_an_adapter_numbers_its_layers_as_for_the_full_unet(shape, layers):
    full = faceid_adapter(shape, VIT_H)["ip_adapter"]
    keys = {name for name in full if name.endswith(".to_k_ip.weight")}
    assert keys == {f"{2 * n + 1}.to_k_ip.weight" for n in range(layers)}
    assert set(faceid_adapter(shape.thin(), VIT_H)["ip_adapter"]) <= set(full)


def test_the_whole_set_is_small_and_always_the_same(tmp_path):
    first, second = forge(tmp_path / "a"), forge(tmp_path / "b")
    assert sum(path.stat().st_size for path in first.values()) < 40e6
    for name in FILES:
        assert first[name].read_bytes() == second[name].read_bytes()


def test_weights_are_what_the_spec_says_and_load_without_running_code(tmp_path):
    spec = {
        "dense": Weight((2000, 640), 0.04),
        "table": Weight((49408, 1280), 1.0),
        "kernel": Weight((320, 320, 3, 3), 0.02),
        "ones": Weight((320,), value=1.0),
        "scale": Weight((), value=0.02),
    }
    write_torch(tmp_path / "x.bin", {"outer": spec})
    loaded = torch.load(tmp_path / "x.bin", weights_only=True)["outer"]
    for name, weight in spec.items():
        tensor = loaded[name].float()
        assert tensor.shape == weight.shape
        assert torch.isfinite(tensor).all()
        if weight.std:
            assert tensor.std().item() == pytest.approx(weight.std, rel=0.12)
            assert len(torch.unique(tensor[:50].flatten(1), dim=0)) == 50  # no two rows alike
        else:
            assert (tensor == torch.tensor(weight.value).half().float()).all()
    assert loaded["dense"].data_ptr() != loaded["kernel"].data_ptr()


def test_a_weight_does_not_depend_on_its_neighbours(tmp_path):
    weight, other = Weight((64, 64), 0.1), Weight((64, 64), 0.5)
    write_torch(tmp_path / "1.bin", {"a": weight, "b": weight})
    write_torch(tmp_path / "2.bin", {"c": other, "b": weight})
    first, second = (torch.load(tmp_path / f"{n}.bin") for n in (1, 2))
    assert torch.equal(first["b"], second["b"])
    assert not torch.equal(first["a"], first["b"])


def test_a_lora_tells_what_it_was_trained_for(tmp_path):
    name = "loras/aldar_kose_v5.safetensors"
    path = forge(tmp_path, [name], TRIMMED)[name]
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        assert file.get_tensor(f"{LAYER}.alpha").ndim == 0
    assert metadata["ss_base_model_version"] == "sdxl_base_v1-0"
    assert "aldar_kose_man" in json.loads(metadata["ss_tag_frequency"])["10_aldar_kose_man"]


def test_an_unknown_name_is_refused(tmp_path):
    with pytest.raises(KeyError):
        forge(tmp_path, ["loras/other.safetensors"])


def test_a_trimmed_copy_differs_in_three_files_and_leaves_the_original_alone(tmp_path):
    config = {
        "hidden_size": 1280,
        "intermediate_size": 5120,
        "num_attention_heads": 16,
        "num_hidden_layers": 32,
        "projection_dim": 1024,
        "hidden_act": "gelu",
    }
    original = tmp_path / "original"
    (original / "comfy").mkdir(parents=True)
    (original / "main.py").write_text("code")
    names = ("sd1_clip_config.json", "clip_config_bigg.json", "clip_vision_config_h.json")
    for name in (*names, "clip_vision_config_g.json"):
        (original / "comfy" / name).write_text(json.dumps(config))
    copy = trimmed(ComfyUI(original, tmp_path, "embedded"), tmp_path / "copy")
    assert (copy.base, copy.origin) == (tmp_path, "embedded")
    changed = {
        path.name: json.loads(path.read_text())
        for path in copy.path.rglob("*")
        if path.is_file()
        and path.read_bytes() != (original / path.relative_to(copy.path)).read_bytes()
    }
    assert set(changed) == set(names)
    assert changed["clip_vision_config_h.json"] == config | {
        "hidden_size": 64,
        "intermediate_size": 64,
        "num_attention_heads": 1,
        "num_hidden_layers": 31,
    }
    for name in names:
        assert json.loads((original / "comfy" / name).read_text()) == config

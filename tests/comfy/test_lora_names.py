"""The names of LoRA layers that the real ComfyUI maps are those that the preflight lets pass."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from aldar_storyboard.runner.models.lora import TEXT, UNET
from aldar_storyboard.runner.server import comfyui
from aldar_storyboard.tests.forge.encoders import CLIP_G, CLIP_L, text
from aldar_storyboard.tests.forge.unets import SD15, SDXL, unet

PROBE = """
import json, sys
from types import SimpleNamespace
from aldar_storyboard.runner.server.launch import declare_torchvision_operators
declare_torchvision_operators()
tree, given = sys.argv[1], json.load(sys.stdin)
for name in [name for name in sys.modules if name.split(".")[0] == "nodes"]:
    del sys.modules[name]
sys.path.insert(0, tree)
sys.argv = ["main.py", "--cpu"]
import comfy.options
comfy.options.enable_args_parsing()
import comfy.lora
model = SimpleNamespace(
    state_dict=lambda: dict.fromkeys(given["unet"]),
    model_config=SimpleNamespace(unet_config=given["config"]),
)
clip = SimpleNamespace(state_dict=lambda: dict.fromkeys(given["text"]))
unet, text = comfy.lora.model_lora_keys_unet(model, {}), comfy.lora.model_lora_keys_clip(clip, {})
print(json.dumps([list(unet), list(text)]))
"""
CONFIG = {
    "sdxl": {
        "num_res_blocks": [2, 2, 2],
        "channel_mult": [1, 2, 4],
        "transformer_depth": [0, 0, 2, 2, 10, 10],
        "transformer_depth_output": [0, 0, 0, 2, 2, 2, 10, 10, 10],
        "transformer_depth_middle": 10,
    },
    "sd15": {
        "num_res_blocks": [2, 2, 2, 2],
        "channel_mult": [1, 2, 4, 4],
        "transformer_depth": [1, 1, 1, 1, 1, 1, 0, 0],
        "transformer_depth_output": [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0],
        "transformer_depth_middle": 1,
    },
}


@pytest.mark.parametrize("base", ["sdxl", "sd15"])
def test_what_comfyui_maps_is_what_passes(embedded: comfyui.ComfyUI, base: str):
    encoders = {"clip_l": CLIP_L} | ({"clip_g": CLIP_G} if base == "sdxl" else {})
    given = {
        "unet": [f"diffusion_model.{name}" for name in unet(SDXL if base == "sdxl" else SD15)],
        "config": CONFIG[base],
        "text": [
            f"{part}.transformer.{name}" for part, size in encoders.items() for name in text(size)
        ],
    }
    done = subprocess.run(
        [str(embedded.python), "-c", PROBE, str(embedded.path)],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    assert done.returncode == 0, done.stderr
    layers, texts = json.loads(done.stdout.splitlines()[-1])
    assert len(layers) > 2000
    assert [name for name in layers if not UNET.fullmatch(name) and not name.endswith("bias")] == []
    assert len(texts) > 100
    assert [name for name in texts if not TEXT.fullmatch(name)] == []
    mapped = {*layers, *texts}
    ours = {name for name in layers if UNET.fullmatch(name)}
    foreign = {name.replace("processor.to_", "to_") for name in ours if "processor" in name}
    assert not any(UNET.fullmatch(name) for name in foreign - mapped)

"""Which names of a LoRA's layers ComfyUI knows: what it does not know has no effect."""

from __future__ import annotations

import pytest
from aldar_storyboard.runner.models.lora import fit

ATTENTION = "down_blocks.1.attentions.0.transformer_blocks.1.attn2.to_k"
FORWARD = "down_blocks.1.attentions.0.transformer_blocks.1.ff.net.0.proj"
FLAT = ATTENTION.replace(".", "_")
PROCESSOR = ATTENTION.replace(".to_", ".processor.to_")
TE = "text_model.encoder.layers.3.self_attn.q_proj"
FLAT_TE = TE.replace(".", "_")


def both(layer: str, up: str = ".lora_up.weight", down: str = ".lora_down.weight") -> list[str]:
    return [layer + up, layer + down]


PEFT = (".lora_B.weight", ".lora_A.weight")


@pytest.mark.parametrize(
    "names",
    [
        both(f"lora_unet_{FLAT}") + [f"lora_unet_{FLAT}.alpha"],
        both("lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_out_0"),
        both("lora_unet_output_blocks_2_2_conv"),
        both("lora_unet_mid_block_resnets_0_conv1"),
        both(f"lora_te1_{FLAT_TE}") + both(f"lora_te2_{FLAT_TE}"),
        both("lora_te2_text_projection"),
        [f"lora_unet_{FLAT}.hada_w1_a", f"lora_unet_{FLAT}.hada_w2_b", f"lora_unet_{FLAT}.alpha"],
        [f"lycoris_{FLAT}.lokr_w1", f"lycoris_{FLAT}.lokr_w2_a", f"lycoris_{FLAT}.lokr_w2_b"],
        both(f"lora_unet_{FLAT}") + [f"lora_unet_{FLAT}.dora_scale"],
        both(f"unet.{PROCESSOR}", "_lora.up.weight", "_lora.down.weight"),
        both(PROCESSOR, "_lora.up.weight", "_lora.down.weight"),
        both(f"unet.{FORWARD}", *PEFT),
        both(f"diffusion_model.{'input_blocks.4.1.transformer_blocks.0.attn2.to_k'}", *PEFT),
        both(
            f"text_encoder.{TE}", ".lora_linear_layer.up.weight", ".lora_linear_layer.down.weight"
        ),
        both(f"text_encoder_2.{TE}", *PEFT),
    ],
)
def test_what_comfyui_maps_passes(names: list[str]):
    fitting = fit(names, "sdxl")
    assert (fitting.problem("x"), fitting.notice("x"), fitting.lost) == ("", "", ())
    assert fitting.loaded


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (both(f"base_model.model.{ATTENTION}", *PEFT), "as PEFT does"),
        (both(f"base_model.model.unet.{ATTENTION}", *PEFT), "as PEFT does"),
        (both(f"unet.{ATTENTION}", *PEFT), "as diffusers does"),
        (both(f"unet.{ATTENTION}", ".lora_B.default_0.weight", ".lora_A.default_0.weight"), "diff"),
        (both(f"unet.base_model.model.{ATTENTION}", *PEFT), "as diffusers does"),
        (both(ATTENTION, *PEFT), "as diffusers does"),
        (both(f"transformer.{ATTENTION}", *PEFT), "for a transformer"),
        (both("transformer.transformer_blocks.0.attn.to_k", *PEFT), "for a transformer"),
        ([f"lycoris_unet_{FLAT}.lokr_w1", f"lycoris_unet_{FLAT}.lokr_w2"], "as LyCORIS does"),
        (both(f"text_encoder.base_model.model.{TE}", *PEFT), "as diffusers does"),
        (both(f"lora_unet_down_blocks_1_{FLAT}"), "such as lora_unet_"),
        ([f"unet.{ATTENTION}.lora_magnitude_vector.weight"], "as diffusers does"),
        (["model.diffusion_model.input_blocks.0.0.weight"], "such as model."),
        ([], "holds no layer of a LoRA"),
        ([f"lora_unet_{FLAT}.alpha"], "holds no layer of a LoRA"),
    ],
)
def test_what_comfyui_leaves_out_is_refused_by_the_form_of_its_names(names: list[str], said: str):
    problem = fit(names, "sdxl").problem("x.safetensors")
    assert said in problem
    assert problem.startswith("x.safetensors ")


def test_a_lora_that_is_loaded_in_part_is_refused_if_most_is_lost_and_else_told():
    attention = [
        name
        for part in ("to_q", "to_k", "to_v")
        for name in both(f"unet.{ATTENTION.replace('to_k', part)}", *PEFT)
    ]
    mostly_lost = fit(attention + both(f"unet.{FORWARD}", *PEFT), "sdxl")
    assert "knows only 1 of the 4 names" in mostly_lost.problem("x")
    kohya = both(f"lora_unet_{FLAT}") + both(f"lora_te1_{FLAT_TE}") + ["bundle_emb.x.clip_l"]
    mostly_there = fit(kohya, "sdxl")
    assert mostly_there.problem("x") == ""
    assert "leaves out 1 of the 3 layers of x" in mostly_there.notice("x")


def test_a_second_text_encoder_is_sdxls_alone():
    names = both(f"lora_te2_{FLAT_TE}")
    assert fit(names, "sdxl").loaded == 1
    assert "without effect" in fit(names, "sd15").problem("x")


def test_a_lora_of_text_encoders_does_nothing_for_a_model_alone():
    names = both(f"lora_te1_{FLAT_TE}")
    assert fit(names, "sdxl", model_only=True).problem("x") == (
        "x changes text encoders only, and is loaded into the model alone"
    )
    whole = fit(names + both(f"lora_unet_{FLAT}"), "sdxl", model_only=True)
    assert (whole.loaded, whole.problem("x"), whole.notice("x")) == (1, "", "")

"""The kohya configs against what sd-scripts v0.10.1 really takes, and against the recipes.

sd-scripts itself accepts misspelt options and wrong types without a word.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "training" / "configs"
TRAINING = ("aldar_lora_s34", "kohya_s43")
DATASETS = ("aldar_lora_s34_dataset", "few_images_dataset", "kohya_s43_dataset")
ARGUMENTS = json.loads((ROOT / "tests" / "data" / "sd_scripts_args.json").read_text("utf-8"))[
    "arguments"
]

SECTIONS = {
    "network": r"network_.*",
    "data": r"resolution|train_batch_size|max_token_length|random_crop|flip_aug"
    r"|prior_loss_weight|cache_.*",
    "optimizer": r"optimizer_.*|.*learning_rate|lr_.*|max_grad_norm",
    "training": r"max_train_.*|seed|mixed_precision|no_half_vae|sdpa|gradient_.*",
    "saving": r"output_name|save_.*|metadata_.*",
    "logging": r"logging_dir|log_.*",
}
"""Section -> the options that belong in it."""

# What library/config_util.py of sd-scripts takes at each level of a dataset file.
SUBSET = {
    "image_dir": str,
    "is_reg": bool,
    "class_tokens": str,
    "caption_extension": str,
    "num_repeats": int,
}
DATASET = {
    "enable_bucket": bool,
    "min_bucket_reso": int,
    "max_bucket_reso": int,
    "bucket_reso_steps": int,
    "subsets": list,
}
PYTHON = {"str": (str,), "int": (int,), "float": (float,), "int_or_float": (int, float)}


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((CONFIGS / f"{name}.toml").read_text("utf-8"))


def options(name: str) -> dict[str, Any]:
    """A training config as sd-scripts flattens it."""
    sections = read(name)
    return {key: value for section in sections.values() for key, value in section.items()}


def fits(value: Any, argument: dict[str, Any]) -> bool:
    """Whether a value is what the option's parser would have made of it."""
    if argument.get("action") == "store_true":
        return isinstance(value, bool)
    wanted = PYTHON[argument["type"]]
    if argument.get("nargs") == "*":
        return isinstance(value, list) and all(type(item) in wanted for item in value)
    return type(value) in wanted and value in argument.get("choices", [value])


@pytest.mark.parametrize("name", TRAINING)
def test_every_option_exists_with_its_type(name: str):
    given = options(name)
    assert [key for key in given if key not in ARGUMENTS] == [], "sd-scripts has no such option"
    wrong = {key: value for key, value in given.items() if not fits(value, ARGUMENTS[key])}
    assert wrong == {}, "wrong type or choice"


@pytest.mark.parametrize("name", TRAINING)
def test_every_option_stands_once_and_in_its_section(name: str):
    sections = read(name)
    assert list(sections) == list(SECTIONS)
    for section, values in sections.items():
        assert [key for key in values if not re.fullmatch(SECTIONS[section], key)] == []
    assert len(options(name)) == sum(map(len, sections.values())), "the last of two would win"


@pytest.mark.parametrize("name", TRAINING)
def test_captions_are_not_changed_where_their_embeddings_are_cached(name: str):
    given = options(name)
    assert given["cache_text_encoder_outputs"] and given["network_train_unet_only"]
    changed = {"shuffle_caption", "caption_dropout_rate", "caption_tag_dropout_rate"}
    assert not changed & set(given)


@pytest.mark.parametrize("name", TRAINING)
def test_configs_name_no_place_of_a_machine(name: str):
    paths = {"pretrained_model_name_or_path", "dataset_config", "output_dir", "vae"}
    assert not paths & set(options(name))


@pytest.mark.parametrize("name", DATASETS)
def test_dataset_files_hold_what_sd_scripts_takes(name: str):
    config = read(name)
    assert set(config) == {"datasets"}
    for dataset in config["datasets"]:
        assert {key: type(value) for key, value in dataset.items()}.items() <= DATASET.items()
        assert dataset.get("bucket_reso_steps", 64) % 32 == 0, "SDXL needs multiples of 32"
        for subset in dataset["subsets"]:
            assert {key: type(value) for key, value in subset.items()}.items() <= SUBSET.items()
            assert subset["caption_extension"] == ".txt", "the default is .caption"


def test_regularisation_images_are_marked_and_weighted_where_it_counts():
    own, other = read("few_images_dataset")["datasets"][0]["subsets"]
    assert not own.get("is_reg", False)
    assert other["is_reg"] and other["class_tokens"] == "man"
    assert options("aldar_lora_s34")["prior_loss_weight"] == 1.0


def test_s34_numbers():
    """Mission row S3.4."""
    given = options("aldar_lora_s34")
    expected = {
        "network_dim": 64,
        "network_alpha": 32.0,
        "network_dropout": 0.1,
        "train_batch_size": 4,
        "max_train_steps": 1000,
        "learning_rate": 1e-4,
        "lr_scheduler": "cosine",
        "lr_warmup_steps": 100,
        "optimizer_type": "AdamW",
        "optimizer_args": ["weight_decay=0.01"],
        "max_grad_norm": 1.0,
        "mixed_precision": "fp16",
        "resolution": "1024,1024",
        "random_crop": False,
        "flip_aug": False,
        "seed": 42,
        "save_every_n_steps": 100,
    }
    assert given.items() >= expected.items()
    assert read("aldar_lora_s34_dataset")["datasets"][0]["enable_bucket"] is False


def test_s34_adapts_queries_and_values_only():
    """LyCORIS matches its target names from the start of a layer's name, as ``re.match`` does."""
    arguments = dict(item.split("=", 1) for item in options("aldar_lora_s34")["network_args"])
    assert arguments == {"algo": "lora", "bypass_mode": "True", "preset": "to_q_to_v.toml"}
    preset = read("to_q_to_v")
    assert preset["unet_target_module"] == preset["text_encoder_target_module"] == []
    assert preset["text_encoder_target_name"] == [] and preset["enable_conv"] is False
    block = "input_blocks.4.1.transformer_blocks.0"
    layers = {
        f"{block}.{attention}.{layer}"
        for attention in ("attn1", "attn2")
        for layer in ("to_q", "to_k", "to_v", "to_out.0")
    } | {f"{block}.ff.net.2", "input_blocks.4.1.proj_in", "time_embed.0"}
    matched = {
        layer
        for layer in layers
        if any(re.match(pattern, layer) for pattern in preset["unet_target_name"])
    }
    assert matched == {f"{block}.attn{n}.{layer}" for n in (1, 2) for layer in ("to_q", "to_v")}


def test_s43_numbers():
    """Mission row S4.3: 20 epochs x 20 images x 10 repeats = 4000 steps."""
    given = options("kohya_s43")
    expected = {"network_dim": 32, "network_alpha": 32.0, "learning_rate": 1e-4}
    assert given.items() >= expected.items()
    repeats = read("kohya_s43_dataset")["datasets"][0]["subsets"][0]["num_repeats"]
    images_per_step = given["train_batch_size"]
    assert given["max_train_epochs"] * 20 * repeats // images_per_step == 4000


@pytest.mark.parametrize("name", [*TRAINING, *DATASETS, "to_q_to_v"])
def test_readme_names_every_file(name: str):
    assert f"{name}.toml" in (ROOT / "training" / "README.md").read_text("utf-8")

"""The prompt score: open-clip with local weights, or a reason why there is none."""

import json
import shutil
from types import SimpleNamespace

import pytest
import torch
from aldar_storyboard.runner.server.launch import declare_torchvision_operators
from aldar_storyboard.storyboard.gate.measure import prompt
from aldar_storyboard.storyboard.tensors.images import to_tensor
from aldar_storyboard.tests.faces import people, scene
from safetensors.torch import save_file

CONFIG = {
    "embed_dim": 32,
    "vision_cfg": {"image_size": 32, "layers": 1, "width": 32, "patch_size": 16, "head_width": 16},
    "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": 1},
}


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """A models folder with a tiny, untrained open-clip model called ``tiny``."""
    declare_torchvision_operators()
    import open_clip

    models = tmp_path_factory.mktemp("models")
    folder = models / "open_clip" / "tiny"
    folder.mkdir(parents=True)
    (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": CONFIG}))
    torch.manual_seed(0)
    model = open_clip.CLIP(**CONFIG)
    save_file(dict(model.state_dict()), folder / "open_clip_model.safetensors")
    return models


@pytest.fixture
def text_image(models):
    opened = prompt.open_models("tiny", models)
    assert isinstance(opened, prompt.TextImage), opened
    return opened


def test_every_picture_gets_a_score_for_its_words(text_image):
    pictures = [to_tensor(people()["hopper"]), to_tensor(scene())]
    values = text_image.scores(pictures, ["a naval officer", "a cup of coffee"])
    assert all(0 <= value <= 1 for value in values)
    assert text_image.scores(pictures[:1], ["a naval officer"]) == pytest.approx(
        values[:1], abs=1e-4
    )
    other = text_image.scores(pictures[:1], ["a white horse"])
    assert other != pytest.approx(values[:1], abs=1e-4)


def test_damaged_weights_give_no_score(text_image):
    damaged = SimpleNamespace(
        encode_image=lambda batch, normalize: torch.full((len(batch), 32), torch.nan),
        encode_text=text_image._model.encode_text,
    )
    broken = prompt.TextImage(damaged, text_image._transform, text_image._tokenizer)
    assert broken.scores([to_tensor(scene())], ["a cup of coffee"]) == [None]


def test_words_are_encoded_once(text_image, monkeypatch):
    encoded = []
    encode = text_image._encode
    monkeypatch.setattr(text_image, "_encode", lambda text: encoded.append(text) or encode(text))
    for _ in range(3):
        text_image.scores([to_tensor(scene())], ["a text nobody wrote before"])
    assert encoded == ["a text nobody wrote before"]


def test_weights_that_are_missing_or_damaged_are_named(models, tmp_path):
    for index, damage in enumerate((None, b"no weights")):
        folder = tmp_path / "open_clip" / f"broken{index}"
        folder.mkdir(parents=True)
        (folder / "open_clip_config.json").write_text(json.dumps({"model_cfg": CONFIG}))
        if damage:
            (folder / "open_clip_model.safetensors").write_bytes(damage)
        opened = prompt.open_models(f"broken{index}", tmp_path)
        assert isinstance(opened, str)
        assert "cannot be loaded" in opened


def test_weights_that_could_not_be_loaded_are_tried_again(models, tmp_path):
    folder = tmp_path / "open_clip" / "tiny"
    shutil.copytree(models / "open_clip" / "tiny", folder)
    weights = folder / "open_clip_model.safetensors"
    away = weights.rename(tmp_path / "away")
    assert isinstance(prompt.open_models("tiny", tmp_path), prompt.Unloaded)
    away.rename(weights)
    assert isinstance(prompt.open_models("tiny", tmp_path), prompt.TextImage)


@pytest.mark.parametrize("name", ["../secret", "/etc", "a/b", "..", "C:\\x"])
def test_a_name_never_leads_out_of_the_models_folder(tmp_path, name):
    assert "is not the name of a folder" in str(prompt.open_models(name, tmp_path))
    assert prompt.text_version(name, tmp_path) == "none"


def test_no_name_and_a_wrong_name_say_so(tmp_path, models):
    assert prompt.open_models("", tmp_path) == "no text-image model is named"
    assert "there is no open_clip_config.json" in str(prompt.open_models("gone", tmp_path))
    assert prompt.text_version("tiny", models) == "tiny"
    assert prompt.text_version("gone", models) == "none"

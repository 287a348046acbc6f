"""What a file of weights is, told without loading it, and why ComfyUI could not use it."""

from __future__ import annotations

import io
import json
import os
import pickle
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from aldar_storyboard.runner.models.inspect import examine
from aldar_storyboard.runner.models.pickles import ALLOWED
from aldar_storyboard.tests.faces.onnx_pack import write_pack
from aldar_storyboard.tests.forge import FILES, STOCK, forge
from picklescan.scanner import scan_pickle_bytes
from safetensors.torch import save_file

Shapes = dict[str, tuple[int, ...]]


@pytest.fixture(scope="module")
def forged(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return forge(tmp_path_factory.mktemp("models"), scale=STOCK)


def weights(shapes: Shapes) -> dict[str, torch.Tensor]:
    return {name: torch.zeros(shape) for name, shape in shapes.items()}


def written(path: Path, shapes: Shapes, metadata: dict[str, str] | None = None) -> Path:
    save_file(weights(shapes), path, metadata)
    return path


# What it is


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_known_for_what_it_is(forged: dict[str, Path], name: str):
    folder = name.split("/")[0]
    file = examine(forged[name])
    assert file.whole, file.problem
    assert file.code == ()
    assert file.role == folder.removesuffix("s")
    if folder == "clip_vision":
        assert file.architecture == "vit_h"
    else:
        assert file.architecture == ("sd15" if "sd15" in name else "sdxl")


@pytest.mark.parametrize(
    "name", ["loras/aldar_kose_v5.safetensors", "ipadapter/ip-adapter-faceid-plusv2_sdxl.bin"]
)
def test_a_file_of_another_architecture_is_refused_with_the_reason(forged: dict[str, Path], name):
    file = examine(forged[name])
    assert file.unfit("sdxl") == ""
    assert file.unfit("sd15") == (
        f"{Path(name).name} is for SDXL, not for Stable Diffusion 1.5: "
        "its cross attention reads text 2048 wide."
    )


DOWN = "lora_unet_{}_transformer_blocks_{}_{}.lora_down.weight"
PEFT = "{}.attentions.0.transformer_blocks.0.{}.weight"
TEXT = "lora_{}_text_model_encoder_layers_0_self_attn_q_proj.lora_down.weight"
CONVOLUTION = "lora_unet_mid_block_resnets_0_conv1.lora_down.weight"


@pytest.mark.parametrize(
    ("architecture", "name", "inputs"),
    [
        ("sdxl", DOWN.format("input_blocks_4_1", 0, "attn2_to_k"), 2048),
        ("sd15", DOWN.format("down_blocks_1_attentions_0", 0, "attn2_to_v"), 768),
        ("sd2", DOWN.format("down_blocks_1_attentions_0", 0, "attn2_to_v"), 1024),
        ("sdxl", PEFT.format("unet.down_blocks.2", "attn2.to_v.lora_A"), 2048),
        ("sd15", PEFT.format("base_model.model.up_blocks.1", "attn2.to_k.lora_A.default"), 768),
        ("sd15", PEFT.format("down_blocks.0", "attn2.processor.to_k_lora.down"), 768),
        ("sdxl", "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_k.hada_w1_b", 2048),
        # nothing but self attention: the depth tells
        ("sdxl", DOWN.format("input_blocks_7_1", 9, "attn1_to_q"), 1280),
        ("sdxl", DOWN.format("down_blocks_2_attentions_0", 3, "attn1_to_q"), 1280),
        ("sd15", DOWN.format("down_blocks_0_attentions_1", 0, "attn1_to_q"), 320),
        # nothing but text encoders
        ("sdxl", TEXT.format("te2"), 1280),
        ("sd15", TEXT.format("te"), 768),
        # no U-Net at all
        ("flux", "lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", 3072),
        ("flux", "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight", 3072),
        ("other", "diffusion_model.blocks.0.cross_attn.k.lora_A.weight", 5120),
        ("unknown", CONVOLUTION, 1280),
    ],
)
def test_a_lora_tells_its_architecture_whoever_trained_it(
    tmp_path: Path, architecture: str, name: str, inputs: int
):
    file = examine(written(tmp_path / "x.safetensors", {name: (4, inputs)}))
    assert (file.role, file.architecture) == ("lora", architecture)
    assert bool(file.evidence) == (architecture != "unknown")


@pytest.mark.parametrize(
    ("architecture", "key", "word"),
    [
        ("sdxl", "ss_base_model_version", "sdxl_base_v1-0"),
        ("sd15", "ss_base_model_version", "sd_v1"),
        ("sdxl", "modelspec.architecture", "stable-diffusion-xl-v1-base/lora"),
        ("sd15", "modelspec.architecture", "stable-diffusion-v1/lora"),
        ("unknown", "modelspec.architecture", "my own"),
    ],
)
def test_the_trainers_word_counts_only_where_the_shapes_say_nothing(
    tmp_path: Path, architecture: str, key: str, word: str
):
    silent = examine(written(tmp_path / "a.safetensors", {CONVOLUTION: (4, 1280)}, {key: word}))
    assert silent.architecture == architecture
    shapes: Shapes = {DOWN.format("down_blocks_1_attentions_0", 0, "attn2_to_v"): (4, 1024)}
    assert examine(written(tmp_path / "b.safetensors", shapes, {key: word})).architecture == "sd2"


def test_what_cannot_be_told_is_not_held_against_a_file(tmp_path: Path):
    file = examine(written(tmp_path / "x.safetensors", {"some.weight": (2, 3)}))
    assert (file.role, file.architecture, file.unfit("sdxl")) == ("unknown", "unknown", "")


@pytest.mark.parametrize(
    ("role", "architecture", "shapes"),
    [
        (
            "controlnet",
            "sdxl",
            {
                "controlnet_cond_embedding.conv_in.weight": (16, 3, 3, 3),
                "down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_k.weight": (640, 2048),
            },
        ),
        ("ipadapter", "sd15", {"ip_adapter.1.to_k_ip.weight": (320, 768)}),
        ("clip_vision", "vit_bigg", {"vision_model.encoder.layers.47.layer_norm1.weight": (1664,)}),
        ("vae", "unknown", {"decoder.conv_in.weight": (512, 4, 3, 3)}),
    ],
)
def test_files_of_other_layouts_are_known_as_well(tmp_path, role, architecture, shapes):
    file = examine(written(tmp_path / "x.safetensors", shapes))
    assert (file.role, file.architecture) == (role, architecture)


# Whether it is whole


def test_a_cut_off_file_says_how_much_is_missing(forged: dict[str, Path], tmp_path: Path):
    content = forged["loras/aldar_kose_v5.safetensors"].read_bytes()
    cut = tmp_path / "cut.safetensors"
    cut.write_bytes(content[:-1000])
    file = examine(cut)
    assert not file.whole
    assert file.unfit() == "cut.safetensors is cut off: its last 1000 bytes are missing."


@pytest.mark.parametrize(
    "name", ["checkpoints/synthetic_sd15.ckpt", "ipadapter/ip-adapter-faceid-plusv2_sd15.bin"]
)
def test_a_cut_off_torch_file_is_told(forged: dict[str, Path], tmp_path: Path, name: str):
    cut = tmp_path / Path(name).name
    cut.write_bytes(forged[name].read_bytes()[:-1000])
    assert "is cut off or damaged" in examine(cut).unfit()


def test_a_cut_off_onnx_model_is_told(tmp_path: Path):
    write_pack(tmp_path)
    path = tmp_path / "w600k_r50.onnx"
    assert (examine(path).kind, examine(path).whole) == ("onnx", True)
    path.write_bytes(path.read_bytes()[:-10])
    assert examine(path).unfit() == "w600k_r50.onnx is cut off."


def header(length: int, text: bytes, data: bytes = b"") -> bytes:
    return length.to_bytes(8, "little") + text + data


GOOD = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is empty"),
        (b"\1\2", "is cut off after 2 bytes, inside its header"),
        (header(5000, b"{}"), "is cut off after 10 bytes, inside its header"),
        (header(2**62, b"{" * 50), "is no safetensors file, or its start is damaged"),
        (header(4, b"{nix"), "has a damaged header"),
        (header(2, b"[]"), "has a damaged header"),
        (header(9, b'{"a":"b"}'), "has a damaged header"),
        (header(90_000, b"[" * 90_000), "has a damaged header"),
        (header(len(GOOD), GOOD, bytes(7)), "is cut off: its last 1 bytes are missing"),
        (header(len(GOOD), GOOD, bytes(9)), "has 1 bytes too many at its end"),
        (b"<!DOCTYPE html><html>", "is a web page that was saved in place of the file"),
        (b"version https://git-lfs.github.com/", "is a pointer of Git LFS in place of the file"),
        (b"PK\3\4" + bytes(100), "is no safetensors file but a torch file with a wrong ending"),
    ],
)
def test_a_damaged_safetensors_file_says_what_is_wrong(tmp_path: Path, content: bytes, problem):
    path = tmp_path / "x.safetensors"
    path.write_bytes(content)
    assert examine(path).problem == problem


def test_a_good_header_is_no_problem(tmp_path: Path):
    path = tmp_path / "x.safetensors"
    path.write_bytes(header(len(GOOD), GOOD, bytes(8)))
    assert examine(path).whole


@pytest.mark.parametrize("content", [b"", b"hello", os.urandom(2000), b"\x80\x02" + bytes(50)])
def test_what_is_no_torch_file_is_told(tmp_path: Path, content: bytes):
    path = tmp_path / "x.ckpt"
    path.write_bytes(content)
    assert not examine(path).whole


def test_a_safetensors_file_under_another_name_is_told(tmp_path: Path):
    path = tmp_path / "x.bin"
    path.write_bytes(header(len(GOOD), GOOD, bytes(8)))
    assert examine(path).problem == "is a safetensors file with a wrong ending"


def test_another_archive_is_no_file_of_weights(tmp_path: Path):
    path = tmp_path / "x.ckpt"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert examine(path).problem == "is a zip archive, but no file of weights"


# Whether it runs code


class Evil:
    """Pickled, it makes a folder when it is loaded."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.trace),)


@pytest.mark.parametrize("zipped", [True, False], ids=["zipped", "legacy"])
def test_a_torch_file_with_code_in_it_is_refused_and_not_run(tmp_path: Path, zipped: bool):
    path, trace = tmp_path / "x.ckpt", tmp_path / "trace"
    content = {"state_dict": weights({"a.weight": (2, 2)}), "extra": Evil(trace)}
    torch.save(content, path, _use_new_zipfile_serialization=zipped)
    file = examine(path)
    assert file.code == (f"{os.name}.mkdir",)
    assert file.unfit() == f"x.ckpt would run code when it is loaded ({os.name}.mkdir)."
    assert not trace.exists()
    torch.load(path, weights_only=False)
    assert trace.exists()  # it was no harmless one


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_code_is_found_in_every_kind_of_pickle(tmp_path: Path, protocol: int):
    path, trace = tmp_path / "x.bin", tmp_path / "trace"
    path.write_bytes(pickle.dumps([Evil(trace)], protocol))
    assert examine(path).code == (f"{os.name}.mkdir",)
    assert not trace.exists()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"cos\nsystem\n(S'true'\ntR.", "os.system"),
        (b"(S'true'\nios\nsystem\n.", "os.system"),
        (
            b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R\xff",
            "os.system",
        ),  # breaks off after it
        (b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x93\x8c\x04true\x85R.", "os.system"),
        (
            b"\x80\x04\x8c\x02os\x94\x8c\x06system\x94h\x00h\x01\x93.",
            "os.system",
        ),  # remembered words
        (b"\x80\x02c__builtin__\neval\nX\x01\x00\x00\x001\x85R.", "__builtin__.eval"),
        (b"\x80\x02\x82\x05.", "an extension.5"),
        (b"\x80\x04)\x8c\x06system\x93.", "a name made up while loading"),
    ],
)
def test_no_way_of_naming_a_function_is_overlooked(tmp_path: Path, content: bytes, name: str):
    path = tmp_path / "x.ckpt"
    path.write_bytes(content)
    assert examine(path).code == (name,)


def test_a_knotted_pickle_does_not_keep_us_busy(tmp_path: Path):
    knot: dict[str, object] = {"leaf": 1}
    for _ in range(60):
        knot = {"a": knot, "b": knot}
    path = tmp_path / "x.bin"
    torch.save(knot, path)
    assert examine(path).whole


def test_names_that_torch_itself_allows_are_no_code():
    from torch._weights_only_unpickler import _get_allowed_globals

    assert [name for name in _get_allowed_globals() if not ALLOWED.fullmatch(name)] == []


def test_functions_of_torch_that_load_or_run_things_are_code():
    names = [
        "torch.load",
        "torch.hub.load",
        "torch.jit.load",
        "torch.float_power",
        "torch.classes.x",
    ]
    names += ["torch._utils._import_dotted_name", "builtins.eval", "builtins.getattr", "os.set"]
    assert [name for name in names if ALLOWED.fullmatch(name)] == []


def test_shapes_are_read_as_torch_would_load_them(tmp_path: Path):
    tensors = {
        "a": torch.zeros(3, 4),
        "nested": {"b": torch.nn.Parameter(torch.zeros(5, 1, 2)), "scalar": torch.tensor(1.0)},
        "number": 7,
    }
    for zipped in (True, False):
        path = tmp_path / f"{zipped}.bin"
        torch.save(tensors, path, _use_new_zipfile_serialization=zipped)
        assert examine(path).tensors == {"a": (3, 4), "nested.b": (5, 1, 2), "nested.scalar": ()}


# What somebody made to be in the way


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
@pytest.mark.parametrize("name", ["x.safetensors", "x.ckpt", "x.onnx"])
def test_what_is_no_file_is_told_and_not_waited_for(tmp_path: Path, name: str):
    path = tmp_path / name
    os.mkfifo(path)
    assert examine(path).unfit() == f"{name} is no regular file."
    path.unlink()
    path.symlink_to(path)
    assert examine(path).unfit().startswith(f"{name} cannot be read: ")
    path.unlink()
    path.mkdir()
    assert examine(path).unfit() == f"{name} is a folder."


@pytest.mark.parametrize("value", ["1e999", "Infinity", "NaN", "-1", "1.5", "true", '"2"', "null"])
@pytest.mark.parametrize("field", ["shape", "data_offsets"])
def test_a_number_that_is_none_is_a_damaged_header(tmp_path: Path, field: str, value: str):
    entry = {"dtype": '"F32"', "shape": "[2]", "data_offsets": "[0,8]"}
    entry[field] = entry[field].replace("2" if field == "shape" else "8", value)
    text = '{"a":{' + ",".join(f'"{name}":{said}' for name, said in entry.items()) + "}}"
    path = tmp_path / "x.safetensors"
    path.write_bytes(header(len(text), text.encode(), bytes(8)))
    assert examine(path).problem == "has a damaged header"


@pytest.mark.parametrize("offsets", [[[0, 8], [0, 8]], [[0, 8], [9, 17]], [[0, 8], [8, 12]]])
def test_tensors_that_overlap_or_do_not_fit_their_shape_are_told(tmp_path: Path, offsets):
    """ComfyUI would fail on them in the middle of a board."""
    entries = {
        f"t{n}": {"dtype": "F32", "shape": [2], "data_offsets": place}
        for n, place in enumerate(offsets)
    }
    text = json.dumps(entries).encode()
    path = tmp_path / "x.safetensors"
    path.write_bytes(header(len(text), text, bytes(offsets[-1][1])))
    assert examine(path).problem == "has a damaged header"


def test_a_header_longer_than_any_is_not_read_into_memory(tmp_path: Path):
    text = b'{"__metadata__":{"a":"' + b"x" * 90_000_000 + b'"}}'
    path = tmp_path / "x.safetensors"
    path.write_bytes(header(len(text), text))
    del text
    tracemalloc.start()
    assert examine(path).problem == "has a longer list of names than any model"
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@pytest.mark.parametrize(
    "pickled",
    [
        b"]" * 63_000_000,  # 64 KB when packed
        b"]" * 8_000_000,
        b")" + b"\x85" * 8_000_000,  # a tuple in a tuple in a tuple
        b"}U\x01a" * 300_000 + b"}" + b"s" * 300_000,  # a dict in a dict in a dict
        b"((t" * 600_000 + b"t",
        b"".join(b"cm\nf%d\n" % number for number in range(200_000)),
    ],
    ids=["far too long", "too long", "tuples", "dicts", "marks", "names"],
)
def test_a_small_file_that_unpacks_to_much_ends_soon(tmp_path: Path, pickled: bytes):
    path = tmp_path / "x.ckpt"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x/data.pkl", b"\x80\x02" + pickled + b".")
    assert path.stat().st_size < 10**6
    file = examine(path)
    assert len(file.unfit()) < 1000
    assert file.tensors == {}


def test_a_name_made_of_a_deep_knot_is_code_and_no_recursion(tmp_path: Path):
    path = tmp_path / "x.bin"
    path.write_bytes(b"\x80\x04\x8c\x02os)" + b"\x85" * 100_000 + b"\x93.")
    assert examine(path).code == ("a name made up while loading",)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_packed_in_a_way_that_has_no_bound_is_refused(tmp_path: Path, method: int):
    path = tmp_path / "x.ckpt"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x/data.pkl", b"\x80\x02}.")
    assert not examine(path).whole


@pytest.mark.parametrize("field", [b"\x08\x01", b"\x0a\x00"])
def test_an_onnx_model_of_ten_million_fields_is_none(tmp_path: Path, field: bytes):
    path = tmp_path / "x.onnx"
    path.write_bytes(field * 10_000_000)
    assert examine(path).problem == "is no ONNX model, or its start is damaged"


@pytest.mark.parametrize(
    "content",
    [
        b"\x80\x02\x82\x05.",
        b"\x80\x02ctorch\nload\nX\x01\x00\x00\x001\x85R.",
        b"\x80\x02ctorch.hub\nload\nX\x01\x00\x00\x001\x85R.",
        b"\x80\x02cpathlib\nPath.write_text\nX\x01\x00\x00\x001\x85R.",
        b"\x80\x02cmy_module\nrun\nX\x01\x00\x00\x001\x85R.",
    ],
    ids=["extension", "torch.load", "torch.hub", "pathlib", "unknown"],
)
def test_what_the_list_of_known_evils_lets_through_is_refused_here(tmp_path: Path, content: bytes):
    """Why :mod:`.pickles` is not picklescan: torch's own list of allowed names is stricter."""
    scanned = scan_pickle_bytes(io.BytesIO(content), "x.ckpt")
    assert (scanned.issues_count, scanned.scan_err) == (0, False)
    path = tmp_path / "x.ckpt"
    path.write_bytes(content)
    assert "would run code" in examine(path).unfit()


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path):
    with pytest.raises(FileNotFoundError):
        examine(tmp_path / "x.safetensors")

"""The shipped workflows on the real ComfyUI: synthetic weights, 64 x 64 pixels, three steps."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest
from aldar_storyboard.runner.run.follow import Run
from aldar_storyboard.runner.run.graph import Graph
from aldar_storyboard.runner.run.preflight import drop_lora
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.errors import RunnerError
from aldar_storyboard.storyboard.story import CastMember, Character, Position, Shot, Size, Story
from aldar_storyboard.tests.comfy.packs import PACKS
from aldar_storyboard.tests.comfy.runs import Quiet, complaints
from aldar_storyboard.tests.faces.onnx_pack import disc
from PIL import Image

MODES = ("simple", "guided", "sd15_faceid")
SIDE, STEPS = 64, 3
SYNTHETIC = {
    "sd_xl_base_1.0.safetensors": "synthetic_sdxl.ckpt",
    "v1-5-pruned-emaonly-fp16.safetensors": "synthetic_sd15.ckpt",
    "CLIP-ViT-H-14-laion2B-s32B-b79K.safetensors": "CLIP-ViT-H-14-laion2B-s32B-b79K.bin",
    "xinsir-controlnet-openpose-sdxl-1.0.safetensors": "synthetic_openpose_sdxl.pth",
}
"""Files whose synthetic form cannot have the name of the real one."""


class Studio:
    """A running ComfyUI with every model of the workflows."""

    def __init__(self, comfy) -> None:
        self.client, self.base = comfy.client, comfy.base
        self._log, self._earlier = comfy.log, len(comfy.log.read_text("utf-8"))

    @property
    def log(self) -> str:
        """What ComfyUI printed since."""
        return self._log.read_text("utf-8")[self._earlier :]

    def workflow(self, mode: str, board: str, story: Story | None = None, **steps) -> Graph:
        """A shipped workflow, made small."""
        graph = Graph.load(mode)
        for node in graph.nodes.values():
            for name, value in node["inputs"].items():
                if isinstance(value, str):
                    node["inputs"][name] = SYNTHETIC.get(value, value)
        graph.set("Frames", board=board)
        if "draft" not in mode:
            graph.set("Latent", side=SIDE)
            graph.set("Steps", steps=STEPS)
        if story is not None:
            graph.nodes[graph.find("Story")] = {
                "class_type": "AldarLoadStory",
                "inputs": {"json": story.to_json()},
                "_meta": {"title": "Story"},
            }
        return graph

    def run(self, graph: Graph) -> Board:
        """Run a workflow to its good end."""
        Run(self.client, graph, Quiet()).outputs()
        return Board.load(self.folder(graph))

    def folder(self, graph: Graph) -> Path:
        return self.base / "output" / graph.get("Frames", "board")

    def report(self, graph: Graph):
        return json.loads((self.folder(graph) / "report.json").read_text("utf-8"))

    def frames(self, graph: Graph) -> list[np.ndarray]:
        paths = sorted((self.folder(graph) / "frames").glob("frame_*.png"))
        return [np.asarray(Image.open(path).convert("RGB"), np.float32) for path in paths]

    def picture(self, name: str, image: Image.Image) -> str:
        """Put a picture into the input folder."""
        image.save(self.base / "input" / name)
        return name


@pytest.fixture(scope="module")
def studio(comfy):
    return Studio(comfy)


def cast(*ids: str) -> list[CastMember]:
    places = (Position.LEFT, Position.RIGHT) if len(ids) > 1 else (Position.CENTER,)
    return [CastMember(character=i, position=p) for i, p in zip(ids, places, strict=False)]


def story(*casts: tuple[str, ...]) -> Story:
    """One medium close-up for each cast."""
    shots = [
        Shot(number=n, place="steppe", action="a", size=Size.MEDIUM_CLOSE_UP, cast=cast(*ids))
        for n, ids in enumerate(casts, 1)
    ]
    people = [Character(id=i, name=i.title(), description="a man") for i in ("aldar", "bai")]
    return Story(title="t", logline="l", characters=people, shots=shots)


def refer(studio: Studio, graph: Graph, *pictures: Image.Image) -> None:
    """Give a workflow pictures of its first characters."""
    batch = ""
    for number, picture in enumerate(pictures, 1):
        mark = zlib.crc32(picture.tobytes())
        name = studio.picture(f"{mark}.png", picture)
        loaded = graph.add("LoadImage", f"Picture {number}", image=name)
        both = {"image1": [batch, 0], "image2": [loaded, 0]}
        batch = graph.add("ImageBatch", f"Pictures {number}", **both) if batch else loaded
    graph.join("Frames", "references", batch)


def apart(image: np.ndarray, other: np.ndarray) -> float:
    """Mean difference of two pictures, 0..255."""
    return float(np.abs(image - other).mean())


HERO, BAI = disc((320, 320)), disc((320, 320), colour=(90, 250, 60))
"""Two faces, to the synthetic face pack."""


@pytest.mark.parametrize("mode", MODES)
def test_a_logline_becomes_a_board_and_a_report(studio, mode):
    graph = studio.workflow(mode, f"whole-{mode}")
    graph.set("Story", frames=2)
    if mode == "sd15_faceid":
        graph.set("Reference", image=studio.picture("face.png", HERO))
    board = studio.run(graph)
    assert board.complete
    report = studio.report(graph)
    assert report["pipeline"] == mode
    assert report["num_frames"] == len(studio.frames(graph)) == 2
    identity = report["frames"][1]["scores"]["identity"]
    assert identity["method"] == "clip"
    assert identity["value"] is not None
    assert (studio.folder(graph) / "contact_sheet.png").exists()


def test_a_matrix_goes_on_where_it_stopped_and_has_a_sheet_for_each_outfit(studio):
    def draw(*outfits: str) -> tuple[Graph, Board]:
        graph = studio.workflow("variations_5x5x5", "matrix")
        graph.set(
            "Story", outfits="\n".join(outfits), places="the steppe", poses="standing\nwalking"
        )
        refer(studio, graph, HERO)
        graph.set("Frames", retries=0)
        return graph, studio.run(graph)

    graph, first = draw("blue chapan", "red robe")
    assert len(first.frames) == 4
    made = {path.name for path in (studio.folder(graph) / "takes").iterdir()}
    _, more = draw("blue chapan", "red robe", "green silk chapan")
    assert [frame.take for frame in more.frames[:4]] == [frame.take for frame in first.frames]
    takes = {path.name for path in (studio.folder(graph) / "takes").iterdir()}
    assert len(takes - made) == 2
    assert made <= takes
    assert len(list(studio.folder(graph).glob("variations_*.png"))) == 3
    assert "blue chapan" in (studio.folder(graph) / "report.md").read_text("utf-8")


def test_the_quick_test_draws_five_frames_and_gives_one_verdict(studio):
    graph = studio.workflow("identity_quick_test", "quick")
    board = studio.run(graph)
    assert len(board.frames) == 5
    verdict = json.loads((studio.folder(graph) / "identity_test.json").read_text("utf-8"))
    # No face can be found in what synthetic weights draw.
    assert verdict["holds"] is False
    assert len(verdict["frames"]) == 5
    assert verdict["frames"][0]["reference"]
    assert verdict["advice"]


def test_frame_one_of_guided_is_that_of_simple_and_a_face_changes_the_others(studio):
    told = story(("aldar",), ("aldar",))
    simple = studio.workflow("simple", "plain", told)
    guided = studio.workflow("guided", "plain-guided", told)
    for graph in (simple, guided):
        graph.set("Frames", retries=0)
        studio.run(graph)
    # No face is found in what synthetic weights draw, so the guided branch stays unused.
    assert all(map(np.array_equal, studio.frames(simple), studio.frames(guided)))

    led = studio.workflow("guided", "led", told)
    refer(studio, led, HERO)
    led.set("Frames", retries=0)
    studio.run(led)
    assert min(map(apart, studio.frames(simple), studio.frames(led))) > 1
    report = studio.report(led)
    assert report["frames"][0]["scores"]["identity"]["value"] is not None


def test_only_shots_with_somebody_known_are_guided(studio):
    told = story(("aldar",), ("bai",), ())
    simple = studio.workflow("simple", "known-plain", told)
    guided = studio.workflow("guided", "known", told)
    refer(studio, guided, HERO)
    for graph in (simple, guided):
        graph.set("Frames", retries=0)
        studio.run(graph)
    hero, bai, nobody = map(apart, studio.frames(simple), studio.frames(guided))
    assert hero > 1
    assert bai == nobody == 0


@pytest.fixture(scope="module")
def led(studio):
    """The one frame of a guided board, by the strength of each adapter that is not off."""
    drawn: dict[tuple, np.ndarray] = {}
    inputs = {
        "lora": ("Character LoRA", "strength_model"),
        "words": ("Character LoRA", "strength_clip"),
        "pose": ("Pose", "strength"),
        "face": ("Face weight", "weight"),
        "faceid_lora": ("FaceID LoRA", "strength_model"),
    }

    def draw(picture: Image.Image = HERO, wave: int = 1, **strengths: float) -> np.ndarray:
        key = (picture.tobytes(), wave, *sorted(strengths.items()))
        if key not in drawn:
            graph = studio.workflow(
                "guided", f"led-{zlib.crc32(repr(key).encode())}", story(("aldar",))
            )
            refer(studio, graph, picture)
            graph.set("Frames", retries=0, wave=wave)
            graph.set("Gate", faces="off")
            for adapter, (title, name) in inputs.items():
                graph.set(title, **{name: strengths.get(adapter, 0.0)})
            studio.run(graph)
            (drawn[key],) = studio.frames(graph)
        return drawn[key]

    return draw


@pytest.mark.parametrize("adapter", ["lora", "words", "pose", "face", "faceid_lora"])
def test_an_adapter_changes_the_picture_as_much_as_its_strength_says(led, adapter):
    off = led()
    little, much = (apart(off, led(**{adapter: strength})) for strength in (0.1, 0.8))
    assert 0 < little < much


def test_another_face_gives_another_picture(led):
    assert apart(led(face=0.8), led(BAI, face=0.8)) > 0
    assert apart(led(), led(BAI)) == 0


def test_every_adapter_off_is_the_plain_model(studio, led):
    graph = studio.workflow("simple", "off", story(("aldar",)))
    graph.set("Frames", retries=0)
    graph.set("Character LoRA", strength_model=0.0, strength_clip=0.0)
    studio.run(graph)
    (plain,) = studio.frames(graph)
    assert np.array_equal(plain, led())


@pytest.mark.skipif(bool(PACKS), reason="the stand-in draws where its mask is; the real one blends")
def test_each_face_steers_its_own_side_of_the_frame(studio):
    told = story(("aldar", "bai"))
    boards = {
        "both": (Image.new("RGB", (64, 64), "white"), Image.new("RGB", (64, 64), "black")),
        "hero": (Image.new("RGB", (64, 64), "white"), Image.new("RGB", (64, 64), (127, 127, 127))),
    }
    drawn = {}
    for name, pictures in boards.items():
        graph = studio.workflow("guided", f"sides-{name}", told)
        refer(studio, graph, *pictures)
        graph.set("Frames", retries=0)
        graph.set("Gate", faces="off")
        graph.set("Latent", side=128)
        studio.run(graph)
        (drawn[name],) = studio.frames(graph)
    changed = np.abs(drawn["both"] - drawn["hero"]).mean(axis=2)
    left, right = changed[:, :48].mean(), changed[:, 80:].mean()
    assert right > 3 * left


def test_without_the_characters_lora_the_frames_are_those_of_the_bare_model(studio):
    bare = studio.workflow("simple", "bare", story(("aldar",)))
    drop_lora(bare)
    off = studio.workflow("simple", "bare-off", story(("aldar",)))
    off.set("Character LoRA", strength_model=0.0, strength_clip=0.0)
    for graph in (bare, off):
        graph.set("Frames", retries=0)
        studio.run(graph)
    assert np.array_equal(*studio.frames(bare), *studio.frames(off))


def test_a_workflow_whose_loop_was_opened_by_hand_names_the_node(studio):
    graph = studio.workflow("simple", "opened", story(("aldar",)))
    graph.join("Board", "image", graph.add("EmptyImage", "Grey", width=64, height=64, batch_size=1))
    graph.nodes[graph.find("Grey")]["inputs"]["color"] = 0
    with pytest.raises(RunnerError) as caught:
        studio.run(graph)
    assert caught.value.code == "run_failed"
    assert "does not depend on Frames: open" in caught.value.message


def test_every_weight_of_every_file_was_used(studio):
    """ComfyUI only logs what it could not use of a file; this test comes last."""
    assert complaints(studio.log) == []

"""Pictures of characters on their way from the command line into a workflow."""

import numpy as np
import pytest
from aldar_storyboard.runner.run.graph import Graph, is_link
from aldar_storyboard.runner.run.recipe import recipe
from aldar_storyboard.runner.run.references import faceless, take_references
from aldar_storyboard.runner.run.request import Request
from aldar_storyboard.storyboard.errors import InputError
from aldar_storyboard.tests.faces import people
from PIL import Image

from .test_pictures import CASES, EPS


class Inputs:
    """Stands for a ComfyUI: keeps what is brought to its input folder."""

    def __init__(self):
        self.files = {}

    def upload(self, path, subfolder, name=""):
        with Image.open(path) as image:
            self.files[f"{subfolder}/{name}"] = image.convert("RGB")


def pictures(graph):
    """The LoadImage nodes behind input ``pictures`` of Frames, in order."""
    given, link = [], graph.get("Frames", "pictures")
    while link:
        node = graph.nodes[link[0]]
        assert node["class_type"] == "AldarCharacterReference"
        assert is_link(node["inputs"]["image"])
        given.insert(0, graph.nodes[node["inputs"]["image"][0]])
        link = node["inputs"].get("others")
    return given


@pytest.mark.parametrize("mode", ["draft", "guided", "sd15_faceid"])
def test_every_picture_has_its_own_loader_and_stays_whole(mode):
    graph, comfy = Graph.load(mode), Inputs()
    paths = [CASES / "hero_wide.png", CASES / "bai_tall.png"]
    assert take_references(graph, comfy, paths) == []
    loaded = pictures(graph)
    assert [node["class_type"] for node in loaded] == ["LoadImage", "LoadImage"]
    brought = [comfy.files[node["inputs"]["image"]] for node in loaded]
    assert [image.size for image in brought] == [(1600, 600), (600, 1600)]
    assert not graph.has("Reference")
    assert "ImageBatch" not in {node["class_type"] for node in graph.nodes.values()}
    assert graph.get("Frames", "references") is None


def test_what_is_brought_is_plain_and_what_was_done_is_said(tmp_path):
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (40, 20), "red").save(tmp_path / "turned.jpg", exif=exif)
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    comfy, graph = Inputs(), Graph.load("draft")
    scan = CASES / "refs_16bit" / "scan.png"
    notices = take_references(
        graph, comfy, [tmp_path / "turned.jpg", tmp_path / "moving.gif", scan]
    )
    turned, moving, grey = (comfy.files[n["inputs"]["image"]] for n in pictures(graph))
    assert turned.size == (20, 40)
    assert moving.getpixel((5, 5))[0] > 240
    assert np.asarray(grey).max() < 200
    assert [notice.split()[0] for notice in notices] == ["moving.gif"]


def test_a_rehearsal_names_the_same_files_and_brings_none():
    queued, rehearsed = Graph.load("draft"), Graph.load("draft")
    take_references(queued, Inputs(), [CASES / "bai_tall.png"])
    comfy = Inputs()
    take_references(rehearsed, comfy, [CASES / "bai_tall.png"], upload=False)
    assert rehearsed.nodes == queued.nodes
    assert comfy.files == {}


@pytest.mark.parametrize("name", ["face.eps", "face.png"])
def test_what_is_no_picture_is_named_before_comfyui_starts(tmp_path, name):
    (tmp_path / name).write_bytes(EPS)
    story = {"logline": "A boy finds a dog", "planner": "offline"}
    with pytest.raises(InputError) as caught:
        recipe(Request(mode="draft", story=story, references=(tmp_path / name,)))
    assert caught.value.code == "reference_unusable"
    assert name in caught.value.message


def test_a_picture_without_a_face_is_told_where_a_face_is_needed(tmp_path):
    people()["hopper"].save(tmp_path / "hopper.png")
    Image.effect_noise((300, 300), 60).convert("RGB").save(tmp_path / "wall.png")
    paths = [tmp_path / "hopper.png", tmp_path / "wall.png"]
    (told,) = faceless(Graph.load("guided"), paths, None)
    assert told.startswith("wall.png shows no face that dlib finds")
    assert list(faceless(Graph.load("draft"), paths, None)) == []

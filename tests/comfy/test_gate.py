"""The gate inside the real ComfyUI: photographs, dlib, and CLIP vision with synthetic weights."""

from __future__ import annotations

import json
import time
import zlib

import pytest
from aldar_storyboard.runner.run.calibrate import Request, calibrate
from aldar_storyboard.runner.server.client import Refused
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.storyboard.gate import Outcome
from aldar_storyboard.storyboard.gate.calibration import Calibration
from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Size, Story
from aldar_storyboard.tests.comfy.graphs import node
from aldar_storyboard.tests.comfy.runs import Quiet
from aldar_storyboard.tests.faces import CHANGES, people, recoloured
from PIL import Image

pytestmark = pytest.mark.comfy

CLIP = "CLIP-ViT-H-14-laion2B-s32B-b79K.bin"


def story(frames):
    shots = [
        Shot(
            number=n,
            place="steppe",
            action=f"action {n}",
            size=Size.MEDIUM_CLOSE_UP,
            cast=[CastMember(character="aldar")],
        )
        for n in range(1, frames + 1)
    ]
    hero = Character(id="aldar", name="Aldar", description="a man")
    return Story(title="t", logline="l", characters=[hero], shots=shots).to_json()


class Studio:
    """A running ComfyUI, and a folder of takes for the body to give."""

    def __init__(self, comfy, folder, name):
        self.client, self.base, self.folder, self.name = comfy.client, comfy.base, folder, name
        self.url = comfy.url

    def takes(self, **pictures):
        """Put pictures in place: ``f1``, ``f2`` … for frames, ``f2_2042`` for one seed."""
        for frame, picture in pictures.items():
            picture.save(self.folder / f"{frame[1:]}.png")

    def graph(self, frames, gate=None, references=None, wave=1, retries=0, clip=False, **extra):
        nodes = {
            "1": node("AldarLoadStory", json=story(frames)),
            "2": node(
                "AldarFramesOpen",
                story=["1", 0],
                board=self.name,
                seed=42,
                retries=retries,
                wave=wave,
            ),
            "3": node("AldarTakePrompt", take=["2", 1]),
            "4": node(
                "StubPicture", folder=str(self.folder), frame=["3", 5], seed=["3", 2], weight=1.0
            ),
            "5": node("AldarGate", take=["2", 1], image=["4", 0], **(gate or {})),
            "6": node("AldarFramesClose", flow=["2", 0], image=["4", 0], verdict=["5", 0]),
            "7": node("AldarExportBoard", board=["6", 0], pipeline="test"),
        }
        if references is not None:
            references.save(self.base / "input" / f"{self.name}.png")
            nodes["8"] = node("LoadImage", image=f"{self.name}.png")
            nodes["2"]["inputs"]["references"] = ["8", 0]
        if clip:
            nodes["9"] = node("CLIPVisionLoader", clip_name=CLIP)
            nodes["5"]["inputs"]["clip_vision"] = ["9", 0]
        return nodes | extra

    def run(self, graph):
        """Run a graph to its good end; returns its outputs, the board and what the body made."""
        log = self.folder / "made.log"
        log.unlink(missing_ok=True)
        prompt_id = self.client.queue(graph)
        events = self.client.events()
        while not (history := self.client.history(prompt_id)):
            events.receive(2.0)
        events.close()
        assert history["status"]["status_str"] == "success", history["status"]["messages"][-1]
        made = log.read_text().splitlines() if log.exists() else []
        board = Board.load(self.base / "output" / self.name)
        return history["outputs"], board, [tuple(map(float, line.split())) for line in made]

    def report(self):
        text = (self.base / "output" / self.name / "report.json").read_text("utf-8")
        return json.loads(text)


@pytest.fixture
def studio(comfy, tmp_path, request):
    name = f"gate-{zlib.crc32(request.node.name.encode())}"
    return Studio(comfy, tmp_path, name)


@pytest.fixture(scope="module")
def astronaut():
    return people()["astronaut"]


def values(board, name):
    return [score and score.value for score in (f.verdict.score(name) for f in board.frames)]


def test_a_graph_of_the_first_version_runs_as_before(studio):
    panels = {f"f{n}": people()[f"friend{n}"].resize((256, 256)) for n in (1, 2)}
    studio.takes(**panels)
    _, board, made = studio.run(studio.graph(2, {"faces": "off"}))
    assert board.complete and not board.flagged
    assert [seed for _, seed, _ in made] == [42, 2042]
    for name in ("identity", "face", "heads", "prompt"):
        score = board.frames[1].verdict.score(name)
        assert score.outcome is Outcome.UNMEASURABLE
        assert score.reason
    assert studio.report()["gate"] == ["standard, uncalibrated"]


def test_the_first_face_becomes_the_reference_and_a_stranger_is_made_again(studio, astronaut):
    studio.takes(
        f1=astronaut,
        f2_2042=people()["hopper"],
        f2=CHANGES["mirrored"](astronaut),
        f3=CHANGES["dim"](astronaut).rotate(15),
    )
    _, board, made = studio.run(studio.graph(3, {"faces": "dlib"}, retries=1))
    assert [seed for _, seed, _ in made] == [42, 2042, 2052, 3042]
    assert not board.flagged
    assert board.frames[0].latches == ["aldar"]
    faces = values(board, "face")
    assert faces[0] is None
    assert min(faces[1:]) > 0.7
    report = studio.report()
    assert report["frames"][0]["consistency"] == 1.0
    assert report["average_face_consistency"] == pytest.approx(sum(faces[1:]) / 2, abs=1e-3)
    assert report["min_face_consistency"] == min(faces[1:])


def test_another_reference_is_judged_again_without_making_a_picture(studio, astronaut):
    studio.takes(f1=CHANGES["warm"](astronaut), f2=CHANGES["mirrored"](astronaut))
    graph = studio.graph(2, {"faces": "dlib"}, references=astronaut)
    _, before, made = studio.run(graph)
    assert len(made) == 2
    assert min(values(before, "face")) > 0.7
    _, again, made = studio.run(graph)
    assert (again, made) == (before, [])
    graph = studio.graph(2, {"faces": "dlib"}, references=people()["hopper"])
    _, after, made = studio.run(graph)
    assert made == []
    assert [frame.take for frame in after.frames] == [frame.take for frame in before.frames]
    assert max(values(after, "face")) < 0.4
    assert len(after.flagged) == 2


def test_identity_comes_from_the_clip_vision_model(studio, astronaut):
    studio.takes(f1=CHANGES["jpeg"](astronaut), f2=people()["friend2"])
    gate = {"faces": "off", "threshold": 0.01}
    _, board, _ = studio.run(studio.graph(2, gate, references=astronaut, clip=True))
    near, far = values(board, "identity")
    assert 0.9 < near <= 1.0
    assert far < near
    identity = board.frames[1].verdict.score("identity")
    assert (identity.method, identity.threshold) == ("clip", 0.01)
    assert board.frames[1].verdict.score("costume").method == "clip"
    assert board.frames[1].verdict.score("face").method == "clip"


def test_a_wave_gets_the_verdicts_of_single_takes(studio, astronaut):
    names = ["dim", "warm", "cool", "mirrored"]
    studio.takes(**{f"f{n}": CHANGES[name](astronaut) for n, name in enumerate(names, 1)})
    boards = []
    for wave in (1, 4):
        studio.name = f"{studio.name}-{wave}"
        graph = studio.graph(4, {"faces": "dlib"}, references=astronaut, wave=wave, clip=True)
        boards.append(studio.run(graph)[1])
    for frame, other in zip(boards[0].frames, boards[1].frames, strict=True):
        for a, b in zip(frame.verdict.scores, other.verdict.scores, strict=True):
            assert (a.name, a.outcome) == (b.name, b.outcome)
            assert a.value == pytest.approx(b.value, abs=2e-3)


def test_the_evidence_shows_reference_frame_and_table(studio, astronaut):
    studio.takes(f1=CHANGES["dim"](astronaut))
    save = {"20": node("SaveImage", images=["5", 1], filename_prefix="evidence")}
    graph = studio.graph(1, {"faces": "dlib"}, references=astronaut, **save)
    outputs, _, _ = studio.run(graph)
    shown = next(output for key, output in outputs.items() if key.endswith(".20"))["images"][0]
    with Image.open(studio.base / "output" / shown["filename"]) as image:
        assert image.height == 512
        assert image.width > 2 * 512


def test_a_calibration_is_taken_by_name_and_its_change_judges_again(studio, astronaut):
    studio.takes(f1=CHANGES["dim"](astronaut))
    folder = studio.base / "user" / "__aldar" / "calibrations"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{studio.name}.json"
    gate = {"faces": "dlib", "preset": "calibrated", "calibration": studio.name}
    for threshold, flagged in ((0.5, 0), (0.99, 1)):
        path.write_text(calibration(studio.name, threshold).to_json())
        _, board, made = studio.run(studio.graph(1, gate, references=astronaut))
        assert len(board.flagged) == flagged
        assert len(made) == (0 if flagged else 1)
        face = board.frames[0].verdict.score("face")
        assert (face.threshold, face.calibrated) == (threshold, True)
    assert studio.report()["gate"] == [f"calibrated by {studio.name}"]


def test_widgets_of_the_gate_may_be_fed_by_links(studio, astronaut):
    """A preset by a node inside the loop, the calibration and the board by nodes outside."""
    studio.takes(f1=CHANGES["dim"](astronaut))
    folder = studio.base / "user" / "__aldar" / "calibrations"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{studio.name}.json"
    more = {
        "30": node("PrimitiveString", value="calibrated"),
        "31": node("AldarLatchSwitch", take=["2", 1], character="", first=["30", 0]),
        "32": node("PrimitiveString", value=studio.name),
        "33": node("PrimitiveString", value=studio.name),
    }
    more["31"]["inputs"]["latched"] = ["30", 0]
    gate = {"faces": "dlib", "preset": ["31", 0], "calibration": ["32", 0]}
    for threshold, flagged in ((0.5, 0), (0.99, 1)):
        path.write_text(calibration(studio.name, threshold).to_json())
        graph = studio.graph(1, gate, references=astronaut, **more)
        graph["2"]["inputs"]["board"] = ["33", 0]
        _, board, _ = studio.run(graph)
        assert len(board.flagged) == flagged
        assert board.frames[0].verdict.policy == f"calibrated by {studio.name}"


def test_a_preset_that_is_none_is_named_when_it_comes_by_a_link(studio, astronaut):
    studio.takes(f1=astronaut)
    more = {
        "30": node("PrimitiveString", value="lenient"),
        "31": node("AldarLatchSwitch", take=["2", 1], character="", first=["30", 0]),
    }
    more["31"]["inputs"]["latched"] = ["30", 0]
    prompt_id = studio.client.queue(studio.graph(1, {"preset": ["31", 0]}, **more))
    while not (history := studio.client.history(prompt_id)):
        time.sleep(0.1)
    told = json.dumps(history["status"]["messages"])
    assert "Gate: Input 'preset' cannot be used: it takes one of standard" in told
    assert "not 'lenient'" in told


@pytest.mark.parametrize("wave", [1, 3])
def test_the_same_picture_again_is_a_duplicate_in_waves_as_one_by_one(studio, astronaut, wave):
    hopper, friend = people()["hopper"], people()["friend1"]
    studio.takes(f1=astronaut, f2_2042=CHANGES["jpeg"](astronaut), f2=hopper, f3=friend)
    graph = studio.graph(3, {"faces": "off"}, retries=1, wave=wave)
    _, board, _ = studio.run(graph)
    assert [(frame.attempt, frame.flagged) for frame in board.frames] == [
        (0, False),
        (1, False),
        (0, False),
    ]


def calibration(name, threshold):
    spread = {"pairs": 1, "mean": 0.9, "lowest": 0.9, "highest": 0.9}
    face = {
        "threshold": threshold,
        "low": 0.4,
        "high": 0.6,
        "eer": 0.0,
        "ceiling": spread,
        "floor": None,
    }
    return Calibration.model_validate(
        {"name": name, "references": 2, "strangers": 0, "thresholds": {"face/dlib": face}}
    )


@pytest.mark.parametrize("wanted", ["gone", "../../secret", "/etc/passwd"])
def test_a_missing_calibration_is_refused_before_anything_runs(studio, astronaut, wanted):
    studio.takes(f1=astronaut)
    gate = {"preset": "calibrated", "calibration": wanted}
    with pytest.raises(Refused) as caught:
        studio.client.queue(studio.graph(1, gate))
    assert "aldar calibrate" in json.dumps(caught.value.answer)
    assert not (studio.folder / "made.log").exists()


def test_a_broken_face_pack_leaves_the_board_whole_and_says_so(studio, astronaut):
    pack = studio.base / "models" / "insightface" / "models" / "buffalo_s"
    pack.mkdir(parents=True, exist_ok=True)
    (pack / "det_500m.onnx").write_bytes(b"not a model")
    studio.takes(f1=CHANGES["dim"](astronaut))
    _, board, _ = studio.run(studio.graph(1, {"faces": "buffalo_s"}, references=astronaut))
    face = board.frames[0].verdict.score("face")
    assert face.outcome is Outcome.UNMEASURABLE
    assert "buffalo_s cannot be loaded" in face.reason
    assert studio.report()["unproven_frames"] == [1]


def test_a_rejected_face_looks_at_the_reference_more(studio, astronaut):
    studio.takes(f1=people()["hopper"])
    graph = studio.graph(1, {"faces": "dlib"}, references=astronaut, retries=2)
    graph["10"] = node("AldarReferenceWeight", take=["2", 1], weight=0.8)
    graph["4"]["inputs"]["weight"] = ["10", 0]
    _, board, made = studio.run(graph)
    assert [weight for *_, weight in made] == pytest.approx([0.8, 0.92, 1.04])
    assert board.flagged


def test_other_clothes_are_reported_until_they_are_calibrated(studio, astronaut):
    studio.takes(f1=recoloured(CHANGES["dim"](astronaut), 190))
    _, board, _ = studio.run(studio.graph(1, {"faces": "dlib"}, references=astronaut))
    costume = board.frames[0].verdict.score("costume")
    assert costume.outcome is Outcome.FAIL
    assert not costume.gates
    assert not board.flagged


@pytest.fixture
def folders(tmp_path, astronaut):
    """Folders of references and strangers."""
    own, others = tmp_path / "Aldar 1", tmp_path / "others"
    for folder in (own, others):
        folder.mkdir()
    for name in ("dim", "warm", "mirrored", "jpeg"):
        CHANGES[name](astronaut).save(own / f"{name}.png")
    for name in ("hopper", "friend1", "friend2"):
        people()[name].save(others / f"{name}.png")
    return own, others


def test_aldar_calibrate_measures_identity_inside_comfyui(studio, folders):
    request = Request(*folders, clip_vision=CLIP, faces="dlib", server=studio.url, name=studio.name)
    result = calibrate(request, Quiet())
    assert set(result.calibration.thresholds) == {
        "face/dlib",
        "costume/colour",
        "identity/clip",
        "costume/clip",
        "face/clip",
    }
    assert result.calibration.thresholds["face/dlib"].eer == 0.0
    kept = studio.base / "user" / "__aldar" / "calibrations" / f"{studio.name}.json"
    assert Calibration.load(kept) == result.calibration
    with Image.open(kept.with_suffix(".png")) as curve:
        assert curve.width > 400


def test_a_folder_outside_the_input_folder_is_refused(studio):
    nodes = {"1": node("AldarCalibrateGate", name="x", references="../..", strangers="")}
    nodes["1"]["inputs"]["faces"] = "off"
    prompt_id = studio.client.queue(nodes)
    while not (history := studio.client.history(prompt_id)):
        time.sleep(0.1)
    message = next(d for kind, d in history["status"]["messages"] if kind == "execution_error")
    assert "not a folder below ComfyUI's input folder" in message["exception_message"]

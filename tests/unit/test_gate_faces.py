"""Face models: dlib on photographs, insightface on its own code with a synthetic pack."""

import numpy as np
import pytest
from aldar_storyboard.storyboard.gate.measure import faces_dlib, faces_insightface
from aldar_storyboard.storyboard.gate.measure.face_models import CHOICES, face_version, open_faces
from aldar_storyboard.storyboard.gate.measure.faces import FaceModel, Missing
from aldar_storyboard.storyboard.gate.policy import STANDARD, STRICT
from aldar_storyboard.storyboard.gate.separation import equal_error
from aldar_storyboard.tests.faces import CHANGES, beside, changed, group, masked, people, scene
from aldar_storyboard.tests.faces.onnx_pack import disc, write_pack
from PIL import Image


@pytest.fixture(scope="module")
def dlib():
    model = open_faces("dlib", None)
    assert isinstance(model, FaceModel), model
    return model


@pytest.fixture(scope="module")
def portraits(dlib):
    """(names, embeddings [9, 128]) of the nine people."""
    embeddings = {name: find(dlib, portrait)[0].embedding for name, portrait in people().items()}
    return list(embeddings), np.stack(list(embeddings.values()))


@pytest.fixture
def models(tmp_path):
    """A models folder with a synthetic pack."""
    write_pack(tmp_path / "insightface" / "models" / "buffalo_l")
    yield tmp_path
    faces_insightface._load.cache_clear()


def find(model, image, smallest=0.0):
    return model.find(np.asarray(image), smallest)


# --- dlib ----------------------------------------------------------------------------------


def test_dlib_tells_nine_people_apart_in_every_light(dlib, portraits):
    """The clear cases of the labelled set: 98 % accepted, nobody for another."""
    names, rows = portraits
    own, others, lost = [], [], []
    for person, change, picture in changed():
        face = find(dlib, picture)
        if not face:
            lost.append((person, change))
            continue
        best = dlib.similarity(np.stack([f.embedding for f in face]), rows).max(axis=0)
        own.append(best[names.index(person)])
        others += [value for name, value in zip(names, best, strict=True) if name != person]
    threshold, error = equal_error(np.array(own), np.array(others))
    assert error == 0.0
    assert (np.array(own) >= threshold).sum() / (len(own) + len(lost)) >= 0.98, lost
    assert max(others) < STANDARD["face", "dlib"] < STRICT["face", "dlib"] < min(own)


def test_partly_covered_faces_are_recognised_where_they_are_found_at_all(dlib, portraits):
    names, rows = portraits
    recognised = 0
    for person, _, picture in masked():
        for face in find(dlib, picture):
            similar = dlib.similarity(rows, face.embedding[None])[:, 0]
            passing = [name for name, value in zip(names, similar, strict=True) if value >= 0.5]
            assert passing == [person]
            recognised += 1
    assert recognised >= 14  # of 18


def test_dlib_finds_both_of_two_people_beside_each_other(dlib):
    """A clear face that has to be checked must not be lost: the bai twice was taken for one."""
    for portrait in people().values():
        picture = beside(CHANGES["dim"](portrait), CHANGES["cool"](portrait))
        assert len(find(dlib, picture, smallest=54)) == 2


def test_dlib_finds_everybody_of_a_group_and_nobody_in_things(dlib):
    assert len(find(dlib, group(), smallest=70)) == 6
    for image in (scene(), Image.new("RGB", (300, 300)), Image.new("RGB", (40, 900), "white")):
        assert find(dlib, image) == []


def test_dlib_does_not_take_the_shuttle_for_a_face(dlib):
    """A false detection of the plain HOG detector on this photograph."""
    astronaut = people()["astronaut"]
    for picture in (astronaut, astronaut.rotate(10)):
        for smallest in (0, 40):
            assert len(find(dlib, picture, smallest)) == 1


def test_landmarks_are_eyes_from_left_to_right_above_the_nose(dlib):
    (face,) = find(dlib, people()["hopper"])
    left, right, nose = face.landmarks[:3]
    assert left[0] < nose[0] < right[0]
    assert nose[1] > max(left[1], right[1])
    assert face.landmarks.shape == (5, 2)


def test_a_cut_model_file_is_named(tmp_path, monkeypatch):
    for name in faces_dlib._FILES.values():
        (tmp_path / name).write_bytes(b"cut")
    monkeypatch.setattr(faces_dlib, "_folder", lambda: tmp_path)
    faces_dlib._load.cache_clear()
    model = open_faces("dlib", None)
    faces_dlib._load.cache_clear()
    assert isinstance(model, Missing)
    assert "cannot be loaded" in model.reason


def test_models_that_could_not_be_loaded_are_tried_again(tmp_path, models):
    """Memory that is full now may be free at the next take."""
    pack = models / "insightface" / "models" / "buffalo_l"
    away = [path.rename(tmp_path / path.name) for path in sorted(pack.glob("*.onnx"))[1:]]
    lacking = open_faces("buffalo_l", models)
    assert isinstance(lacking, Missing)
    assert lacking.failed
    for path in away:
        path.rename(pack / path.name)
    faces = open_faces("buffalo_l", models)
    assert isinstance(faces, FaceModel)
    assert open_faces("buffalo_l", models) is faces


def test_a_missing_model_file_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(faces_dlib, "_folder", lambda: tmp_path)
    model = open_faces("dlib", None)
    assert isinstance(model, Missing)
    assert "lacks shape_predictor_5_face_landmarks.dat" in model.reason


# --- insightface ---------------------------------------------------------------------------


def test_insightface_finds_and_compares_by_a_pack(models):
    model = open_faces("buffalo_l", models)
    assert isinstance(model, FaceModel), model
    assert model.name == "insightface:buffalo_l"
    assert model._analysis.det_model.input_size == (640, 640)  # pyright: ignore
    assert find(model, disc()) == []
    still, moved = find(model, disc((300, 300))), find(model, disc((330, 280)))
    two = find(model, disc((150, 300), (480, 300)))
    assert (len(still), len(moved), len(two)) == (1, 1, 2)
    left, top, right, bottom = still[0].box
    assert left < 300 < right and top < 300 < bottom
    other = find(model, disc((300, 300), colour=(0, 255, 180)))[0].embedding[None]
    same = model.similarity(still[0].embedding[None], moved[0].embedding[None])[0, 0]
    assert same > 0.8 > model.similarity(still[0].embedding[None], other)[0, 0]


def test_auto_takes_a_pack_that_is_there_and_dlib_otherwise(models, tmp_path_factory):
    assert open_faces("auto", models).name == "insightface:buffalo_l"
    assert face_version("auto", models).startswith("insightface")
    empty = tmp_path_factory.mktemp("empty")
    assert open_faces("auto", empty).name == "dlib"
    assert face_version("auto", empty).startswith("dlib")


def test_a_pack_that_is_not_there_is_never_downloaded(tmp_path, monkeypatch):
    def download(*_):
        raise AssertionError("insightface was asked, and would download")

    monkeypatch.setattr(faces_insightface, "_load", download)
    model = open_faces("antelopev2", tmp_path)
    assert isinstance(model, Missing)
    assert "non-commercial" in model.reason
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("files", [{"det_10g.onnx": b"broken"}, {"w600k_r50.onnx": None}])
def test_a_broken_or_half_pack_is_named(models, files):
    folder = models / "insightface" / "models" / "buffalo_l"
    for name, content in files.items():
        if content is None:
            (folder / "det_10g.onnx").unlink()
        else:
            (folder / name).write_bytes(content)
    model = open_faces("buffalo_l", models)
    assert isinstance(model, Missing)
    assert "buffalo_l" in model.reason


# --- neither -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "lacking", "words"),
    [
        ("dlib", "dlib", "pip install dlib-bin"),
        ("dlib", "face_recognition_models", "pip install face_recognition_models"),
        ("buffalo_l", "insightface", "pip install insightface"),
    ],
)
def test_a_missing_package_is_named_with_its_remedy(models, monkeypatch, choice, lacking, words):
    import importlib.util

    find_spec = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda name: None if name == lacking else find_spec(name)
    )
    model = open_faces(choice, models)
    assert isinstance(model, Missing)
    assert words in model.reason
    assert face_version(choice, models) == "none"


def test_every_choice_gives_a_model_or_a_reason(tmp_path):
    for choice in CHOICES:
        model = open_faces(choice, tmp_path)
        assert isinstance(model, FaceModel) or model.reason
    assert isinstance(open_faces("off", tmp_path), Missing)


def test_odd_pictures_break_no_model(dlib, models):
    generator = np.random.default_rng(0)
    for model in (dlib, open_faces("buffalo_l", models)):
        for shape in ((1, 1, 3), (64, 64, 3), (20, 700, 3)):
            assert model.find(generator.integers(0, 256, shape, dtype=np.uint8)) == []

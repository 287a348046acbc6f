"""Finding a loop's body and copying it: pure graph work, no ComfyUI needed."""

import pytest
from aldar_storyboard.nodes.loop.template import Template
from aldar_storyboard.storyboard.errors import LoopError

OUTPUTS = {"SaveImage", "PreviewImage", "AldarExportBoard"}


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def graph(**changes):
    prompt = {
        "1": node("AldarPlanStory", logline="x"),
        "2": node("AldarFramesOpen", story=["1", 0], seed=42),
        "3": node("Loader", name="model.safetensors"),
        "4": node("Sampler", model=["3", 0], take=["2", 1], steps=20),
        "5": node("AldarGate", take=["2", 1], image=["4", 0], threshold=0.7),
        "6": node("AldarFramesClose", flow=["2", 0], image=["4", 0], verdict=["5", 0]),
        "7": node("AldarExportBoard", board=["6", 0]),
        "8": node("SaveImage", images=["4", 0], vae=["3", 1]),
    }
    prompt.update(changes)
    return prompt


def template(prompt, close="6"):
    return Template.of(prompt, close, OUTPUTS.__contains__)


def test_the_body_is_what_depends_on_open_and_the_tail_is_what_saves_beside_it():
    loop = template(graph())
    assert set(loop.nodes) == {"4", "5", "8"}
    assert loop.tail == ("8",)
    assert loop.image == ("4", 0)


def test_a_copy_takes_outside_values_from_elsewhere():
    loop = template(graph())
    copy = loop.copy(
        [loop.image],
        "p.",
        lambda link: None if link[0] in loop.nodes else [f"other.{link[0]}", link[1]],
    )
    assert copy == {
        "p.4": {
            "class_type": "Sampler",
            "inputs": {"model": ["other.3", 0], "take": ["other.2", 1], "steps": 20},
            "override_display_id": "4",
        }
    }


def test_the_key_follows_content_not_names():
    renamed = {
        {"4": "40", "3": "30"}.get(i, i): {
            **n,
            "inputs": {
                k: [{"4": "40", "3": "30"}.get(v[0], v[0]), v[1]] if isinstance(v, list) else v
                for k, v in n["inputs"].items()
            },
        }
        for i, n in reversed(graph().items())
    }
    assert template(renamed).image_key == template(graph()).image_key
    more_steps = graph(**{"4": node("Sampler", model=["3", 0], take=["2", 1], steps=21)})
    assert template(more_steps).image_key != template(graph()).image_key
    other_model = graph(**{"3": node("Loader", name="other.safetensors")})
    assert template(other_model).image_key != template(graph()).image_key


def test_a_gate_setting_changes_the_verdict_but_not_the_picture():
    strict = graph(**{"5": node("AldarGate", take=["2", 1], image=["4", 0], threshold=0.9)})
    assert template(strict).image_key == template(graph()).image_key
    assert template(strict).gate_key != template(graph()).gate_key


def test_a_changed_input_file_changes_the_key():
    changed = graph()
    changed["3"]["is_changed"] = ["sha256 of the file"]
    assert template(changed).image_key != template(graph()).image_key
    always = graph()
    always["3"]["is_changed"] = [float("nan")]
    assert template(always).image_key == template(graph()).image_key


@pytest.mark.parametrize(
    ("changes", "code", "names"),
    [
        ({"6": node("AldarFramesClose", image=["4", 0])}, "loop_open", "flow"),
        ({"6": node("AldarFramesClose", flow=["1", 0], image=["4", 0])}, "loop_open", "flow"),
        ({"6": node("AldarFramesClose", flow=["2", 0], image=["3", 0])}, "loop_open", "image"),
        ({"6": node("AldarFramesClose", flow=["2", 0])}, "loop_open", "image"),
        (
            {
                "9": node("AldarGate", take=["1", 0], image=["3", 0]),
                "6": node("AldarFramesClose", flow=["2", 0], image=["4", 0], verdict=["9", 0]),
            },
            "loop_open",
            "verdict",
        ),
        (
            {
                "10": node("AldarFramesOpen", story=["2", 1]),
                "11": node("AldarFramesClose", flow=["10", 0], image=["4", 0]),
                "4": node("Sampler", take=["2", 1]),
                "5": node("AldarGate", image=["11", 0]),
            },
            "loop_nested",
            "10",
        ),
        (
            {
                "3": node("Loader", back=["9", 0]),
                "9": node("Sampler", a=["3", 0]),
            },
            "loop_open",
            "circle",
        ),
    ],
)
def test_a_loop_edited_by_hand_is_named(changes, code, names):
    with pytest.raises(LoopError) as caught:
        template(graph(**changes))
    assert caught.value.code == code
    assert names in str(caught.value)


def test_a_close_node_inside_an_expansion_is_refused():
    with pytest.raises(LoopError) as caught:
        template(graph(), close="6.0.0.3")
    assert caught.value.code == "loop_nested"

"""Prompts from strangers, posted to a real ComfyUI: shipped workflows, bent in every way.

CI posts a few that are the same every time, ``-m fuzz`` posts thousands of new ones. Each is
refused, succeeds, or ends in an error that the product raises on purpose; nothing is written
outside the output folder, the server goes on, and no accepted take is lost.
"""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import httpx
import pytest
from aldar_storyboard.storyboard.board import Board
from aldar_storyboard.tests.comfy.graphs import Prompt, node, story
from aldar_storyboard.tests.comfy.graphs import loop as stub_loop
from aldar_storyboard.tests.comfy.hostile import failure, ours, settle

pytestmark = pytest.mark.fuzz
ROOT = Path(__file__).parents[2]
FEW, MANY, BATCH = 60, 3000, 100
"""Prompts in CI, with ``-m fuzz``, and queued at once."""


CONSTANTS: list[Any] = [
    *(None, True, False, 0, -1, 1, 2, 2**31, 2**63, 2**64, 10**30, 0.5, -0.1, 1e308),
    *("", " ", "a", "offline", "aldar", "1:1", "9:99", "standard", "auto", "*", "2", "-", "None"),
    *(
        "../up",
        "..",
        "/etc/passwd",
        "C:\\x",
        "a/../../b",
        "con",
        "a\0b",
        "\ud800",
        "\u2028",
        "é" * 300,
    ),
    *("1,2", "1-9", "5:2", "1:0", "1:99999", "9" * 5000, "{}", "[]", '{"shots": []}', "[" * 5000),
    *(
        "x" * 120_000,
        "INT. A - DAY\n\nHe walks.\n",
        "<lora:x:1>",
        "embedding:x",
        "%s%n{0}",
        "\n" * 99,
    ),
    *([], [1], [1, 2], ["2"], ["2", "0"], [None, 0], [["2", 0], 0], ["2", 0, 0], {}, {"a": 1}),
    *({"__value__": ["2", 0]}, {"__value__": None}, {"shots": [], "title": "t"}, {"samples": 1}),
    json.loads("[" * 150 + "]" * 150),
    json.loads('{"a":' * 150 + "1" + "}" * 150),
]
IDS = [
    "",
    "0",
    "-1",
    "2.frames",
    "2.finish",
    "2.frames.0",
    "take",
    "stored",
    "a b",
    "é",
    "\u2028",
    "x" * 900,
    "__proto__",
    "../7",
    "2.frames.0.taken",
    "open",
]
"""Ids of nodes."""
EXTRA: list[Any] = [
    {},
    {"extra_pnginfo": None},
    {"extra_pnginfo": "text"},
    {"extra_pnginfo": [1, 2]},
    {
        "extra_pnginfo": {
            "workflow": {"nodes": "x"},
            "": 1,
            "é" * 100: 2,
            "\ud800": "\ud800",
            "a\0b": 3,
        }
    },
    {"extra_pnginfo": {"workflow": CONSTANTS[-1]}},
]


def loop(board: str, log: str) -> Prompt:
    """The loop over the stub sampler: two frames, the real gate, every node that reads a board."""
    judge = node("AldarGate", take=["2", 1], image=["5", 0], faces="off")
    return stub_loop(story(2), board, log, judge, retries=1) | {
        "9": node("AldarIdentityVerdict", board=["7", 0]),
        "10": node("AldarShowShotlist", story=["1", 0]),
    }


def without_models(prompt: Prompt, infos: dict[str, Any], kinds: set[str]) -> Prompt:
    """A shipped workflow whose nodes of others give what a stub gives."""
    for entry in prompt.values():
        if entry["class_type"].startswith("Aldar"):
            continue
        links = {name: value for name, value in entry["inputs"].items() if isinstance(value, list)}
        kind = next(iter(infos.get(entry["class_type"], {"output": []})["output"]), "IMAGE")
        entry["inputs"] = links | {"kind": kind if kind in kinds else "IMAGE"}
        entry["class_type"] = "StubAnything"
    for entry in prompt.values():
        small = {"frames": 1, "outfits": "red hat", "places": "steppe", "poses": "standing"}
        entry["inputs"] |= {name: small[name] for name in small if name in entry["inputs"]}
    return prompt


class Bender:
    """Bends prompts at random."""

    def __init__(self, chance: random.Random, infos: dict[str, Any], log: str) -> None:
        self.chance = chance
        self.kinds = infos["StubAnything"]["input"]["required"]["kind"][0]
        self.classes = [name for name in infos if name.startswith("Aldar")] + [
            *(
                "PreviewAny",
                "StubAnything",
                "EmptyImage",
                "ImageInvert",
                "PrimitiveInt",
                "StubLists",
            )
        ]
        self.infos = infos
        twins = sorted((ROOT / "workflows" / "api").glob("*.json"))
        right = {kind for kind in self.kinds if kind.isupper()}
        self.bases = [
            without_models(json.loads(twin.read_text("utf-8")), infos, right) for twin in twins
        ] + [loop("bent", log), loop("kept", log)] * 3
        self.bends = (
            [self.constant] * 6
            + [self.link] * 4
            + [self.anything] * 4
            + [
                self.unplug,
                self.strange,
                self.another,
                self.rename,
                self.remove,
                self.double,
                self.chain,
                self.list,
            ]
        )

    def prompt(self) -> Prompt:
        prompt = (
            self.graph()
            if self.chance.random() < 0.15
            else copy.deepcopy(self.chance.choice(self.bases))
        )
        for _ in range(self.chance.choice((1, 1, 1, 2, 3, 6))):
            if prompt:
                self.chance.choice(self.bends)(prompt)
        return self._survived(prompt)

    def _survived(self, prompt: Prompt) -> Prompt:
        """The prompt without what stops ComfyUI's own queue for good, whatever the nodes: a link
        to a node that is not there, where another output keeps the prompt from being refused."""
        declared, dangling = {}, set()
        for node_id, entry in prompt.items():
            groups = self.infos[entry["class_type"]]["input"]
            names = {*groups.get("required", {}), *groups.get("optional", {})}
            declared[node_id] = [
                link[0] for name, link in entry["inputs"].items() if name in names and is_link(link)
            ]
            if any(is_link(link) and link[0] not in prompt for link in entry["inputs"].values()):
                dangling.add(node_id)
        refused = {node_id for node_id in dangling if {*declared[node_id]} - {*prompt}}
        while more := {n for n in declared if n not in refused and refused & {*declared[n]}}:
            refused |= more
        for node_id in [*prompt] if dangling else ():
            if node_id not in refused and self.infos[prompt[node_id]["class_type"]]["output_node"]:
                del prompt[node_id]
                return self._survived(prompt)
        return prompt

    def graph(self) -> Prompt:
        """Any of the nodes, joined by type where there is one that gives it."""
        prompt: Prompt = {}
        for number in range(self.chance.randint(2, 9)):
            class_type = self.chance.choice(self.classes)
            inputs = {}
            groups = self.infos[class_type]["input"]
            for name in [*groups.get("required", {}), *groups.get("optional", {})]:
                options = (groups.get("required", {}) | groups.get("optional", {}))[name][1:]
                if self.chance.random() < 0.6 and options and "default" in options[0]:
                    inputs[name] = options[0]["default"]
                elif self.chance.random() < 0.9:
                    inputs[name] = self.to(prompt)
            prompt[str(number)] = node(class_type, **inputs)
        prompt["shown"] = node("PreviewAny", source=self.to(prompt))
        return prompt

    def to(self, prompt: Prompt) -> list[Any]:
        ids = [*prompt, "gone"] if self.chance.random() < 0.1 else [*prompt] or ["gone"]
        return [
            self.chance.choice(ids),
            self.chance.choice((0, 0, 0, 0, 1, 1, 2, 5, -1, 9, 0.0, 1.5)),
        ]

    def _input(self, prompt: Prompt) -> tuple[Prompt, str]:
        entry = prompt[self.chance.choice([*prompt])]["inputs"]
        return entry, self.chance.choice([*entry]) if entry else "kind"

    def constant(self, prompt: Prompt) -> None:
        inputs, name = self._input(prompt)
        inputs[name] = copy.deepcopy(self.chance.choice(CONSTANTS))

    def link(self, prompt: Prompt) -> None:
        inputs, name = self._input(prompt)
        inputs[name] = self.to(prompt)

    def anything(self, prompt: Prompt) -> None:
        inputs, name = self._input(prompt)
        new = f"any{len(prompt)}"
        prompt[new] = node("StubAnything", kind=self.chance.choice(self.kinds))
        inputs[name] = [new, 0]

    def unplug(self, prompt: Prompt) -> None:
        inputs, name = self._input(prompt)
        inputs.pop(name, None)

    def strange(self, prompt: Prompt) -> None:
        inputs, _ = self._input(prompt)
        value = self.to(prompt) if self.chance.random() < 0.5 else self.chance.choice(CONSTANTS)
        inputs[
            self.chance.choice(("strange", "self", "cls", "", "v99", "take", "image", "story"))
        ] = value

    def another(self, prompt: Prompt) -> None:
        prompt[self.chance.choice([*prompt])]["class_type"] = self.chance.choice(self.classes)

    def rename(self, prompt: Prompt) -> None:
        old, new = self.chance.choice([*prompt]), self.chance.choice(IDS)
        prompt[new] = prompt.pop(old)
        for entry in prompt.values():
            for name, value in entry["inputs"].items():
                if isinstance(value, list) and value[:1] == [old] and self.chance.random() < 0.9:
                    entry["inputs"][name] = [new, *value[1:]]

    def remove(self, prompt: Prompt) -> None:
        del prompt[self.chance.choice([*prompt])]

    def double(self, prompt: Prompt) -> None:
        prompt[f"again{len(prompt)}"] = copy.deepcopy(prompt[self.chance.choice([*prompt])])

    def chain(self, prompt: Prompt) -> None:
        """Many nodes one behind the other, in place of a link."""
        inputs, name = self._input(prompt)
        last = inputs.get(name)
        if isinstance(last, list):
            for number in range(self.chance.choice((3, 40, 250, 600))):
                prompt[f"chain{number}"] = node("StubAnything", kind="IMAGE", before=last)
                last = [f"chain{number}", 0]
            inputs[name] = last

    def list(self, prompt: Prompt) -> None:
        """A list of values in place of one, perhaps an empty one."""
        inputs, name = self._input(prompt)
        if isinstance(inputs.get(name), list):
            new = f"list{len(prompt)}"
            count = self.chance.choice((0, 1, 2, 3))
            prompt[new] = node("StubLists", image=inputs[name], count=count, log="/dev/null")
            inputs[name] = [new, 0]


def is_link(value: Any) -> bool:
    """Whether ComfyUI takes a value for a link."""
    return (
        isinstance(value, list)
        and len(value) == 2
        and isinstance(value[0], str)
        and isinstance(value[1], (int, float))
    )


def tree(*folders: Path) -> dict[str, tuple[int, int]]:
    """Size and time of every file below some folders that a prompt may not write to."""
    files = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not {"__pycache__", ".venv", ".git"} & {*path.parts}:
                files[str(path)] = (path.stat().st_size, path.stat().st_mtime_ns)
    return files


def is_from_elsewhere(stopped: dict[str, Any]) -> bool:
    """Whether a node of the body that is not ours raised it, as far as the stack shows."""
    stack = "".join(stopped["traceback"])
    if "aldar_storyboard/nodes/" in stack:
        return False
    if not stack or "in get_input_data" in stack or "in slice_dict" in stack:
        return True  # ComfyUI itself, before any node is asked
    if any(
        caller in stopped["traceback"][-1] for caller in ("in process_inputs", "in wrapped_func")
    ):
        return True  # ComfyUI cannot call the node, be it for an input called "cls"; ours take any
    inside = any(part in stack for part in ("stub_pack", "comfy_extras", "ComfyUI/nodes.py"))
    return inside or not stopped["node_type"].startswith("Aldar")


def test_prompts_of_strangers_are_refused_run_or_end_in_an_error_of_ours(comfy, request):
    many = request.config.option.markexpr == "fuzz"
    seed = random.randrange(2**32) if many else 11
    chance = random.Random(seed)
    log = str(comfy.base / "hostile.log")
    good = loop("kept", log)
    (history,) = settle(comfy.client, [comfy.client.queue(good)])
    assert failure(history) is None
    kept = comfy.output / "kept"
    takes = {path: path.read_bytes() for path in (kept / "takes").glob("*.png")}
    assert len(takes) == 2
    watched = [
        path for path in comfy.base.iterdir() if path not in (comfy.output, comfy.base / "user")
    ]
    watched = [path for path in watched if path.is_dir() and path.name != "temp"]
    before, beside = tree(*watched), {*comfy.base.parent.iterdir()}

    bender = Bender(chance, comfy.client.object_info(), log)
    outcomes = {"refused": 0, "error": 0, "success": 0}
    wrong = []
    with httpx.Client(base_url=comfy.url, timeout=60) as http:
        for _ in range((MANY if many else FEW) // BATCH + 1):
            queued = []
            for _ in range(BATCH if many else FEW):
                body = {"prompt": bender.prompt(), "extra_data": chance.choice(EXTRA)}
                answer = http.post("/prompt", content=json.dumps(body))
                if answer.status_code == 200:
                    queued.append((answer.json()["prompt_id"], body))
                else:
                    outcomes["refused"] += 1
                    wrong += [] if answer.status_code == 400 else [(answer.status_code, body)]
            for (_, body), history in zip(
                queued, settle(comfy.client, [prompt for prompt, _ in queued]), strict=True
            ):
                stopped = failure(history)
                outcomes["error" if stopped else "success"] += 1
                if stopped and not ours(stopped) and not is_from_elsewhere(stopped):
                    told = {
                        key: stopped[key]
                        for key in ("node_type", "exception_type", "exception_message")
                    }
                    wrong.append((told, stopped["traceback"][-1], body))
    assert wrong == [], f"seed {seed}: {len(wrong)} wrong"
    assert all(outcomes.values()), outcomes

    assert tree(*watched) == before
    assert {*comfy.base.parent.iterdir()} == beside
    assert {path: path.read_bytes() for path in takes} == takes
    (history,) = settle(comfy.client, [comfy.client.queue(good)])
    assert failure(history) is None
    assert Board.load(kept).complete


def run(comfy, prompt: Prompt, **extra: Any) -> dict[str, Any] | None:
    """Post a prompt; what stopped it, or ``None``."""
    body = {"prompt": prompt, "extra_data": extra}
    answer = httpx.post(f"{comfy.url}/prompt", content=json.dumps(body), timeout=60)
    (history,) = settle(comfy.client, [answer.raise_for_status().json()["prompt_id"]])
    return failure(history)


def test_an_input_that_comfyui_did_not_ask_for_is_named(comfy):
    """It does not look behind inputs that a node does not declare."""
    stopped = run(
        comfy,
        {
            "1": node("StubAnything", kind="ALDAR_TAKE"),
            "2": node("AldarLatchSwitch", take=["1", 0]),
            "3": node("StubAnything", kind="IMAGE", beside=["2", 0]),
            "4": node("PreviewAny", source=["3", 0]),
        },
    )
    assert stopped and ours(stopped)
    assert "Latch switch: Input 'first' is missing" in stopped["exception_message"]


def test_an_output_that_a_node_does_not_have_does_not_hang_the_loop(comfy):
    prompt = loop("slot", str(comfy.base / "hostile.log"))
    prompt["5"] = node("StubAnything", kind="IMAGE", seed=["4", 2], beside=["3", 7])
    assert run(comfy, prompt) is None
    assert Board.load(comfy.output / "slot").complete


@pytest.mark.parametrize("extra", EXTRA)
def test_an_export_takes_any_metadata(comfy, extra):
    prompt = loop("extra", str(comfy.base / "hostile.log"))
    prompt["8"]["inputs"]["pipeline"] = f"stub {len(str(extra))}"
    prompt["1"]["strange"] = "\ud800"
    assert run(comfy, prompt, **extra) is None
    assert json.loads((comfy.output / "extra" / "workflow_api.json").read_text("utf-8"))


def test_a_list_of_stories_needs_a_loop_each(comfy):
    prompt = loop("listed", str(comfy.base / "hostile.log"))
    prompt["11"] = node("StubTwice", kind="ALDAR_STORY")
    prompt["2"]["inputs"]["story"] = ["11", 0]
    stopped = run(comfy, prompt)
    assert stopped and ours(stopped)
    assert "Frames: close: A list of several values" in stopped["exception_message"]

"""Controls: frames that the gate must accept, and frames that it must reject by the right score."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from aldar_storyboard.storyboard.gate.calibration import Calibration
from aldar_storyboard.storyboard.gate.measure.calibrate import calibrate
from aldar_storyboard.storyboard.gate.measure.examine import Tools
from aldar_storyboard.storyboard.prompts.compose import FramePrompt
from aldar_storyboard.storyboard.story import (
    CastMember,
    Character,
    Position,
    Shot,
    Size,
    Story,
)
from aldar_storyboard.storyboard.takes import Reference, Take
from aldar_storyboard.storyboard.tensors.images import to_tensor
from PIL import Image

from . import CHANGES, beside, dressed_as, group, jpeg, masked, people, recoloured, scene

HERO, BAI = "astronaut", "hopper"
"""Who plays Aldar, and who the bai."""
COLLAR = 190
"""The line below which the astronaut wears her suit."""
LIGHTS = ("bright", "warm", "cool", "hard light", "soft light", "jpeg", "tilted", "half size")
"""How the calibration sees the hero; the controls show her otherwise."""
STRANGERS, UNSEEN = ("hanks", "friend2", "friend4", "friend6"), ("friend1", "friend3", "friend5")
"""Whom the calibration knows as other people, and whom it was never shown."""


@dataclass(frozen=True, eq=False)
class Control:
    """A frame for the gate."""

    name: str
    take: Take
    picture: torch.Tensor
    """IMAGE [1, H, W, 3]."""
    rejected_by: str = ""
    """The score that must reject it; empty if it must be accepted."""


def controls(folder: Path) -> list[Control]:
    """Every control; references are written to ``folder``."""
    portraits = people()
    hero, bai = portraits[HERO], portraits[BAI]
    lit, bai_lit = CHANGES["dim"](hero), CHANGES["dim"](bai)
    alone = _take(folder, aldar=hero)
    both = _take(folder, aldar=hero, bai=bai)
    empty = _take(folder)
    lookalike = CHANGES["dim"](dressed_as("friend1", HERO))
    pasted = scene().resize((768, 512))
    pasted.paste(hero.crop((110, 0, 340, 230)), (250, 40))
    covered = next(p for who, cover, p in masked() if (who, cover) == (HERO, "cheek"))
    noise = np.random.default_rng(0).random((512, 512, 3), np.float32)
    takes = [
        Control("the hero in other light", alone, to_tensor(lit)),
        Control("the hero mirrored", alone, to_tensor(CHANGES["mirrored"](hero))),
        Control("the hero's clothes partly covered", alone, to_tensor(CHANGES["covered"](lit))),
        Control("the hero's face partly covered", alone, to_tensor(CHANGES["dim"](covered))),
        Control("hero and bai", both, to_tensor(beside(lit, bai_lit))),
        Control("hero and bai, sides changed", both, to_tensor(beside(bai_lit, lit))),
        Control("an empty set", empty, to_tensor(scene())),
    ]
    wrong: list[tuple[str, Take, Image.Image, str]] = [
        *((f"another person: {name}", alone, portraits[name], "face") for name in UNSEEN),
        ("the bai for the hero", alone, bai_lit, "face"),
        ("a lookalike in the hero's clothes", alone, lookalike, "face"),
        ("the bai twice", both, beside(bai_lit, CHANGES["cool"](bai)), "face"),
        ("a stranger for the bai", both, beside(lit, portraits["friend1"]), "face"),
        ("the same person in other clothes", alone, recoloured(lit, COLLAR), "costume"),
        ("no face", alone, scene(), "heads"),
        ("a dozen people for one", alone, beside(group(), group()), "heads"),
        ("two people for one", alone, beside(lit, portraits["friend1"]), "heads"),
        ("one person for two", both, lit, "heads"),
        ("three people for two", both, beside(beside(lit, bai_lit), portraits["friend1"]), "heads"),
        ("somebody in an empty set", empty, lit, "heads"),
        ("blank", alone, Image.new("RGB", (512, 512), "white"), "anomaly"),
        ("black", alone, Image.new("RGB", (512, 512)), "anomaly"),
        ("pasted reference", alone, hero, "copy"),
        ("pasted reference, saved again", alone, jpeg(hero, 70), "copy"),
        ("pasted face", alone, pasted, "copy"),
    ]
    takes += [Control(name, take, to_tensor(image), score) for name, take, image, score in wrong]
    takes += [
        Control("noise", alone, torch.from_numpy(noise)[None], "anomaly"),
        Control("NaN", alone, torch.full((1, 512, 512, 3), torch.nan), "anomaly"),
    ]
    return takes


def calibration(tools: Tools) -> Calibration:
    """A calibration on the hero: her own pictures, other people, and her in other clothes."""
    portraits = people()
    hero = portraits[HERO]
    own = {name: to_tensor(CHANGES[name](hero)) for name in LIGHTS}
    others = {name: to_tensor(portraits[name]) for name in STRANGERS}
    swapped = {
        f"{name} {shift}": to_tensor(recoloured(CHANGES[name](hero), COLLAR, shift))
        for name in ("warm", "cool", "bright")
        for shift in (64, 128, 192)
    }
    faces = calibrate(own, others, tools, "controls")
    clothes = calibrate(own, swapped, tools, "controls").thresholds["costume/colour"]
    thresholds = {**faces.thresholds, "costume/colour": clothes}
    return faces.model_copy(update={"thresholds": thresholds})


def _take(folder: Path, **references: Image.Image) -> Take:
    """A medium close-up of the characters that have a reference."""
    places = (Position.LEFT, Position.RIGHT) if len(references) > 1 else (Position.CENTER,)
    shot = Shot(
        number=1,
        place="steppe",
        action="a",
        size=Size.MEDIUM_CLOSE_UP,
        cast=[
            CastMember(character=character, position=place)
            for character, place in zip(references, places, strict=False)
        ],
    )
    names = {"aldar": "Aldar", "bai": "Bai"}
    characters = [Character(id=key, name=name, description="-") for key, name in names.items()]
    story = Story(title="t", logline="l", characters=characters, shots=[shot])
    stored = []
    for character, picture in references.items():
        key = hashlib.sha256(picture.tobytes()).hexdigest()[:32]
        path = folder / f"{key}.png"
        if not path.exists():
            picture.save(path)
        stored.append(Reference(character, path, key))
    prompt = FramePrompt(positive="-", negative="")
    return Take(story, shot, prompt, 1, 1, 0, 42, tuple(stored))

"""Prompts of the tests, in API format: single nodes, and the loop over stub nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aldar_storyboard.storyboard.story import CastMember, Character, Shot, Story

Prompt = dict[str, dict[str, Any]]


def node(kind: str, /, **inputs: Any) -> dict[str, Any]:
    """A node in API format."""
    return {"class_type": kind, "inputs": inputs}


def story(frames: int, actions: Mapping[int, str] | None = None) -> str:
    """A story of one character, in front of the camera in every shot, as JSON."""
    cast = [CastMember(character="aldar")]
    shots = [
        Shot(number=n, place="steppe", action=(actions or {}).get(n, f"action {n}"), cast=cast)
        for n in range(1, frames + 1)
    ]
    hero = Character(id="aldar", name="Aldar", description="a man")
    return Story(title="t", logline="l", characters=[hero], shots=shots).to_json()


def loop(text: str, board: str, log: str, judge: dict[str, Any], retries: int) -> Prompt:
    """A loop over the stub sampler, frames of 64 pixels: nodes 1 to 8, 6 being the judge.

    :param text: the story, as JSON.
    :param log: where the stubs write what they did.
    """
    return {
        "1": node("AldarLoadStory", json=text),
        "2": node("AldarFramesOpen", story=["1", 0], board=board, seed=42, retries=retries),
        "3": node("StubLoader", name="model", log=log),
        "4": node("AldarTakePrompt", take=["2", 1]),
        "5": node(
            "StubSampler",
            model=["3", 0],
            seed=["4", 2],
            text=["4", 0],
            side=64,
            seconds=0.0,
            log=log,
        ),
        "6": judge,
        "7": node("AldarFramesClose", flow=["2", 0], image=["5", 0], verdict=["6", 0]),
        "8": node("AldarExportBoard", board=["7", 0], pipeline="stub"),
    }

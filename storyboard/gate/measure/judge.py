"""The gate at work: takes and their pictures in, verdicts out.

Pictures go through CLIP in one batch, on the device they lie on; faces, colours and keypoints
take them one by one. What cannot be measured says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch

from ...errors import FrameError
from ...story import FACE_TOO_SMALL
from ...takes import Take
from ..anomaly import anomaly_score
from ..copies import copy_reading
from ..policy import Policy, Reading
from ..sight import Visibility
from ..verdict import Box, Crop, Verdict
from . import clip, colours, keypoints, prompt
from .examine import LEAST_SIDE, Examined, Tools
from .faces import Missing
from .features import Look
from .likeness import align, difference
from .matching import count_heads, face_reading
from .regions import pixels_of, square

NO_CLIP = "no CLIP vision model is connected to the gate"
NO_NUMBER = "the CLIP model gives no numbers: it is damaged, or overflows in half precision"
BROKEN = "the picture holds NaN or infinite pixels"
TOO_SMALL = f"the picture has fewer than {LEAST_SIDE} pixels a side"
WHOLE, HEAD, CLOTHES = "", "head", "clothes"


def judge(
    takes: Sequence[Take], pictures: Sequence[torch.Tensor], tools: Tools, policy: Policy
) -> list[Verdict]:
    """The verdicts on the pictures of some takes.

    :param pictures: IMAGEs of one picture each, [1, H, W, C]; sizes may differ.
    :raises FrameError: ``image_unusable`` if there is not one picture per take, or something is
        not a picture.
    """
    if len(takes) != len(pictures):
        raise FrameError(
            "image_unusable",
            f"The gate got {len(pictures)} pictures for {len(takes)} takes.",
            "One take needs one picture: set the batch size to 1 inside the loop, or choose one "
            "picture of the batch before the gate.",
        )
    frames = [Examined(*pair, tools) for pair in zip(takes, pictures, strict=True)]
    _embed(frames)
    words = _prompts(frames)
    return [
        policy.verdict(
            [*_compared(frame), reading, anomaly_score(frame.pixels)],
            frame.board_hash,
            tools.lacking,
        )
        for frame, reading in zip(frames, words, strict=True)
    ]


def _embed(frames: Sequence[Examined]) -> None:
    """Everything CLIP has to look at, together: whole frames, and parts of them."""
    todo: list[tuple[Examined, tuple[str, str], torch.Tensor]] = []
    model = frames[0].tools.clip if frames else None
    if model is None:
        return
    for frame in frames:
        if not frame.finite or not frame.looks:
            continue
        todo.append((frame, (WHOLE, ""), frame.tensor))
        parts = [(CLOTHES, look, frame.clothes(look.character)) for look in _dressed(frame)]
        parts += [(HEAD, look, frame.head(look.character)) for look in frame.drawn]
        for part, look, box in parts:
            if box is not None:
                cut = square(frame.tensor, box, clip.side(model))
                todo.append((frame, (part, look.character), cut))
    if todo:
        rows = clip.embed(model, [picture for *_, picture in todo])
        for (frame, key, _), row in zip(todo, rows, strict=True):
            frame.embeddings[key] = row


def _prompts(frames: Sequence[Examined]) -> list[Reading]:
    """The prompt scores: one forward pass for all frames."""
    tools = frames[0].tools if frames else None
    sound = [frame for frame in frames if frame.finite]
    if tools is None or isinstance(tools.text, str):
        why = tools.text if tools else ""
        return [Reading("prompt", prompt.NAME, reason=str(why)) for _ in frames]
    texts = [frame.take.prompt.positive for frame in sound]
    values = tools.text.scores([frame.tensor for frame in sound], texts) if sound else []
    by_frame = dict(zip(map(id, sound), values, strict=True))
    return [
        Reading(
            "prompt",
            prompt.NAME,
            by_frame.get(id(frame)),
            NO_NUMBER if frame.finite else BROKEN,
            gates=False,
        )
        for frame in frames
    ]


def _compared(frame: Examined) -> Iterator[Reading]:
    """The scores that compare a frame with references, and the head count."""
    reason = "" if frame.finite else BROKEN
    if not reason and not frame.looks:
        cast = [frame.take.story.character(m.character).name for m in frame.take.shot.cast]
        reason = (
            f"there is no reference of {', '.join(cast)} yet" if cast else "nobody is in the shot"
        )
    if reason:
        yield Reading("identity", clip.NAME, reason=reason)
        yield Reading("face", _face_method(frame), reason=reason)
        yield Reading("costume", colours.NAME, reason=reason)
        yield Reading("keypoints", keypoints.NAME, reason=reason, gates=False)
        yield Reading("copy", "pixels", reason=reason)
    else:
        identity = _identity(frame)
        yield identity
        yield from _faces(frame)
        yield from _costume(frame)
        yield _keypoints(frame)
        yield _copy(frame, identity.value)
    yield _heads(frame)


def _identity(frame: Examined) -> Reading:
    look, model = frame.subject, frame.tools.clip
    if model is None or look is None:
        return Reading("identity", clip.NAME, reason=NO_CLIP)
    value = clip.cosine(frame.embeddings[WHOLE, ""], look.embedding(model))
    crop = Crop(subject=look.character, box=clip.looked_at(frame.size), value=value)
    words = f"the frame does not look like the reference of {look.name}"
    words = NO_NUMBER if value is None else words
    gates = frame.take.story.shows_face(frame.take.shot, look.character)
    return Reading("identity", clip.NAME, value, words, gates, (crop,))


def _faces(frame: Examined) -> Iterator[Reading]:
    """The face scores: by the face model, and by CLIP on the heads of those in whose references
    it finds no face."""
    name = "face"
    if not frame.faced:
        yield Reading(name, _face_method(frame), reason="no face can be seen in the shot")
    elif frame.found is not None and frame.found.looks:
        yield face_reading(frame.found, frame.sight, frame.faced)
        name = "drawn face"
    if frame.drawn:
        yield _drawn_face(frame, name)


def _drawn_face(frame: Examined, name: str) -> Reading:
    if isinstance(frame.tools.faces, Missing):
        reason = frame.tools.faces.reason
    elif frame.found is None:
        reason = TOO_SMALL
    else:
        names = ", ".join(look.name for look in frame.drawn)
        reason = f"no face was found in the reference of {names}"
    if frame.tools.clip is None:
        return Reading(name, _face_method(frame), reason=f"{reason}; {NO_CLIP}")
    shown = {p.character for p in frame.sight.people if p.face is Visibility.SHOWN}
    firm = [look for look in frame.drawn if look.character in shown]
    pairs = [(look, frame.head(look.character), look.head) for look in firm or frame.drawn]
    words = "the head does not look like that of the reference"
    return _by_clip(frame, name, HEAD, pairs, words, bool(firm))


def _costume(frame: Examined) -> Iterator[Reading]:
    looks = _dressed(frame)
    gates = frame.take.shot.size not in FACE_TOO_SMALL
    words = "the clothes are not those of the reference"
    reason = "frame or reference ends above the clothes, or nothing says where they are"
    if not looks and any(frame.redressed(look) for look in frame.looks):
        reason = "the outfit is changed on purpose"
    crops = []
    for look in looks:
        box, colour = frame.clothes(look.character), look.colours()
        if box is not None and colour is not None:
            value = colours.alike(colours.describe(pixels_of(frame.pixels, box)), colour)
            crops.append(Crop(subject=look.character, box=box, value=round(value, 4)))
    value = min((crop.value for crop in crops if crop.value is not None), default=None)
    by_colour = Reading(
        "costume", colours.NAME, value, reason if value is None else words, gates, tuple(crops)
    )
    if frame.tools.clip is None or not looks:
        yield by_colour
        return
    pairs = [(look, frame.clothes(look.character), look.clothes) for look in looks]
    yield _by_clip(frame, "costume", CLOTHES, pairs, words, gates, reason)
    yield replace(by_colour, name="colours", gates=False)


def _by_clip(
    frame: Examined,
    name: str,
    part: str,
    pairs: Sequence[tuple[Look, Box | None, Box | None]],
    words: str,
    gates: bool,
    reason: str = "it is not known where the heads are",
) -> Reading:
    """A score by CLIP: the least similar of the parts that are compared.

    :param pairs: (reference, where the part is in the frame, where it is in the reference).
    """
    model = frame.tools.clip
    assert model
    crops = []
    for look, box, place in pairs:
        if box is not None and place is not None:
            value = clip.cosine(
                frame.embeddings[part, look.character], look.embedding(model, place)
            )
            crops.append(Crop(subject=look.character, box=box, value=value))
    values = [crop.value for crop in crops if crop.value is not None]
    if len(values) < len(crops):
        return Reading(name, clip.NAME, reason=NO_NUMBER, crops=tuple(crops))
    value = min(values, default=None)
    return Reading(name, clip.NAME, value, reason if value is None else words, gates, tuple(crops))


def _heads(frame: Examined) -> Reading:
    if isinstance(frame.tools.faces, Missing):
        return Reading("heads", "none", reason=frame.tools.faces.reason)
    if frame.found is None:
        reason = BROKEN if not frame.finite else TOO_SMALL
        return Reading("heads", frame.tools.faces.name, reason=reason)
    names = {c.id: c.name for c in frame.take.story.characters}
    return count_heads(frame.found, frame.sight, frame.looks, names)


def _keypoints(frame: Examined) -> Reading:
    look, reason = frame.subject, keypoints.missing()
    if reason is not None or look is None:
        return Reading("keypoints", keypoints.NAME, reason=reason or "", gates=False)
    value = keypoints.alike(look.keypoints(), keypoints.find(frame.pixels))
    reason = "frame or reference has too little detail" if value is None else ""
    crop = Crop(subject=look.character, box=(0, 0, *frame.size), value=value)
    return Reading("keypoints", keypoints.NAME, value, reason, False, (crop,))


def _copy(frame: Examined, cosine: float | None) -> Reading:
    whole = min(
        ((look.hash ^ frame.hash).bit_count(), difference(look.thumbnail, frame.thumbnail))
        for look in frame.looks
    )
    faces = {}
    for look in frame.looks if frame.found else ():
        face, theirs = frame.found.face(look.character) if frame.found else None, look.face
        if face is not None and theirs is not None and look.portrait is not None:
            laid = align(frame.pixels, face, theirs)
            faces[face.box] = difference(laid, look.portrait)
    closest = min(faces.items(), key=lambda item: item[1], default=None)
    crops = (Crop(box=closest[0], value=round(closest[1], 4)),) if closest else ()
    return copy_reading(whole, closest[1] if closest else None, cosine, crops)


def _dressed(frame: Examined) -> list[Look]:
    """References of those who are staged here in the clothes they wear there: only such clothes may
    be compared."""
    staged = (look for look in frame.looks if frame.sight.person(look.character))
    return [look for look in staged if not frame.redressed(look)]


def _face_method(frame: Examined) -> str:
    faces = frame.tools.faces
    return clip.NAME if isinstance(faces, Missing) else faces.name

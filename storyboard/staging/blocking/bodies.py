"""Bodies: posed figures before they have their place, and the camera that frames them.

The camera follows from the bodies and the shot's size and angle; the shot's screen positions give
each body a place; neighbours push each other apart, and the camera steps back when the frame is
too narrow for them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import combinations, pairwise

import numpy as np

from ... import sets
from ...story import (
    IN_THE_SKY,
    Angle,
    CastMember,
    Depth,
    Facing,
    Kind,
    Look,
    Pose,
    Position,
    PropItem,
    PropKind,
    Shot,
    Size,
    Story,
)
from .camera import CLOSE, CUTS, STRIP, Camera, camera_on_bodies, camera_on_things, pitch_of
from .company import partners, told_apart
from .creatures import Creature, pose_figure
from .headroom import reach_of, rise_of
from .measures import PROPS, measure
from .poses import FACINGS, L_WRIST, OFFER, OFFER_HIGH, R_WRIST
from .skeleton import Skeleton

SLOTS = {
    Position.FAR_LEFT: 0.14,
    Position.LEFT: 0.32,
    Position.CENTER: 0.5,
    Position.RIGHT: 0.68,
    Position.FAR_RIGHT: 0.86,
}
"""Share of the width at which a position stands: the thirds, the middle, the edges."""
_LONE = (0.3, 0.7)
"""Between which shares of the width somebody alone stands."""
_DEPTHS = {Depth.FOREGROUND: 0.8, Depth.MIDGROUND: 1.0, Depth.BACKGROUND: 1.75}
_TOUCHING = {Pose.HANDING_OVER, Pose.RECEIVING, Pose.WHISPERING, Pose.GRABBING}
_IDLE_ARMS = {
    Pose.STANDING,
    Pose.WALKING,
    Pose.SITTING,
    Pose.KNEELING,
    Pose.SITTING_CROSS_LEGGED,
    Pose.RIDING,
    Pose.LAUGHING,
    Pose.SNEAKING,
    Pose.CROUCHING,
    Pose.HAND_ON_CHEST,
    Pose.HANDS_ON_HIPS,
    Pose.ARMS_CROSSED,
    Pose.BOWING,
}
"""Poses whose left arm is free to show what it holds."""
_TOOLS = {
    Pose.PLAYING_DOMBRA: PropKind.DOMBRA,
    Pose.DIGGING: PropKind.SHOVEL,
    Pose.EATING: PropKind.BOWL,
    Pose.READING: PropKind.BOOK,
    Pose.PHONING: PropKind.PHONE,
}
_ANY_TOOL = {Pose.READING, Pose.PHONING, Pose.EATING}
"""Poses that do with whatever the hands hold."""
_EYE_LEVEL = 1.5
"""Metres: a crowd's further heads are raised at least so far."""
_ROW = 4
"""As many of one depth stand side by side; more form rows."""


@dataclass
class Body:
    """A figure before it has a place."""

    member: CastMember
    look: Look
    skeleton: Skeleton
    flip: bool
    depth: float
    mount: PropKind | None
    held: tuple[PropItem, ...]
    x: float = 0.0
    """Middle of the body on the level picture, pixels."""
    shoulder: bool = False
    """The camera looks over its shoulder: it may leave the frame in part."""
    lift: float = 0.0
    """How much higher it stands than the ground, metres: the back rows of a crowd."""
    by_head: bool = False
    """Placed by its head, not by its middle: an animal in a close shot."""
    lean: float = 0.0
    """How far it moves aside for that shoulder, shares of the width."""
    partner: Body | None = field(default=None, repr=False)
    """Whom it touches."""

    @property
    def top(self) -> float:
        """Height of the top of the hat over the ground, metres."""
        s = self.skeleton
        return float(s.head[1]) + s.head_size * (0.5 + rise_of(self.look))

    @property
    def chin(self) -> float:
        """Height of the chin over the ground, metres."""
        return float(self.skeleton.head[1]) - self.skeleton.head_size * 0.6

    @property
    def middle(self) -> float:
        """x of the middle of the body, or of its mount, in the body's own frame, metres."""
        if self.mount:
            return 0.0
        if self.by_head:
            return float(self.skeleton.head[0])
        x = self.skeleton.joints[:, 0]
        return float(x.max() + x.min()) / 2

    @property
    def hat_reach(self) -> float:
        """Half of the width of head and hat, metres."""
        return self.skeleton.head_size * reach_of(self.look)

    def head_aside(self, camera: Camera) -> float:
        """How far the head is to the right of the middle of the body, pixels."""
        aside = float(self.skeleton.head[0]) - self.middle
        return (-aside if self.flip else aside) * camera.scale / self.depth

    @property
    def half(self) -> float:
        """Half of the width of body and hat, metres."""
        x, s = self.skeleton.joints[:, 0], self.skeleton
        half = float(np.ptp(x)) / 2 + 0.07 + 0.06 * s.body.girth
        return max(half, abs(float(s.head[0]) - self.middle) + self.hat_reach)


def pose_all(story: Story, shot: Shot, size: tuple[int, int]) -> tuple[list[Body], list[PropItem]]:
    """Pose everybody, hand out mounts and tools; also the props that are left."""
    loose, mounts, held = _share_props(story, shot)
    looks = told_apart(story)
    bodies = [
        _pose(
            story,
            shot,
            member,
            mounts.get(member.character),
            tuple(held[member.character]),
            looks.get(member.character),
        )
        for member in shot.cast
    ]
    for a, b in partners(shot):
        bodies[a].partner, bodies[b].partner = bodies[b], bodies[a]
    if shot.angle is Angle.OVER_SHOULDER and len(bodies) > 1:
        _over_shoulder(bodies, shot.size in CLOSE)
    _form_rows(bodies, size[0] < size[1] * 0.8, shot.size in CLOSE)
    if shot.size in CLOSE[:4]:
        _raise_animals(bodies, shot.size)
    return bodies, loose


def find_places(
    bodies: list[Body], loose: list[PropItem], shot: Shot, size: tuple[int, int]
) -> Camera:
    """Set up the camera and every body's ``x``."""
    camera = _choose_camera(shot, size, bodies, loose)
    for body in bodies:
        slot = SLOTS[body.member.position]
        if len(bodies) == 1:  # nobody holds the other side
            slot = min(max(slot, _LONE[0]), _LONE[1])
        body.x = size[0] * (slot + body.lean)
        body.x += _look_room(body, shot, size[0])
    camera = _spread([d for d in bodies if not d.shoulder], camera, shot)
    for body in bodies:
        if body.shoulder:
            body.x = _shoulder_place(body, bodies, camera)
    return camera


def _share_props(
    story: Story, shot: Shot
) -> tuple[list[PropItem], dict[str, PropKind], dict[str, list[PropItem]]]:
    """Split the props: (loose ones, character -> mount, character -> what its hands hold)."""
    loose = [prop for prop in shot.props if prop.kind not in IN_THE_SKY]
    mounts: dict[str, PropKind] = {}
    held: dict[str, list[PropItem]] = {}
    for member in shot.cast:
        who = member.character
        mine = [p for p in loose if p.held_by == who and measure(p).held][:2]
        handy = story.look(member).kind is not Kind.ANIMAL
        tool = _TOOLS.get(member.pose) if handy else None
        wanted = [tool] if tool and not (mine and member.pose in _ANY_TOOL) else []
        for kind in wanted:
            free = [p for p in loose if p.kind is kind and p.held_by in (None, who)]
            loose = [p for p in loose if p is not (free[0] if free else None)]
        loose = [p for p in loose if not any(p is q for q in mine)]
        held[who] = [PropItem(kind=kind) for kind in wanted]
        held[who] += [p for p in mine if p.kind not in wanted]
    for member in shot.cast:
        if member.pose is Pose.RIDING:
            free = [p for p in loose if PROPS[p.kind].mount]
            free.sort(key=lambda p: p.held_by != member.character)
            mounts[member.character] = free[0].kind if free else PropKind.HORSE
            loose = [p for p in loose if p is not (free[0] if free else None)]
    return loose, mounts, held


def _pose(
    story: Story,
    shot: Shot,
    member: CastMember,
    mount: PropKind | None,
    held: tuple[PropItem, ...],
    own: Look | None,
) -> Body:
    look = story.look(member, own)
    shown = None
    if held and member.pose in _IDLE_ARMS:
        small = max(measure(item).height * measure(item).held for item in held) < 0.42
        shown = OFFER_HIGH if shot.size in CLOSE[:3] and small else OFFER
    skeleton = pose_figure(
        member.pose, member.emotion, member.facing, look, pitch_of(shot.angle), shown
    )
    if mount:
        hips = float(skeleton.joints[[8, 11], 1].mean())
        skeleton = skeleton.raised(PROPS[mount].mount - hips)
    _, flip = FACINGS[member.facing]
    if member.facing in (Facing.FRONT, Facing.BACK):
        here = SLOTS[member.position]
        others = [SLOTS[m.position] for m in shot.cast if m is not member]
        flip = (sum(others) / len(others) if others else 0.5) < here
    return Body(member, look, skeleton, flip, _DEPTHS[member.depth], mount, held)


def _over_shoulder(bodies: list[Body], close: bool) -> None:
    """Bring one figure close to the lens, its back to us, at the side it stands on."""
    near = next((d for d in bodies if d.member.facing is Facing.BACK), None)
    near = near or next((d for d in bodies if d.member.depth is Depth.FOREGROUND), None)
    near = near or bodies[-1]
    here = SLOTS[near.member.position]
    others = [SLOTS[d.member.position] for d in bodies if d is not near]
    left = here < sum(others) / len(others) if here == 0.5 else here < 0.5
    near.skeleton = pose_figure(near.member.pose, near.member.emotion, Facing.BACK, near.look)
    near.flip, near.mount = not left, None
    near.depth = 0.7 if close else 0.45
    near.shoulder = True
    for body in bodies:
        if body is not near:
            here = SLOTS[body.member.position]
            body.lean = (max(here, 0.62) if left else min(here, 0.38)) - here
    near.member = near.member.model_copy(
        update={
            "facing": Facing.BACK,
            "position": Position.FAR_LEFT if left else Position.FAR_RIGHT,
        }
    )


def _shoulder_place(near: Body, bodies: list[Body], camera: Camera) -> float:
    """As far in as leaves the other heads free, at least a third of its head in the frame."""
    width = camera.size[0]
    left = near.member.position is Position.FAR_LEFT
    reach = near.hat_reach * camera.scale / near.depth
    edges = [
        d.x + d.head_aside(camera) + (-1 if left else 1) * d.hat_reach * camera.scale / d.depth
        for d in bodies
        if d is not near
    ]
    if left:
        head = max(-reach * 0.3, min(width * 0.2, min(edges) - reach))
    else:
        head = min(width + reach * 0.3, max(width * 0.8, max(edges) + reach))
    return head - near.head_aside(camera)


def _form_rows(bodies: list[Body], narrow: bool, close: bool) -> None:
    """A crowd of one depth stands in rows, the further ones higher, so that nobody is hidden; in a
    narrow picture three are a crowd."""
    crowd = len(bodies) > _ROW or (narrow and close and len(bodies) > 2)
    for depth in sorted({d.depth for d in bodies}):
        same = sorted(
            (d for d in bodies if d.depth == depth and not d.partner),
            key=lambda d: SLOTS[d.member.position],
        )
        rows = math.ceil(len(same) / (2 if narrow and len(same) > 2 else _ROW))
        for start in range(0, len(same), max(1, rows)):
            file = sorted(same[start : start + rows], key=lambda d: d.top)
            for row, body in enumerate(file):
                body.depth = depth * (1 + 0.22 * row)
    ranks = sorted({d.depth for d in bodies if not d.shoulder})
    for body in bodies:
        rank = 0 if body.shoulder or not crowd else ranks.index(body.depth)
        if rank:
            body.lift = 0.24 * rank + max(0.0, _EYE_LEVEL - float(body.skeleton.head[1]))


def _raise_animals(bodies: list[Body], size: Size) -> None:
    """In a close shot an animal is placed by its head, and beside people held up to them.

    Its feet stay below the picture, as if it stood on something, unless it is too small for that.
    """
    people = [d for d in bodies if not isinstance(d.skeleton, Creature) and not d.shoulder]
    for body in bodies:
        if not isinstance(body.skeleton, Creature) or body.mount:
            continue
        body.by_head = True
        if people:
            top = max(d.top for d in people)
            span = CUTS[size] * max(d.skeleton.body.height for d in people)
            feet = top - span / (1 - STRIP) - 0.03
            chin = top - span * 0.97 - body.chin
            if body.chin < top - span * 0.9:
                body.skeleton = body.skeleton.raised(max(0.0, feet, chin))


def _choose_camera(
    shot: Shot, size: tuple[int, int], bodies: list[Body], loose: list[PropItem]
) -> Camera:
    inside = sets.named(shot.setting).inside
    if not bodies:
        sized = measure(loose[0]) if loose else None
        subject = (sized.width, sized.height) if sized else None
        return camera_on_things(size, shot.size, shot.angle, subject, inside)
    leads = [d for d in bodies if 0.7 < d.depth <= 1.3] or bodies
    lead = min(leads, key=lambda d: (abs(SLOTS[d.member.position] - 0.5), d.depth))
    if shot.size is Size.EXTREME_CLOSE_UP:
        leads = [lead]
    return camera_on_bodies(
        size,
        shot.size,
        shot.angle,
        top=max(d.top for d in leads),
        near=max(d.top / d.depth for d in bodies if not d.shoulder),
        body=max(d.skeleton.body.height for d in leads),
        head=(float(lead.skeleton.head[1]), lead.skeleton.head_size),
        lowest=min(d.chin for d in leads),
        crowd=len(bodies) > _ROW,
        least=min(1.3, max(_least(d) for d in leads)),
        inside=inside,
    )


def _least(body: Body) -> float:
    """How tall a body counts at least in a wide shot, metres: somebody who lies is no giant."""
    creature = isinstance(body.skeleton, Creature)
    return body.skeleton.body.height * 0.75 if creature else 1.3


def _look_room(body: Body, shot: Shot, width: int) -> float:
    """A lone figure that looks to one side leaves room there."""
    if len(shot.cast) > 1 or body.member.position is not Position.CENTER:
        return 0.0
    yaw = body.skeleton.yaw
    return (0.1 if body.flip else -0.1) * width * math.sin(math.radians(yaw))


def _room(body: Body, camera: Camera) -> float:
    """Half the width a figure wants for itself, pixels; in a close shot, that of its shoulders."""
    s = body.skeleton
    shoulders = max(
        s.body.height * (s.body.shoulder + 0.045 * s.body.girth),
        s.head_size * reach_of(body.look),
    )
    near = min(1.0, max(0.0, camera.distance - 1.2))
    metres = shoulders + (max(shoulders, min(body.half, 0.85)) - shoulders) * near
    if body.mount:
        metres = PROPS[body.mount].width * (0.5 if camera.distance > 4 else 0.3)
    elif isinstance(s, Creature):
        metres = s.head_size * reach_of(body.look) if body.by_head else body.half
    elif camera.face_only:
        metres = s.head_size * 0.5
    return metres * camera.scale / body.depth


def _sink(camera: Camera, count: int) -> float:
    """How far a view that has stepped back until feet came into it moves down, pixels: a crowd
    fills the frame to its lower edge, others stand near it, with no half of the frame empty."""
    feet, floor = camera.level(0.0, 1.0), camera.size[1] * (1 - STRIP)
    if count > _ROW:
        return max(0.0, camera.size[1] - feet)
    tall = camera.scale * 1.7
    wanted = floor * (0.97 if tall > floor * 0.6 else 0.9)
    return max(0.0, wanted - feet)


def _join(row: list[Body], camera: Camera) -> None:
    """Bring those who touch together, around the middle between their places."""
    for left in row:
        right = left.partner
        if right is None or right not in row or row.index(right) < row.index(left):
            continue
        middle, gap = (left.x + right.x) / 2, _gap(left, right, camera)
        left.x, right.x = middle - gap / 2, middle + gap / 2


def _touch(left: Body, right: Body, camera: Camera) -> float:
    """Pixels between the middles of two who touch: breast to breast, hand in hand, or one's fist
    before the other."""
    reaches = []
    for body, side in ((left, 1), (right, -1)):
        turned = -1 if body.flip else 1
        hands = (body.skeleton.joints[[R_WRIST, L_WRIST], 0] - body.middle) * turned * side
        reaches.append(float(hands.max()))
    poses = {left.member.pose, right.member.pose}
    girth = (left.skeleton.body.girth + right.skeleton.body.girth) / 2
    if camera.face_only:
        return _head_gap(left, right, camera)
    if Pose.EMBRACING in poses:
        metres = 0.26 + 0.1 * girth
    elif Pose.SHAKING_HANDS in poses:
        metres = max(0.4, reaches[0] + reaches[1] + 0.1)
    else:
        metres = max(0.45, max(reaches) + 0.22 * girth)
    depth = (left.depth + right.depth) / 2
    return max(metres * camera.scale / depth, _head_gap(left, right, camera))


def _gap(a: Body, b: Body, camera: Camera) -> float:
    """Pixels that two neighbours keep between their middles."""
    if a.partner is b:
        return _touch(a, b, camera)
    both = _room(a, camera) + _room(b, camera)
    if abs(a.depth - b.depth) > 0.12:
        near = a if a.depth < b.depth else b
        both *= 0.85 if near.mount else 0.62
    else:
        both *= 0.86 if {a.member.pose, b.member.pose} & _TOUCHING else 1.02
    return max(both, _head_gap(a, b, camera))


def _head_gap(a: Body, b: Body, camera: Camera) -> float:
    """Pixels between the middles of ``a`` and, to its right, ``b`` that keep their faces apart."""
    spots = []
    for body in (a, b):
        s, scale = body.skeleton, camera.scale / body.depth
        high = camera.level(float(s.head[1]) + body.lift, body.depth)
        spots.append((body.head_aside(camera), high, s.head_size * scale))
    (ax, ay, asize), (bx, by, bsize) = spots
    if abs(ay - by) > (asize + bsize) * 0.5:
        return 0.0
    return (asize + bsize) * 0.46 + ax - bx


def _edge(body: Body, camera: Camera) -> float:
    """How close to the edge of the picture the middle of a figure may come, pixels."""
    s = body.skeleton
    if camera.face_only:
        return s.head_size * 0.46 * camera.scale / body.depth
    head = s.head_size * reach_of(body.look) + abs(float(s.head[0]) - body.middle)
    whole = camera.distance > 2.2 or isinstance(s, Creature)
    reach = body.half if whole and not body.by_head else 0.0
    return (
        max(
            head * camera.scale / body.depth,
            reach * camera.scale / body.depth,
            _room(body, camera) if body.mount and camera.distance > 4 else 0,
        )
        + 4
    )


def _spread(bodies: list[Body], camera: Camera, shot: Shot) -> Camera:
    """Push figures apart; step back if the frame is too narrow for them."""
    if not bodies or (shot.size is Size.EXTREME_CLOSE_UP and len(bodies) == 1):
        return camera
    width = camera.size[0]
    row = sorted(bodies, key=lambda d: d.x)

    def need() -> float:
        gaps = sum(_gap(a, b, camera) for a, b in pairwise(row))
        return gaps + _edge(row[0], camera) + _edge(row[-1], camera)

    squeeze = 1.0
    if need() > width:
        limit = 0.65 if len(row) < 3 and camera.distance < 2 and not camera.face_only else 0.4
        factor = max(limit, width / need())
        if shot.size in CLOSE:
            camera = camera.back(factor, max(d.top for d in row), (1 - factor) * 0.25 * width)
            camera = camera.back(1.0, 0.0, _sink(camera, len(row)))
        else:
            camera = camera.back(factor, 0.0, -(1 - factor) * 0.1 * camera.size[1])
        squeeze = min(1.0, width / need())
    _join(row, camera)
    row.sort(key=lambda d: d.x)
    gaps = [(a, b, _gap(a, b, camera) * squeeze) for a, b in combinations(row, 2)]
    edges = [(d, min(_edge(d, camera), width / 2)) for d in row]
    for _ in range(60):
        moved = 0.0
        for a, b, gap in gaps:
            lack = gap - (b.x - a.x)
            if lack > 0:
                a.x, b.x, moved = a.x - lack / 2, b.x + lack / 2, max(moved, lack)
        for d, reach in edges:
            d.x = min(max(d.x, reach), width - reach)
        if moved < 0.5:
            break
    return camera

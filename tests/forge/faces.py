"""A face detector and a face recogniser for insightface, and pictures in which they find faces.

To the detector a face is a green disc, about a fifth of the picture's longer side wide. The
recogniser tells discs apart by what is painted on them. Needs the package ``onnx``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw

PACK = "insightface/models/buffalo_l"
GREEN = (20, 230, 20)
DIAMETER = 0.22
"""Of the longer side of the picture."""
BOX = 160
"""Side of the box of a face, in pixels of the 640 x 640 that insightface looks at."""
STRIDES = (8, 16, 32)
"""insightface expects answers for cells of these sizes; here only the last finds anything."""
ANCHORS = 2
"""Answers for each cell; here only the first finds anything."""
NEVER = -60.0
"""A score before the sigmoid."""
POINTS = np.array([(38.3, 51.7), (73.5, 51.5), (56.0, 71.7), (41.5, 92.4), (70.7, 92.2)])
"""Eyes, nose and corners of the mouth in the 112 x 112 crop of ArcFace (insightface,
``utils/face_align.py``)."""


def forge_faces(folder: Path) -> Path:
    """Write both models into a models folder; returns the folder of the pack."""
    pack = folder / PACK
    pack.mkdir(parents=True, exist_ok=True)
    onnx.save(_detector(), pack / "det_10g.onnx")
    onnx.save(_recogniser(), pack / "w600k_r50.onnx")
    return pack


def portrait(
    marks: Sequence[tuple[int, int, int]] = ((0, 0, 0),),
    places: Sequence[tuple[float, float]] = ((0.5, 0.5),),
    side: int = 512,
) -> Image.Image:
    """A grey picture with a face at each place.

    :param marks: colours of the stripes painted on the faces: who it is.
    :param places: centres, as fractions of the side.
    """
    image = Image.new("RGB", (side, side), (120, 120, 120))
    draw = ImageDraw.Draw(image)
    radius = DIAMETER * side / 2
    for x, y in places:
        left, top = x * side - radius, y * side - radius
        draw.ellipse((left, top, left + 2 * radius, top + 2 * radius), GREEN)
        width = radius / len(marks)
        for place, colour in enumerate(marks):
            start = left + radius / 2 + place * width
            stripe = (start, y * side, start + width / 2, y * side + radius / 3)
            draw.rectangle(stripe, colour)
    return image


def _detector() -> onnx.ModelProto:
    """Nine outputs [cells * anchors, 1 | 4 | 10]: scores, boxes and points for three strides."""
    graph = _Graph()
    cell = STRIDES[-1]
    grids = {size: graph.pool("AveragePool", "image", size, size) for size in STRIDES}
    # Seen from the corner of a cell, a disc fills most of a window of 4 x 4 cells, and a fifth of
    # one of 8 x 8.
    inner = graph.pool("AveragePool", grids[cell], 4, 1, [2, 2, 1, 1])
    outer = graph.pool("AveragePool", grids[cell], 8, 1, [4, 4, 3, 3])
    green = 20 * np.array([[-0.5, 1.0, -0.5]])
    both = graph.add("Concat", inner, outer, axis=1)
    found = graph.conv(both, np.hstack([green, -green]), [-8.0])
    # Of neighbouring corners only the best: to any other this takes away more than it can have.
    best = graph.pool("MaxPool", found, 5, 1, [2, 2, 2, 2])
    lost = graph.add("Sub", found, best)
    scores = {
        size: graph.conv(grid, np.zeros((ANCHORS, 3)), [NEVER] * ANCHORS)
        for size, grid in grids.items()
    }
    scores[cell] = graph.conv(
        graph.add("Concat", found, lost, axis=1), np.array([[1, 1000], [0, 0]]), [0.0, NEVER]
    )
    for size in STRIDES:
        graph.rows(f"score{size}", graph.add("Sigmoid", scores[size]), 1)
    for kind, values in (("box", [BOX / 2] * 4), ("points", (POINTS - 56).flatten() * BOX / 112)):
        for size, grid in grids.items():
            bias = np.tile(values, ANCHORS) / size
            graph.rows(
                f"{kind}{size}", graph.conv(grid, np.zeros((len(bias), 3)), bias), len(values)
            )
    return graph.model("detector", [1, 3, "height", "width"])


def _recogniser() -> onnx.ModelProto:
    """Embeddings [n, 512]: a fixed projection of a 14 x 14 thumbnail without its mean colour."""
    graph = _Graph()
    small = graph.pool("AveragePool", "image", 8, 8)
    contrast = graph.add("Sub", small, graph.add("ReduceMean", small, axes=[2, 3]))
    projection = graph.constant(np.random.RandomState(0).randn(3 * 14 * 14, 512) / 24)
    flat = graph.add("Flatten", contrast)
    graph.add("MatMul", flat, projection, name="embedding")
    graph.output("embedding", 512)
    return graph.model("recogniser", [None, 3, 112, 112])


class _Graph:
    """An ONNX graph over one input called ``image``; values are named by number."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def add(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """A node; returns the name of what it gives."""
        name = name or f"value{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, values: Any, kind: type = np.float32) -> str:
        name = f"constant{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def pool(
        self, kind: str, source: str, window: int, stride: int, pads: Sequence[int] = (0,) * 4
    ) -> str:
        sides = [window] * 2
        return self.add(kind, source, kernel_shape=sides, strides=[stride] * 2, pads=list(pads))

    def conv(self, source: str, weight: np.ndarray, bias: Any) -> str:
        """A 1x1 convolution. :param weight: [outputs, inputs]."""
        weights = self.constant(weight[:, :, None, None])
        return self.add("Conv", source, weights, self.constant(bias))

    def rows(self, name: str, source: str, columns: int) -> None:
        """An output: [1, anchors * columns, h, w] as rows in the order y, x, anchor."""
        turned = self.add("Transpose", source, perm=[0, 2, 3, 1])
        self.add("Reshape", turned, self.constant([-1, columns], np.int64), name=name)
        self.output(name, columns)

    def output(self, name: str, columns: int) -> None:
        value = helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, columns])
        self._outputs.append(value)

    def model(self, name: str, shape: list[int | str | None]) -> onnx.ModelProto:
        image = helper.make_tensor_value_info("image", TensorProto.FLOAT, shape)
        graph = helper.make_graph(self._nodes, name, [image], self._outputs, self._constants)
        opset = helper.make_opsetid("", 13)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=8)
        onnx.checker.check_model(model)
        return model

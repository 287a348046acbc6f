"""A face pack for insightface in two tiny ONNX files: to it, a face is a green disc.

The detector answers in the layout of SCRFD (scores, boxes and landmarks at strides 8, 16 and 32,
two anchors per cell, cells by rows), the recogniser in that of ArcFace. Everything between is
insightface's own code.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from PIL import Image, ImageDraw

STRIDES = (8, 16, 32)
HALF = 150
"""Half the side of every box, pixels at 640."""
LANDMARKS = ((-0.35, -0.2), (0.35, -0.2), (0.0, 0.15), (-0.28, 0.5), (0.28, 0.5))
"""Of ArcFace's template, in halves of the box."""


def write_pack(folder: Path) -> None:
    """Write detector and recogniser into a pack's folder."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_detector(), folder / "det_10g.onnx")
    onnx.save(_recogniser(), folder / "w600k_r50.onnx")


def disc(
    *places: tuple[int, int], colour: tuple[int, int, int] = (20, 230, 40), side: int = 640
) -> Image.Image:
    """A grey picture with green discs: faces, to this pack."""
    image = Image.new("RGB", (side, side), (128, 128, 128))
    draw = ImageDraw.Draw(image)
    for x, y in places:
        draw.ellipse((x - 60, y - 60, x + 60, y + 60), fill=colour)
        draw.ellipse((x - 25, y - 22, x - 13, y - 10), fill=(20, 20, 20))
        draw.ellipse((x + 13, y - 22, x + 25, y - 10), fill=(20, 20, 20))
    return image


def _detector() -> onnx.ModelProto:
    nodes, outputs, weights = [], {}, []

    def constant(name: str, array: np.ndarray) -> str:
        weights.append(numpy_helper.from_array(array, name))
        return name

    def head(stride: int, kind: str, kernel: np.ndarray, bias: list[float], width: int) -> None:
        name = f"{kind}{stride}"
        kernel_name = constant(f"{name}_k", kernel.astype(np.float32).reshape(-1, 3, 1, 1))
        bias_name = constant(f"{name}_b", np.array(bias, np.float32))
        shape = constant(f"{name}_s", np.array([-1, width], np.int64))
        out = f"{name}_flat" if kind == "score" else name
        nodes.extend(
            [
                helper.make_node("Conv", [f"pool{stride}", kernel_name, bias_name], [f"{name}_c"]),
                helper.make_node("Transpose", [f"{name}_c"], [f"{name}_t"], perm=[0, 2, 3, 1]),
                helper.make_node("Reshape", [f"{name}_t", shape], [out]),
            ]
        )
        if kind == "score":
            nodes.append(helper.make_node("Sigmoid", [out], [name]))
        outputs[kind, stride] = helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", width])

    for stride in STRIDES:
        square = [stride, stride]
        pool: dict[str, Any] = {"kernel_shape": square, "strides": square}
        nodes.append(helper.make_node("AveragePool", ["input"], [f"pool{stride}"], **pool))
        green = np.array([[-15, 30, -15], [0, 0, 0]]) if stride == 32 else np.zeros((2, 3))
        head(stride, "score", green, [-20.0, -50.0] if stride == 32 else [-50.0, -50.0], 1)
        reach = HALF / stride
        head(stride, "bbox", np.zeros((8, 3)), [reach] * 8, 4)
        points = [offset * reach for point in LANDMARKS for offset in point]
        head(stride, "kps", np.zeros((20, 3)), points * 2, 10)
    ordered = [outputs[kind, stride] for kind in ("score", "bbox", "kps") for stride in STRIDES]
    shape = [1, 3, "height", "width"]
    return _model(nodes, shape, ordered, weights)


def _recogniser() -> onnx.ModelProto:
    matrix = np.random.default_rng(0).normal(size=(588, 512)).astype(np.float32)
    pool: dict[str, Any] = {"kernel_shape": [8, 8], "strides": [8, 8]}
    nodes = [
        helper.make_node("AveragePool", ["input"], ["pooled"], **pool),
        helper.make_node("Flatten", ["pooled"], ["flat"]),
        helper.make_node("MatMul", ["flat", "matrix"], ["embedding"]),
    ]
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", 512])
    weights = [numpy_helper.from_array(matrix, "matrix")]
    return _model(nodes, ["n", 3, 112, 112], [output], weights)


def _model(nodes, shape, outputs, weights) -> onnx.ModelProto:
    given = helper.make_tensor_value_info("input", TensorProto.FLOAT, shape)
    graph = helper.make_graph(nodes, "pack", [given], outputs, weights)
    return helper.make_model(graph, ir_version=8, opset_imports=[helper.make_opsetid("", 13)])

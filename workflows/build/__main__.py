"""``python -m build`` from ``workflows/``: write every workflow and its API twin.

The input signatures come from ``tests/data/object_info.json``, recorded from a running
ComfyUI; a test keeps that file equal to what ComfyUI says today.
"""

from __future__ import annotations

import json
from pathlib import Path

from . import draft

ROOT = Path(__file__).parents[2]
BUILDERS = (draft,)


def main() -> None:
    """Write canvas and API files."""
    object_info = json.loads((ROOT / "tests/data/object_info.json").read_text("utf-8"))
    for builder in BUILDERS:
        graph = builder.build(object_info)
        for path, data in (
            (ROOT / "workflows" / f"{graph.name}.json", graph.canvas()),
            (ROOT / "workflows/api" / f"{graph.name}.json", graph.api()),
        ):
            path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()

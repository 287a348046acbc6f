"""``python -m aldar_storyboard.workflows.build``: every workflow, its API twin, its pictures.

The input signatures are recorded: see :mod:`.signatures`.
"""

from __future__ import annotations

import json
from pathlib import Path

from . import draft, guided, identity, pictures, sd15_faceid, signatures, simple, variations

ROOT = Path(__file__).parents[2]
BUILDERS = (draft, simple, guided, sd15_faceid, variations, identity)


def main() -> None:
    """Write canvas and API files."""
    object_info = signatures.load()
    for builder in BUILDERS:
        graph = builder.build(object_info)
        for path, data in (
            (ROOT / "workflows" / f"{graph.name}.json", graph.canvas()),
            (ROOT / "workflows/api" / f"{graph.name}.json", graph.api()),
        ):
            path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
        pictures.write(graph, ROOT / "workflows")


if __name__ == "__main__":
    main()

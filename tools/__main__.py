"""``python -m aldar_storyboard.tools``: writes every file that follows from others.

Of the nodes' schemas: every workflow, its API twin and its pictures, the English locale, the port
tables of the help pages, the table of nodes. Of the imports: the map and the table of the rooms.
With ``--record`` the schemas are read first, from a ComfyUI that is started for it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from . import pages, signatures
from .workflows import covers, draft, guided, identity, sd15_faceid, simple, variations

ROOT = Path(__file__).parents[1]
BUILDERS = (draft, simple, guided, sd15_faceid, variations, identity)


def main(arguments: list[str]) -> None:
    """Write them; what is up to date keeps its bytes."""
    if "--record" in arguments:
        signatures.record()
    object_info = signatures.load()
    for path, text in pages.stale(object_info):
        path.write_text(text, "utf-8")
    for builder in BUILDERS:
        graph = builder.build(object_info)
        for path, data in (
            (ROOT / "workflows" / f"{graph.name}.json", graph.canvas()),
            (ROOT / "workflows/api" / f"{graph.name}.json", graph.api()),
        ):
            path.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", "utf-8")
        covers.write(graph, ROOT / "workflows")


if __name__ == "__main__":
    main(sys.argv[1:])

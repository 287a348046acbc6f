"""Node packs for tests: they stand for models, for pictures, and for the packs of others."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
STUBS = HERE / "stub_pack"
PICTURES = HERE / "picture_pack"
STAND_IN = HERE / "adapter_pack"
PACKS = [
    Path(name) for name in os.environ.get("ALDAR_TEST_NODE_PACKS", "").split(os.pathsep) if name
]
"""Checkouts of node packs; without IP-Adapter Plus among them, a stand-in takes its place."""

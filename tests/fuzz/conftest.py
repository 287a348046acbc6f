"""The fuzz tier: whatever strangers bring, only the product's own errors come out.

CI runs a small dose that is the same every time; ``pytest -m fuzz`` runs a large one with new
examples. Each test says with :func:`hypothesis.given` what may be brought, and fails on anything
but an :class:`AldarError`, on a hang, and on a file outside the folder it was given.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

UNTIMED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}

settings.register_profile("small", max_examples=40, derandomize=True, database=None, **UNTIMED)
settings.register_profile("large", max_examples=2000, **UNTIMED)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("large" if config.option.markexpr == "fuzz" else "small")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.fuzz)

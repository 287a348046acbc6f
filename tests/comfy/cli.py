"""The ``aldar`` command as a user runs it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ALDAR = [sys.executable, "-c", "from aldar_storyboard.runner.cli.main import main; main()"]
"""The ``aldar`` command, whether or not its script is on the path."""


def aldar(*arguments: str, cwd: Path | None = None) -> tuple[int, dict[str, Any], str]:
    """Run the command with ``--json``; return status, answer, standard error."""
    done = subprocess.run(
        [*ALDAR, *arguments, "--json"],
        cwd=cwd,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.stdout.count("\n") == 1, done.stdout + done.stderr
    return done.returncode, json.loads(done.stdout), done.stderr

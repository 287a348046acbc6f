"""The registry's archive: only what ComfyUI loads, and nothing its scanner flags."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDERS = {"storyboard", "nodes", "js", "locales", "workflows"}
FILES = {"__init__.py", "pyproject.toml", "requirements.txt", "README.md", "LICENSE"}
FLAGGED = [
    "os.environ",
    "os.getenv",
    "subprocess",
    "urllib",
    "requests.get(",
    "aiohttp.ClientSession",
    ".connect(",
    ".bind(",
    ".send(",
]
"""What the scanner looks for in any shipped file, comments and prose included."""
BROUGHT = {
    *(
        "comfy",
        "comfy_api",
        "comfy_execution",
        "comfyui_version",
        "execution",
        "folder_paths",
        "nodes",
        "server",
    ),
    *("aiohttp", "av", "einops", "kornia", "numpy", "PIL", "psutil", "pydantic"),
    *("pydantic_settings", "safetensors", "scipy", "tokenizers", "torch", "torchvision"),
    *("tqdm", "transformers", "yaml"),
}
"""What is there in any ComfyUI since 0.3.75: its own modules and its requirements.txt."""
NO_RULE_FOR = {"LICENSE", "README.md", "pyproject.toml", "requirements.txt"}


@pytest.fixture(scope="session")
def project(root: Path) -> dict:
    return tomllib.loads((root / "pyproject.toml").read_text("utf-8"))


def texts(root: Path, archive: list[str]) -> dict[str, str]:
    read = {}
    for name in archive:
        try:
            read[name] = (root / name).read_text("utf-8")
        except UnicodeDecodeError:  # a picture or a font
            continue
    return read


def test_the_archive_holds_the_pack_and_nothing_else(archive: list[str]):
    assert {name for name in archive if "/" not in name} == FILES
    assert {name.split("/")[0] for name in archive if "/" in name} == FOLDERS


def test_everything_comfyui_needs_is_in_the_archive(root: Path, archive: list[str]):
    needed = {
        path.relative_to(root).as_posix()
        for folder in ("storyboard", "nodes")
        for path in (root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert needed <= set(archive)
    assert {"workflows/storyboard_draft.json", "workflows/api/storyboard_draft.json"} <= set(
        archive
    )


def test_nothing_of_the_workshop_is_in_the_archive(archive: list[str]):
    assert not [name for name in archive if name.startswith("tools/")]
    assert not [name for name in archive if name.endswith((".pyc", ".env", ".log"))]


def test_no_shipped_file_holds_what_the_scanner_flags(root: Path, archive: list[str]):
    shipped = [name for name in archive if name not in NO_RULE_FOR]
    assert {
        f"{name}: {word}"
        for name, text in texts(root, shipped).items()
        for word in FLAGGED
        if word in text
    } == set()


def test_no_shipped_code_evaluates_text(root: Path, archive: list[str]):
    calls = []
    for name, text in texts(root, archive).items():
        if name.endswith(".py"):
            calls += [
                f"{name}:{node.lineno}"
                for node in ast.walk(ast.parse(text))
                if isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"eval", "exec", "compile", "__import__", "print"}
            ]
        elif name.endswith(".js") and re.search(r"\beval\(|new Function\(", text):
            calls.append(name)
    assert not calls


def test_no_shipped_file_holds_a_key_or_a_path_of_a_developer(root: Path, archive: list[str]):
    secret = re.compile(
        r"\bsk-[A-Za-z0-9_-]{16,}|\bAIza[\w-]{30,}|\bhf_[A-Za-z0-9]{20,}|AKIA[0-9A-Z]{16}"
        r"|/home/\w+/|/Users/\w+/|[A-Z]:\\\\Users"
    )
    assert not [name for name, text in texts(root, archive).items() if secret.search(text)]


def test_the_name_is_one_the_registry_takes(project: dict):
    name = project["project"]["name"]
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,99}", name)
    assert "comfyui" not in name.lower()
    assert project["project"]["urls"]["Repository"].startswith("https://github.com/")
    assert project["tool"]["comfy"]["PublisherId"]
    assert project["tool"]["comfy"]["requires-comfyui"] == ">=0.3.75"


def requirements(root: Path) -> list[str]:
    lines = (root / "requirements.txt").read_text("utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def test_requirements_are_the_projects_own(root: Path, project: dict):
    assert set(requirements(root)) <= set(project["project"]["dependencies"])


PROVIDED_BY = {
    "bidi": "python-bidi",
    "cv2": "opencv-python-headless",
    "dlib": "dlib-bin",
    "json_repair": "json-repair",
    "open_clip": "open-clip-torch",
    "pil": "pillow",
    "pydantic_settings": "pydantic-settings",
    "screenplay_tools": "screenplay-tools",
    "skimage": "scikit-image",
}
"""Import name in lower case -> name on the package index, where they differ."""


def distributions(modules: set[str]) -> set[str]:
    return {PROVIDED_BY.get(name.lower(), name.lower()) for name in modules}


def libraries(nodes: Iterable[ast.AST]) -> set[str]:
    """What these statements import, without ourselves and the standard library."""
    packages: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            packages |= {item.name.split(".")[0] for item in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            packages.add(node.module.split(".")[0])
    return packages - sys.stdlib_module_names


def names(lines: list[str]) -> set[str]:
    return {re.split(r"[<>=!~\[; ]", line)[0].lower() for line in lines}


def test_requirements_are_exactly_what_the_pack_imports(root: Path, archive: list[str]):
    code = [text for name, text in texts(root, archive).items() if name.endswith(".py")]
    needed = set().union(*(libraries(ast.parse(text).body) for text in code))
    assert distributions(needed - BROUGHT) == names(requirements(root))


def test_the_domain_runs_without_comfyui_on_the_projects_own_dependencies(
    root: Path, project: dict
):
    files = [
        path
        for path in (root / "storyboard").rglob("*.py")
        if not {root / "storyboard" / "gate" / "measure", root / "storyboard" / "tensors"}
        & set(path.parents)
    ]
    used = set().union(*(libraries(ast.parse(path.read_text("utf-8")).body) for path in files))
    assert distributions(used) <= names(project["project"]["dependencies"])


def test_what_is_imported_only_when_used_is_an_extra(root: Path, archive: list[str], project: dict):
    optional = project["project"]["optional-dependencies"]
    extras = names([line for lines in optional.values() for line in lines])
    code = [text for name, text in texts(root, archive).items() if name.endswith(".py")]
    used = set().union(*(libraries(ast.walk(ast.parse(text))) for text in code))
    assert distributions(used - BROUGHT) <= extras | names(requirements(root))


def test_every_package_is_listed_for_pip(root: Path, project: dict, project_files: list[str]):
    folders = ("storyboard", "nodes", "runner")
    packages = {"aldar_storyboard"} | {
        "aldar_storyboard." + name.removesuffix("/__init__.py").replace("/", ".")
        for name in project_files
        if name.split("/")[0] in folders and name.endswith("/__init__.py")
    }
    assert set(project["tool"]["setuptools"]["packages"]) == packages


def test_every_folder_with_code_is_a_package(project_files: list[str]):
    folders = {
        name.rpartition("/")[0]
        for name in project_files
        if name.split("/")[0] in {"storyboard", "nodes", "runner"} and name.endswith(".py")
    }
    assert not [folder for folder in folders if f"{folder}/__init__.py" not in project_files]

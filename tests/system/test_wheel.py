"""The wheel, built from the source distribution and installed elsewhere, carries everything and does the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built as an index would: sdist first, the wheel from it."""
    folder = tmp_path_factory.mktemp("dist")
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
    )
    (sdist,) = folder.glob("*.tar.gz")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "-w", folder, sdist],
        env=environment,
        check=True,
        capture_output=True,
    )
    (made,) = folder.glob("*.whl")
    return made


def test_the_wheel_carries_rules_templates_and_units(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "rules/reading/en.toml",
        "rules/presets/salary-floor.toml",
        "rules/folders.toml",
        "templates/de/decline.txt",
        "systemd/raincheck.service",
        "py.typed",
    ):
        assert f"raincheck/{name}" in names
    assert not [name for name in names if name.startswith(("tests/", "daemon/"))]


def test_installed_elsewhere_it_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    """Beside the libraries of this environment, but not beside this checkout, and with an empty HOME."""
    target, home = tmp_path / "site", tmp_path / "home"
    home.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-index", "--no-deps", "--target", target, wheel],
        check=True,
        capture_output=True,
    )
    done = subprocess.run(
        [sys.executable, "-P", "-m", "raincheck", "demo", "--once", "--json"],
        cwd=tmp_path,
        env={"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result.keys() == {"invitations", "drafts", "sent", "left", "seconds"}
    assert (result["invitations"], result["drafts"], result["sent"], result["left"]) == (6, 5, 1, 3)

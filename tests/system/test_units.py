"""The systemd units: accepted by systemd, hardened as promised, every line of the sandbox explained."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from raincheck.cli.install import unit

ANALYZE = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not on this machine")


@needs_systemd
@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
def test_systemd_accepts_the_unit(system: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    target = tmp_path / "raincheck.service"
    target.write_text(unit(system=system, program=sys.executable))
    done = subprocess.run(
        [str(ANALYZE), "verify", *([] if system else ["--user"]), target], capture_output=True, text=True, check=False
    )
    said = [line for line in done.stderr.splitlines() if "raincheck" in line]
    assert (done.returncode, said) == (0, [])


@needs_systemd
def test_the_system_unit_is_exposed_no_more_than_promised(tmp_path: Path) -> None:
    target = tmp_path / "raincheck.service"
    target.write_text(unit(system=True, program=sys.executable))
    done = subprocess.run(
        [str(ANALYZE), "security", "--offline=true", target], capture_output=True, text=True, check=False
    )
    level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
    assert level is not None
    assert float(level[1]) <= 1.3


@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
def test_the_unit_keeps_its_promises_to_the_service_manager(system: bool) -> None:
    text = unit(system=system, program="/opt/raincheck")
    for line in ("Type=notify", "WatchdogSec=2min", "RestartPreventExitStatus=78", "UMask=0077"):
        assert f"\n{line}\n" in text
    assert "\nExecStart=/opt/raincheck run" in text
    assert ("LoadCredential=" in text) is system


@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
def test_the_unit_names_the_configuration_that_it_was_given(system: bool) -> None:
    text = unit(system=system, program="/opt/raincheck", config=Path("/home/robin/my 100 %/config.toml"))
    started = [line for line in text.splitlines() if line.startswith("ExecStart=")]
    assert started == ['ExecStart=/opt/raincheck run --config "/home/robin/my 100 %%/config.toml"']


@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
def test_every_line_of_the_unit_stands_below_a_comment(system: bool) -> None:
    lines = unit(system=system, program="/opt/raincheck").splitlines()
    above = dict(zip(lines[1:], lines, strict=False))
    bare = [line for line in lines if re.match("[A-Z]", line) and not re.match("[#A-Z]", above[line])]
    assert bare == []


@pytest.mark.parametrize("system", [True, False], ids=["system", "user"])
@pytest.mark.parametrize(
    "key", ["StartLimitIntervalSec", "ExecStart", "Restart", "TimeoutStopSec", "UMask", "WantedBy"]
)
def test_what_begins_a_matter_of_its_own_has_a_comment_of_its_own(system: bool, key: str) -> None:
    text = unit(system=system, program="/opt/raincheck")
    assert re.search(rf"^# .*\n{key}=", text, re.MULTILINE), key

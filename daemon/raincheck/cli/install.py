"""`raincheck install`: writes the systemd unit and explains it."""

from __future__ import annotations

import itertools
import os
import re
import shlex
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import click

from raincheck.cli.configuration import config_option, named
from raincheck.errors import ConfigError, RaincheckError

_UNSEEN = tuple(map(Path, ("/home", "/root", "/run/user", "/tmp", "/var/tmp")))  # noqa: S108 - only compared
_SYSTEM_CONFIG = Path("/etc/raincheck/config.toml")  # what the system unit names
_VISIBLE = "Put it into /etc/raincheck, or install the user unit (without --system)."


@click.command(
    epilog="""\b
Examples:
  raincheck install                a user unit in ~/.config/systemd/user (the normal way)
  sudo raincheck install --system  a hardened system unit in /etc/systemd/system, for servers
  raincheck install --print        only print it

A configuration that --config or $RAINCHECK_CONFIG names is named in the unit. A unit that is there already and
reads otherwise is kept beside the new one, as raincheck.service.bak (.bak1, .bak2 …)."""
)
@click.option("--system", is_flag=True, help="A system unit (DynamicUser, LoadCredential) instead of a user unit.")
@click.option("--print", "only_print", is_flag=True, help="Print the unit, write nothing.")
@config_option("The configuration that the unit names")
def command(system: bool, only_print: bool, config: Path | None) -> int:
    """Writes the systemd unit of the service, and says what to do next."""
    file = named(config)
    if file is None:
        _tell_of_none(system=system)
    else:
        _check(file, system=system, hint="--config" if config else "$RAINCHECK_CONFIG")
    text = unit(system=system, program=_program(), config=file)
    if only_print:
        click.echo(text, nl=False)
        return 0
    target = _target(system=system)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        former = _kept(target, text)
        target.write_text(text, "utf-8")
    except PermissionError as problem:
        remedy = "Run it with sudo, or install the user unit (without --system)." if system else "Check its owner."
        raise RaincheckError(f"{target}: cannot be written. {remedy}") from problem
    _explain(target, former, file, system=system)
    return 0


def _tell_of_none(*, system: bool) -> None:
    """Says it where the unit would find no configuration: it may be written before that is."""
    from raincheck.config import find

    if system and not _SYSTEM_CONFIG.is_file():
        remedy = "Write it there, or name another one with --config, before you start the unit."
        click.echo(f"raincheck: {_SYSTEM_CONFIG}: there is no configuration yet. {remedy}", err=True)
    elif not system:
        try:
            find(None, os.environ)
        except ConfigError as problem:
            click.echo(f"raincheck: {problem} Do this before you start the unit.", err=True)


def _check(config: Path, *, system: bool, hint: str) -> None:
    """Raises click.BadParameter for a configuration that is named and that the unit could not read."""
    if system and (hidden := _hidden(config)) is not None:
        told = f"{config}: the system unit sees nothing in {hidden} (ProtectHome=, PrivateTmp=). {_VISIBLE}"
        raise click.BadParameter(told, param_hint=hint)
    if not config.is_file():
        told = f"{config}: there is no such file. Write the configuration first, or name one that is there."
        raise click.BadParameter(told, param_hint=hint)


def unit(*, system: bool, program: str, config: Path | None = None) -> str:
    """The unit's text with the path of the program in it, and of a configuration that is named."""
    name = "raincheck.service" if system else "raincheck.user.service"
    text = (files("raincheck") / "systemd" / name).read_text("utf-8").replace("@RAINCHECK@", program)
    if config is None:
        return text
    start = f"ExecStart={program} run --config {_word(str(config.absolute()))}"
    return re.sub(r"^ExecStart=.*$", lambda _: start, text, flags=re.MULTILINE)


def started(text: str) -> tuple[Path, Path | None] | None:
    """The program that a unit starts, and the configuration that it names; None where it starts none."""
    lines = re.findall(r"^ExecStart[ \t]*=[ \t]*[-@:+!|]*(.+)$", text.replace("\\\n", " "), re.MULTILINE)
    if not lines:
        return None
    words = [word.replace("%%", "%").replace("$$", "$") for word in _words(lines[-1])]
    named = next((word for word in words if word.startswith("--config=")), "")
    config = named.partition("=")[2] or next((b for a, b in itertools.pairwise(words) if a == "--config"), "")
    return Path(words[0]), Path(config) if config else None


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:  # a quote inside a word, which is one letter more for systemd
        return line.split()


def _kept(target: Path, text: str) -> Path | None:
    """Where the unit that is there is kept before another is written over it; None where nothing gets lost."""
    if not target.is_file() or target.read_bytes() == text.encode():
        return None
    names = (target.with_name(f"{target.name}.bak{number or ''}") for number in itertools.count())
    kept = next(place for place in names if not place.exists() or place.read_bytes() == target.read_bytes())
    return Path(shutil.copyfile(target, kept))


def _hidden(config: Path) -> Path | None:
    """The folder above the file that the system unit does not see; None where it sees the file."""
    either = (config.absolute(), config.resolve())
    return next((folder for folder in _UNSEEN for path in either if path.is_relative_to(folder)), None)


def _word(text: str) -> str:
    """One word of a command line in a unit (systemd.service, COMMAND LINES)."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"' if re.search(r"[^\w./%+-]", text) else text


def _program() -> str:
    """The absolute path of this very program: units know no PATH of the person's."""
    found = shutil.which("raincheck", path=str(Path(sys.executable).parent)) or shutil.which("raincheck")
    return found or f"{sys.executable} -m raincheck"


def _target(*, system: bool) -> Path:
    if system:
        return Path("/etc/systemd/system/raincheck.service")
    from platformdirs import user_config_path

    return user_config_path("systemd") / "user" / "raincheck.service"


def _explain(target: Path, former: Path | None, config: Path | None, *, system: bool) -> None:
    user = "" if system else " --user"
    click.echo(f"Written: {target} (comments in it say what each line is for).")
    if former is not None:
        click.echo(f"Another unit was there and is replaced; it is kept as {former}, for changes of yours.")
    problem = _verify(target, system=system)
    if problem:
        click.echo(f"systemd-analyze verify says: {problem}", err=True)
    click.echo("\nNext:")
    if system:
        first = f"the configuration into {_SYSTEM_CONFIG}, " if config is None else ""
        click.echo(f"  put {first}the password into /etc/raincheck/imap-password")
    click.echo(f"  systemctl{user} daemon-reload")
    click.echo(f"  systemctl{user} enable --now raincheck")
    if not system:
        click.echo(
            f"  loginctl enable-linger {os.environ.get('USER', '$USER')}    it then runs while you are logged out"
        )
    click.echo(f"  journalctl{user} -u raincheck -f")


def _verify(target: Path, *, system: bool) -> str:
    analyze = shutil.which("systemd-analyze")
    if analyze is None or (not system and "XDG_RUNTIME_DIR" not in os.environ):
        return ""
    done = subprocess.run(  # noqa: S603 - a fixed program, and the file that was just written
        [analyze, "verify", *([] if system else ["--user"]), str(target)], capture_output=True, text=True, check=False
    )
    return done.stderr.strip() if done.returncode else ""

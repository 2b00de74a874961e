"""Where passwords and tokens come from; each is fetched when it is needed, and its text goes nowhere else.

Errors name the source and what to do, and never what the source said: a password command may print the secret along
with its complaint.
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from raincheck.errors import SecretError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from raincheck.core.settings import SecretSource

_LARGEST = 64 * 1024  # bytes; no token is longer


class SystemSecrets:
    """`ports.Secrets` from a command, a file, the environment, a systemd credential or the desktop's keyring."""

    def __init__(self, environment: Mapping[str, str] | None = None, *, timeout: float = 60.0) -> None:
        """`timeout`: seconds for a command, which may have to ask the person for a passphrase."""
        self._environment = os.environ if environment is None else environment
        self._timeout = timeout

    def get(self, source: SecretSource, *, username: str = "") -> str:
        """The first line of what the source holds. Raises SecretError."""
        if source.command is not None:
            found, where = self._command(source.command), "the command"
        elif source.file is not None:
            found, where = _file(Path(source.file)), source.file
        elif source.env is not None:
            found, where = self._variable(source.env), f"environment variable {source.env}"
        elif source.credential is not None:
            found, where = self._credential(source.credential), f"systemd credential {source.credential!r}"
        elif source.keyring is not None:
            found, where = _keyring(source.keyring, username), f"keyring entry {source.keyring!r} of {username!r}"
        else:
            raise SecretError("a secret has no source: give command, file, env, credential or keyring.")
        secret = found.partition("\n")[0].rstrip("\r")
        if not secret:
            raise SecretError(f"{where} holds no secret: the first line is empty.")
        return secret

    def _command(self, command: str) -> str:
        """Standard output of the command, run without a shell; its complaints go where raincheck's own go."""
        try:
            words = shlex.split(command)
        except ValueError as problem:
            raise SecretError(f"the password command cannot be split into words: {problem}.") from None
        if not words:
            raise SecretError("the password command is empty.")
        name = words[0]
        try:
            done = subprocess.run(  # noqa: S603 - the person's own command from the person's own configuration
                words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=self._timeout, check=False
            )
        except subprocess.TimeoutExpired:
            raise SecretError(
                f"the password command {name!r} did not end within {self._timeout:g} s; try it by hand."
            ) from None
        except OSError as problem:
            raise SecretError(
                f"the password command {name!r} cannot be run: {problem.strerror}; install it, or name another source."
            ) from None
        if done.returncode != 0:
            raise SecretError(f"the password command {name!r} failed with exit code {done.returncode}; try it by hand.")
        return _decoded(done.stdout, f"the password command {name!r}")

    def _variable(self, name: str) -> str:
        try:
            return self._environment[name]
        except KeyError:
            raise SecretError(f"environment variable {name} is not set.") from None

    def _credential(self, name: str) -> str:
        """systemd.exec(5), LoadCredential=: a file that only this service can read, whatever its mode says."""
        folder = self._environment.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise SecretError(
                f"systemd credential {name!r}: there is no $CREDENTIALS_DIRECTORY. "
                "Give the unit LoadCredential= or LoadCredentialEncrypted=, and start raincheck as that unit."
            )
        if Path(name).name != name:
            raise SecretError(f"systemd credential {name!r}: a name, not a path, is wanted here.")
        return _read(Path(folder) / name)


def _file(path: Path) -> str:
    """The file's text, if nobody but its owner can read it."""
    try:
        mode = path.stat().st_mode
    except OSError as problem:
        raise SecretError(f"{path}: {problem.strerror}.") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SecretError(
            f"{path}: others can get at it (mode {mode & 0o777:o}). Do: chmod 600 {shlex.quote(str(path))}"
        )
    return _read(path)


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return _decoded(file.read(_LARGEST), str(path))
    except OSError as problem:
        raise SecretError(f"{path}: {problem.strerror}.") from None


def _decoded(secret: bytes, where: str) -> str:
    try:
        return secret.decode("utf-8")
    except UnicodeDecodeError:
        raise SecretError(f"{where}: what it holds is not UTF-8.") from None


def _keyring(service: str, username: str) -> str:
    # Imported here: it takes a tenth of a second and finds its backend by entry points; most people use another source.
    import keyring
    from keyring.errors import KeyringError

    try:
        secret = keyring.get_password(service, username)
    except (KeyringError, RuntimeError, OSError) as problem:  # backends raise their own kinds when there is no session
        raise SecretError(f"keyring entry {service!r}: {type(problem).__name__}; is the keyring unlocked?") from None
    if secret is None:
        remedy = f"keyring set {shlex.quote(service)} {shlex.quote(username)}"
        raise SecretError(f"keyring: no entry {service!r} for {username!r}. Do: {remedy}")
    return secret

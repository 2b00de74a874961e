from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from raincheck.adapters.secrets import SystemSecrets
from raincheck.core.settings import SecretSource
from raincheck.errors import SecretError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "swordfish ü"


def python(code: str) -> str:
    """A password command that runs this."""
    return f"{sys.executable} -c '{code}'"


def test_a_command_gives_its_first_line_without_a_shell(tmp_path: Path) -> None:
    script = tmp_path / "two words"
    script.write_text(f"import sys; print({SECRET!r}); print(sys.argv[1])")
    assert SystemSecrets().get(SecretSource(command=f"{sys.executable} '{script}' ';id'")) == SECRET


def test_a_command_reads_no_terminal() -> None:
    assert (
        SystemSecrets().get(SecretSource(command=python("print(len(input.__doc__) and not open(0).read())"))) == "True"
    )


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_failing_command_is_told_by_exit_code_and_never_by_its_output(stream: str) -> None:
    command = python(f'import sys; print("swordfish", file=sys.{stream}); sys.exit(3)')
    with pytest.raises(SecretError, match="exit code 3") as raised:
        SystemSecrets().get(SecretSource(command=command))
    assert "swordfish" not in str(raised.value)


def test_a_command_that_hangs_is_ended() -> None:
    with pytest.raises(SecretError, match=r"did not end within 0\.2 s"):
        SystemSecrets(timeout=0.2).get(SecretSource(command=python("import time; time.sleep(60)")))


@pytest.mark.parametrize(
    ("command", "why"),
    [("/does/not/exist", "cannot be run"), ("'half", "cannot be split"), ("  ", "is empty")],
)
def test_a_command_that_cannot_run(command: str, why: str) -> None:
    with pytest.raises(SecretError, match=why):
        SystemSecrets().get(SecretSource(command=command))


def test_a_file_gives_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_text(f"{SECRET}\r\nlogin: robin\n")
    path.chmod(0o600)
    assert SystemSecrets().get(SecretSource(file=str(path))) == SECRET


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601])
def test_a_file_that_others_can_touch_is_refused_with_the_remedy(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "pass word"
    path.write_text(SECRET)
    path.chmod(mode)
    with pytest.raises(SecretError, match=r"chmod 600 '.*pass word'") as raised:
        SystemSecrets().get(SecretSource(file=str(path)))
    assert SECRET not in str(raised.value)


def test_a_missing_file_and_one_that_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="No such file"):
        SystemSecrets().get(SecretSource(file=str(tmp_path / "nowhere")))
    path = tmp_path / "latin-1"
    path.write_bytes(SECRET.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(SecretError, match="not UTF-8") as raised:
        SystemSecrets().get(SecretSource(file=str(path)))
    assert raised.value.__cause__ is None


def test_an_environment_variable() -> None:
    secrets = SystemSecrets({"MAIL": SECRET, "EMPTY": ""})
    assert secrets.get(SecretSource(env="MAIL")) == SECRET
    with pytest.raises(SecretError, match="NOBODY is not set"):
        secrets.get(SecretSource(env="NOBODY"))
    with pytest.raises(SecretError, match="EMPTY holds no secret"):
        secrets.get(SecretSource(env="EMPTY"))


def test_a_systemd_credential_needs_no_mode_but_its_folder(tmp_path: Path) -> None:
    (tmp_path / "imap").write_text(SECRET)
    (tmp_path / "imap").chmod(0o440)
    secrets = SystemSecrets({"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert secrets.get(SecretSource(credential="imap")) == SECRET
    with pytest.raises(SecretError, match="No such file"):
        secrets.get(SecretSource(credential="smtp"))
    with pytest.raises(SecretError, match="not a path"):
        secrets.get(SecretSource(credential="../imap"))
    with pytest.raises(SecretError, match="LoadCredential"):
        SystemSecrets({}).get(SecretSource(credential="imap"))


class Keyring(KeyringBackend):
    """A keyring in memory; locked when it has no entries."""

    priority = 1.0
    entries: dict[tuple[str, str], str]

    def get_password(self, service: str, username: str) -> str | None:
        if not self.entries:
            raise KeyringLocked(SECRET)
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password


@pytest.fixture
def ring() -> Iterator[Keyring]:
    before = keyring.get_keyring()
    ring: Keyring = Keyring()  # type: ignore[no-untyped-call] # the base class has no types
    ring.entries = {("mail", "robin"): SECRET}
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_the_keyring_is_asked_for_the_accounts_user(ring: Keyring) -> None:
    assert SystemSecrets().get(SecretSource(keyring="mail"), username="robin") == SECRET
    with pytest.raises(SecretError, match="keyring set mail ann"):
        SystemSecrets().get(SecretSource(keyring="mail"), username="ann")


def test_a_locked_keyring_is_told_without_its_words(ring: Keyring) -> None:
    ring.entries = {}
    with pytest.raises(SecretError, match="KeyringLocked; is the keyring unlocked") as raised:
        SystemSecrets().get(SecretSource(keyring="mail"), username="robin")
    assert SECRET not in str(raised.value)


def test_a_secret_without_a_source() -> None:
    with pytest.raises(SecretError, match="no source"):
        SystemSecrets().get(SecretSource())

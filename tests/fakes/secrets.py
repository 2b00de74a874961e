"""Secrets that a test knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from raincheck.core.settings import SecretSource


class FixedSecrets:
    """Answers every question with the next of these secrets; the last one for ever. `asked` counts."""

    def __init__(self, *secrets: str) -> None:
        self._secrets = list(secrets)
        self.asked = 0

    def get(self, source: SecretSource, *, username: str = "") -> str:
        self.asked += 1
        return self._secrets.pop(0) if len(self._secrets) > 1 else self._secrets[0]

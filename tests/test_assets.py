"""The shipped data files, and a person's own additions to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from raincheck import assets
from raincheck.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_languages_and_templates_are_shipped() -> None:
    assert {"en", "de"} <= assets.reading_data().keys()
    assert {"en/decline", "de/decline", "en/language"} <= assets.templates().keys()
    assert "Entwürfe" in assets.folder_names()["drafts"]


def test_a_persons_own_phrases_are_added_to_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "platforms.toml").write_text('[freemail]\ndomains = ["mail.of.mine.example"]\n', "utf-8")
    shipped, merged = assets.reading_data()["platforms"], assets.reading_data(tmp_path)["platforms"]
    assert merged["freemail"]["domains"] == [*shipped["freemail"]["domains"], "mail.of.mine.example"]
    assert merged["platform"] == shipped["platform"]


def test_a_persons_own_template_stands_in_place_of_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "decline.txt").write_text("mine", "utf-8")
    assert assets.templates(tmp_path)["en/decline"] == "mine"


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text("[kind\n", "utf-8")
    with pytest.raises(ConfigError, match=r"en\.toml"):
        assets.reading_data(tmp_path)

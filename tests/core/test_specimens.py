"""The check of templates finds what is wrong with them, and the gallery shows the letters as they are."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from jinja2 import Environment
from jinja2.meta import find_undeclared_variables

from raincheck import assets
from raincheck.cli.templates import command
from raincheck.core.flaws import problems
from raincheck.core.model import Outcome
from raincheck.core.settings import Me, Rule, Settings, Unknown
from raincheck.core.specimens import gallery

ROOT = Path(__file__).parents[2]
TEMPLATES = assets.templates()
CONFIG = """
[me]
name = "Kim Lee"
addresses = ["kim.lee@example.net"]
timezone = "Europe/Berlin"
[accounts.main]
address = "kim.lee@example.net"
imap = { host = "imap.example.net", port = 993, tls = "implicit" }
smtp = { host = "smtp.example.net", port = 465, tls = "implicit" }
password = { command = "true" }
[[rule]]
name = "thesis"
when = { role = "x" }
then = "decline"
template = "thesis"
"""
SETTINGS = Settings(me=Me("Robin Meyer", ("robin.meyer@example.net",), "Europe/Berlin", languages=("en", "de")))
ENGLISH = replace(SETTINGS, me=replace(SETTINGS.me, languages=("en",)))


def test_the_gallery_in_the_documentation_is_current() -> None:
    made = CliRunner().invoke(command, ["--gallery"]).output
    assert (ROOT / "docs" / "replies.md").read_text("utf-8") == made, "raincheck templates --gallery > docs/replies.md"


def test_the_gallery_shows_every_letter() -> None:
    page = gallery(TEMPLATES, ("en", "de"))
    letters = [name for name in TEMPLATES if "/note" not in name and not name.endswith("/language")]
    assert all(f"`{name}`" in page for name in letters)


def test_shipped_templates_have_no_problems() -> None:
    assert problems(TEMPLATES, SETTINGS) == ()


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("en/decline", "{{ greeting }}\n\nNo.\n\n{{ closing }}", "words"),
        ("en/decline", "{{ greeting }} {{ surname }}", "undefined"),
        ("de/accept", "{% if %}", "does not work"),
        ("en/reschedule", TEMPLATES["en/reschedule"].replace("{{ options }}", ""), "does not offer"),
        ("en/reschedule", TEMPLATES["en/reschedule"].replace("{{ role_phrase }}", "{{ role }}"), "None"),
        ("en/declin", "x", "no letter"),
        ("en/decline.agancy", "x", "no letter"),
        ("en/language", "locale = 1", "locale"),
    ],
)
def test_a_broken_template_is_named(name: str, text: str, complaint: str) -> None:
    (flaw,) = problems({**TEMPLATES, name: text}, SETTINGS)
    assert flaw.name == name
    assert complaint in flaw.what
    assert flaw.remedy


def ruled(template: str, then: Outcome = Outcome.DECLINE) -> Settings:
    return replace(ENGLISH, rules=(Rule("thesis", Unknown(("role",)), then, template=template, origin="c.toml:9"),))


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("en/declin", "Rename it to decline.txt"),
        ("en/decline.agancy", "Rename it to decline.agency.txt"),
        ("en/decline.informal", "Rename it to decline.txt"),  # English has no forms
        ("de/decline.informal.agency", "Rename it to decline.agency.informal.txt"),
        ("en/propose.second", "Rename it to propose.txt"),  # only a reschedule can be a second one
        ("en/note.helth", 'Name it in a rule: template = "note.helth"; or remove it.'),
        ("en/zzz", 'Name it in a rule: template = "zzz"; or remove it.'),
    ],
)
def test_a_file_of_which_no_letter_is_ever_made_is_told_with_the_name_that_may_be_meant(name: str, remedy: str) -> None:
    (flaw,) = problems({**TEMPLATES, name: TEMPLATES["en/decline"]}, SETTINGS)
    assert flaw.name == name
    assert flaw.remedy.startswith(remedy)


@pytest.mark.parametrize("template", ["thesis", "decline.short"])
def test_a_template_of_a_rule_may_have_variants_and_a_name_with_dots(template: str) -> None:
    own = {f"en/{template}": TEMPLATES["en/decline"], f"en/{template}.agency": TEMPLATES["en/decline.agency"]}
    assert problems({**TEMPLATES, **own}, ruled(template)) == ()


def test_a_template_of_a_rule_that_is_missing_is_told_with_rule_file_and_language() -> None:
    (flaw,) = problems(TEMPLATES, ruled("thesis"), "/home/robin/templates")
    assert flaw.name == "en/thesis"
    for said in ("“thesis” (c.toml:9)", "/home/robin/templates/en/thesis.txt", "“en”"):
        assert said in flaw.what
    assert flaw.remedy.startswith('Write that file, or take template = "thesis" out of the rule.')


def test_a_rule_that_writes_no_letter_misses_no_template() -> None:
    assert problems(TEMPLATES, ruled("thesis", Outcome.LEAVE)) == ()


def test_what_a_language_of_the_persons_own_lacks_is_told() -> None:
    french = replace(SETTINGS, me=replace(SETTINGS.me, languages=("en", "fr")))
    letters = {name.replace("en/", "fr/"): text for name, text in TEMPLATES.items() if name.startswith("en/")}
    assert problems({**TEMPLATES, **letters}, french) == ()
    (flaw,) = problems({**TEMPLATES, "fr/decline": "x"}, french, "mine")
    assert (flaw.name, flaw.remedy[:28]) == ("fr/language", "Write mine/fr/language.toml.")
    del letters["fr/accept"]
    (flaw,) = problems({**TEMPLATES, **letters}, french, "mine")
    assert (flaw.name, flaw.remedy[:25]) == ("fr/accept", "Write mine/fr/accept.txt.")


def test_every_value_is_explained() -> None:
    text = (ROOT / "templates" / "README.md").read_text("utf-8")
    used = set()
    for name, template in TEMPLATES.items():
        if "/note" not in name and not name.endswith("/language"):
            used |= find_undeclared_variables(Environment(autoescape=True).parse(template))
    assert {value for value in used if f"`{value}`" not in text} == {"vary"}


def test_a_template_of_a_rule_is_checked_as_the_letter_it_is_for() -> None:
    assert problems({**TEMPLATES, "en/thesis": TEMPLATES["en/decline"]}, ruled("thesis")) == ()
    (flaw,) = problems({**TEMPLATES, "en/thesis": TEMPLATES["en/confirm"]}, ruled("thesis"))
    assert (flaw.name, flaw.remedy) == (
        "en/thesis",
        "Mend templates/en/thesis.txt. `raincheck templates en/thesis` shows the letter.",
    )


def test_the_command_lists_shows_and_checks() -> None:
    run = CliRunner().invoke
    assert "en/decline.agency\n" in run(command, []).output
    assert "Dear Ms Weber," in run(command, ["en/decline"]).output
    assert '"problem": null' in run(command, ["decline", "--json"]).output
    assert "every letter is fit" in run(command, ["--check"]).output
    assert run(command, ["nothing"]).exit_code == 2


def test_the_command_knows_the_persons_own_templates(tmp_path: Path) -> None:
    (tmp_path / "templates" / "en").mkdir(parents=True)
    (tmp_path / "templates" / "en" / "thesis.txt").write_text(TEMPLATES["en/decline"], "utf-8")
    (tmp_path / "templates" / "en" / "accept.txt").write_text("{{ nothing }}", "utf-8")
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")
    run = CliRunner().invoke
    listed = run(command, ["--config", str(config)]).output
    assert "en/thesis  (yours)\n" in listed
    assert "en/decline\n" in listed
    assert "Dear Ms Weber," in run(command, ["thesis", "--config", str(config)]).output
    checked = run(command, ["--check", "--config", str(config)], standalone_mode=False)
    assert checked.return_value == 1
    assert checked.output.startswith("en/accept: ")
    assert f"`raincheck templates --config {config} en/accept` shows the letter." in checked.output
    missed = run(command, ["nothing", "--config", str(config)]).output
    assert f"`raincheck templates --config {config}` lists them" in missed


def test_names_narrow_what_is_checked_and_what_the_gallery_holds(tmp_path: Path) -> None:
    (tmp_path / "templates" / "en").mkdir(parents=True)
    (tmp_path / "templates" / "en" / "accept.txt").write_text("{{ nothing }}", "utf-8")
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")

    def run(*arguments: str) -> str:
        return CliRunner().invoke(command, [*arguments, "--config", str(config)]).output

    assert run("--check", "en/decline") == "1 file, every letter is fit to be sent\n"
    assert run("--check", "decline", "en/accept").startswith("en/accept: ")
    assert "there is no template 'nothing'" in run("--check", "nothing")
    page = run("--gallery", "decline.agency")
    headings = [line for line in page.splitlines() if line.startswith("##")]
    assert headings == ["## English", "### `en/decline.agency`"]
    assert "there is no template 'nothing'" in run("--gallery", "nothing")


def test_a_language_that_cannot_be_read_is_wrong_with_each_of_its_letters(tmp_path: Path) -> None:
    (tmp_path / "templates" / "en").mkdir(parents=True)
    (tmp_path / "templates" / "en" / "language.toml").write_text("locale = 5", "utf-8")
    config = tmp_path / "config.toml"
    config.write_text(CONFIG, "utf-8")
    checked = CliRunner().invoke(command, ["--check", "en/decline", "--config", str(config)])
    assert checked.output.startswith("en/language: ")


def test_files_of_the_persons_own_stand_in_place_of_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "decline.txt").write_text("mine", "utf-8")
    (tmp_path / "en" / "thesis.txt").write_text("new", "utf-8")
    merged = assets.templates(tmp_path)
    assert merged["en/decline"] == "mine"
    assert merged["en/thesis"] == "new"
    assert merged["en/accept"] == TEMPLATES["en/accept"]
    assert assets.templates(tmp_path / "missing") == TEMPLATES

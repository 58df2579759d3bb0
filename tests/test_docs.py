"""Commands in the documents exist, links resolve, no file names one machine or one index."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bongsu.main.program import COMMANDS, bongsu

ROOT = Path(__file__).parents[1]
UNSEEN = {"build", "dist", "demo-report", "api-reference", "__pycache__", "node_modules"}
BUILT = ROOT / "src/bongsu/console/data/web"
BINARY = {".bin", ".gz", ".npz", ".png", ".pyc", ".woff2"}
PATHS_OF_A_MACHINE = re.compile(r"(?<![\w.)}])/(?:work|root|home)/\w")
# In two pieces, so that this file does not name what no file may name.
INDEX_HOSTS = re.compile(
    "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "test" + r"pypi\."))
)
WORDS_OF_A_TRACKER = re.compile(r"\bissue\s+#?\d|\bissues?\s+#|\bTODO\b|\bFIXME\b", flags=re.I)


def files() -> Iterator[Path]:
    """Every file of the project; not what tools and environments leave behind."""
    tops = [top for top in ROOT.iterdir() if not top.name.startswith(".") or top.name == ".ci"]
    for top in tops:
        for path in [top, *top.rglob("*")]:
            parts = set(path.relative_to(ROOT).parts)
            egg = any(part.endswith(".egg-info") for part in parts)
            is_made = egg or BUILT in path.parents
            if path.is_file() and not parts & UNSEEN and not is_made and path.suffix not in BINARY:
                yield path


def documents() -> list[Path]:
    return sorted(path for path in files() if path.suffix == ".md")


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def command_lines(text: str) -> Iterator[str]:
    """Lines of code blocks, and code within sentences, that begin with the program's name."""
    yield from re.findall(r"^(?: {4}|\$ )?(bongsu [a-z].*)$", text, flags=re.M)
    yield from re.findall(r"`(bongsu [a-z][^`]*)`", text)


def resolved(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that these words call, and the words that are left for it."""
    command: click.Command = bongsu
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        with click.Context(command) as context:
            found = command.get_command(context, words[0])
        assert found is not None, words
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize("name", COMMANDS)
def test_the_readme_names_every_command(name: str) -> None:
    assert f"| `bongsu {name}` |" in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("document", documents(), ids=named)
def test_every_command_line_is_one_that_the_program_takes(document: Path) -> None:
    for line in command_lines(document.read_text(encoding="utf-8")):
        command, words = resolved(shlex.split(line, comments=True)[1:])
        with click.Context(command) as context:
            options = {name for option in command.get_params(context) for name in option.opts}
        used = {word for word in words if word.startswith("--")}
        assert used <= options, line
        assert CliRunner().invoke(command, ["--help"]).exit_code == 0, line


@pytest.mark.parametrize("document", documents(), ids=named)
def test_every_relative_link_leads_to_a_file(document: Path) -> None:
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    near = [link.partition("#")[0] for link in links if "://" not in link]
    assert [link for link in near if not (document.parent / link).exists()] == []


def test_every_decision_stands_in_the_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    pages = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [page for page in pages if f"]({page})" not in index] == []
    assert len({page[:4] for page in pages}) == len(pages), "a number is used twice"


def test_the_front_documents_are_there_and_reachable_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = [path for path in documents() if path.parent in (ROOT, ROOT / "docs")]
    expected = [named(path) for path in pages if path.name != "README.md"]
    assert len(expected) >= 10
    assert [page for page in expected if f"]({page})" not in readme] == []


def test_security_names_every_test_of_an_attack() -> None:
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    tests = sorted((ROOT / "tests" / "attacks").glob("test_*.py"))
    assert [named(path) for path in tests if f"]({named(path)})" not in text] == []


def test_no_file_names_a_package_index_or_a_path_of_one_machine() -> None:
    found = []
    for path in files():
        text = path.read_text(encoding="utf-8")
        found += [
            f"{named(path)}: {match.group()}"
            for pattern in (INDEX_HOSTS, PATHS_OF_A_MACHINE)
            for match in pattern.finditer(text)
        ]
    assert found == []


@pytest.mark.parametrize("document", documents(), ids=named)
def test_documents_speak_of_the_project_and_not_of_its_making(document: Path) -> None:
    assert WORDS_OF_A_TRACKER.findall(document.read_text(encoding="utf-8")) == []

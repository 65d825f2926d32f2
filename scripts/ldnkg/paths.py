"""Find the files of a publication: in a clone of the repository, or in the installed package."""

from __future__ import annotations

from pathlib import Path

from ldnkg.errors import LdnkgError

_MARK = Path("ontology") / "context.jsonld"
_PACKAGE = Path(__file__).resolve().parent
FIXED = ("ldn.ttl", "dataset.ttl")
GRAPH = "ldn-kg.ttl"
# The folders of a clone that people write, and in which a command never writes its output.
SOURCES = ("data", "ontology", "shapes", "queries", "scripts", "tests", "docs", "deploy", ".git", ".ci", ".github")


class Home:
    """The top folder of a publication: a clone, or the read-only copy in the installed package."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def ontology(self) -> Path:
        """The folder of the vocabulary, the JSON-LD context and the inference queries."""
        return self.root / "ontology"

    @property
    def data(self) -> Path:
        """The folder of the records and of the table of terms."""
        return self.root / "data"

    @property
    def shapes(self) -> Path:
        """The folder of the rules."""
        return self.root / "shapes"

    @property
    def queries(self) -> Path:
        """The folder of the questions."""
        return self.root / "queries"

    @property
    def dist(self) -> Path:
        """The folder of the built files."""
        return self.root / "dist"

    def is_source(self, path: Path) -> bool:
        """Return whether the path is in a folder of the home that people write, such as `data` or `docs`."""
        real = path.resolve()
        return any(real.is_relative_to((self.root / name).resolve()) for name in SOURCES)

    @property
    def installed(self) -> bool:
        """Whether the folder is inside the installed package, which is never written to."""
        return is_in_installed_package(self.root)


def find_bundled() -> Path:
    """Return the top folder that belongs to this package: `home` of the installed package, else the clone."""
    inside = _PACKAGE / "home"
    return inside if (inside / _MARK).is_file() else _PACKAGE.parents[1]


def is_in_installed_package(path: Path) -> bool:
    """Return whether the path is inside the package; a package that runs from a clone does not count as installed."""
    return find_bundled().is_relative_to(_PACKAGE) and path.resolve().is_relative_to(_PACKAGE)


def find_home(given: Path | None = None) -> Home:
    """Return the given home, else the nearest one at or above the working folder, else the bundled one.

    Raise LdnkgError if the given folder is no home.
    """
    if given is not None:
        if not (given / _MARK).is_file():
            raise LdnkgError(
                f"{given}: there is no publication here, because {_MARK.as_posix()} is missing. "
                "Name the top folder of a clone."
            )
        return Home(given.resolve())
    here = Path.cwd()
    return Home(next((up for up in (here, *here.parents) if (up / _MARK).is_file()), find_bundled()))


def find_output_folder(home: Home) -> Path:
    """Return the default folder for built files: `dist` of a clone, else `dist` in the working folder."""
    return Path("dist") if home.installed else home.dist

"""Where the publication's files are."""

from __future__ import annotations

from pathlib import Path

from ldnkg.errors import LdnkgError

_MARK = Path("ontology") / "context.jsonld"
FIXED = ("ldn.ttl", "dataset.ttl")
GRAPH = "ldn-kg.ttl"


class Home:
    """The folder that holds a publication: a checkout, or the copy that the wheel carries."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def ontology(self) -> Path:
        """The folder of the vocabulary, the context and the derivations."""
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
        """The folder that a build writes to unless told otherwise."""
        return self.root / "dist"


def find_bundled() -> Path:
    """Return the root of the files that came with this package: in the wheel, or in the checkout it runs from."""
    package = Path(__file__).resolve().parent
    inside = package / "home"
    return inside if (inside / _MARK).is_file() else package.parents[1]


def find_home(given: Path | None = None) -> Home:
    """Return the given home, else the nearest one above the working folder, else the bundled one.

    Raises LdnkgError if the given folder is no home.
    """
    if given is not None:
        if not (given / _MARK).is_file():
            raise LdnkgError(f"{given}: no publication here, for {_MARK.as_posix()} is missing. Name its top folder.")
        return Home(given.resolve())
    here = Path.cwd()
    return Home(next((up for up in (here, *here.parents) if (up / _MARK).is_file()), find_bundled()))


def find_output_folder(home: Home) -> Path:
    """Return where built files go by default: `dist` of a checkout, else `dist` below the working folder."""
    packaged = home.root == find_bundled() and home.root.name == "home"
    return Path("dist") if packaged else home.dist

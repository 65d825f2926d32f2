"""What each command does: it calls one step after the other, prints, and returns its exit status."""

from __future__ import annotations

from pathlib import Path

from ldnkg import console
from ldnkg.paths import find_home
from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from ldnkg.checks import Report
    from ldnkg.exports import Format
    from ldnkg.paths import Home
    from ldnkg.publication import Publication
    from ldnkg.signing import Signer
    from ldnkg.tables import Row


def version() -> int:
    """Print the version of the package."""
    from importlib.metadata import version as installed

    console.say(f"ldnkg {installed('ldnkg')}")
    return 0


def _home(arguments: Namespace) -> Home:
    return find_home(Path(arguments.home) if arguments.home else None)


def build(arguments: Namespace) -> int:
    """Check, then write every file; write nothing where the check finds anything."""
    from ldnkg import summary
    from ldnkg.checks import check as run
    from ldnkg.formats import export as make
    from ldnkg.write import write_all

    home = _home(arguments)
    with console.progress(quiet=arguments.quiet) as step:
        report = run(home, step=step)
        publication = _clean(report, quiet=arguments.quiet)
        step("writing the files")
        files = make(publication)
        folder = Path(arguments.out) if arguments.out else summary.default_folder(home)
        write_all(files, folder)
    if not arguments.quiet:
        summary.print_built(report, files, folder)
    return 0


def _clean(report: Report, *, quiet: bool) -> Publication:
    """Return the publication of a report; say what was found, and raise Problem, where anything was."""
    if report.publication is None or not report.clean:
        _say_findings(report, quiet=quiet)
        raise Problem("Nothing was written.", 1)
    return report.publication


def export(arguments: Namespace) -> int:
    """Check, then write the further formats; write nothing where the check finds anything."""
    from ldnkg import exports, losses, summary
    from ldnkg.checks import check as run
    from ldnkg.write import write_all

    home = _home(arguments)
    wanted = exports.formats(home, arguments.only)
    if arguments.list:
        _say_losses(losses.losses(home, arguments.only or exports.known(home)), each=bool(arguments.only))
        return 0
    wanted = [form for form in wanted if _can(form, asked=bool(arguments.only))]
    with console.progress(quiet=arguments.quiet) as step:
        publication = _clean(run(home, (), step, arguments.engine), quiet=arguments.quiet)
        aligned = exports.Aligned(publication)
        files = {losses.NAME: losses.statement(losses.losses(home, [form.name for form in wanted]))}
        for form in wanted:
            step(f"making {form.name}")
            files |= form.files(aligned)
        folder = Path(arguments.out) if arguments.out else summary.default_folder(home)
        write_all(files, folder)
    if not arguments.quiet:
        summary.print_written(files, folder)
    return 0


def _say_losses(kept: list[Row], *, each: bool) -> None:
    """Print what each format keeps; of formats that were asked for, how."""
    from ldnkg import losses

    if each:
        console.table(losses.COLUMNS, [list(row.cells.values()) for row in kept])
    else:
        console.table(*losses.overview(kept))


def _can(form: Format, *, asked: bool) -> bool:
    """Say whether what a format wants is installed; raise the Problem that it is not where it was asked for."""
    try:
        form.module()
    except Problem:
        if asked:
            raise
        console.tell(f"ldnkg: The format '{form.name}' is left out, for it wants `pip install '{form.extra}'`.")
        return False
    return True


def nanopubs(arguments: Namespace) -> int:
    """Check, then write the claims as nanopublications, signed where a key is given."""
    from ldnkg import export_nanopubs, exports, summary
    from ldnkg.checks import check as run
    from ldnkg.write import write_all

    home = _home(arguments)
    (form,) = exports.formats(home, ["nanopubs"])
    sign = _signer(Path(arguments.sign_with), form.folder) if arguments.sign_with else list
    with console.progress(quiet=arguments.quiet) as step:
        publication = _clean(run(home, (), step, arguments.engine), quiet=arguments.quiet)
        step("making nanopubs")
        files = export_nanopubs.signed(exports.Aligned(publication), form.folder, sign)
        folder = Path(arguments.out) if arguments.out else summary.default_folder(home)
        write_all(files, folder)
    if not arguments.quiet:
        summary.print_written(files, folder)
    return 0


def _signer(key: Path, folder: Path) -> Signer:
    """Return what signs with the key; raise Problem where the key is no good or what it takes is not installed."""
    try:
        from ldnkg.signing import Signer, read_key
    except ModuleNotFoundError as error:
        raise Problem("To sign wants more. Run `pip install 'ldnkg[nanopubs]'`.") from error
    return Signer(read_key(key), folder / "signature.trig")


def merge(arguments: Namespace) -> int:
    """Report what comes of laying the graphs of others beside ours, and write it where a folder is given."""
    from ldnkg import mergereport
    from ldnkg.merge import merge as join
    from ldnkg.mergegraph import files
    from ldnkg.mergeours import read_ours
    from ldnkg.others import files_of, read_others
    from ldnkg.write import write_all

    given = [Path(path) for path in arguments.others]
    folder = Path(arguments.out) if arguments.out else None
    with console.progress(quiet=arguments.quiet) as step:
        step("reading the graphs")
        inputs = files_of(given)
        ours = read_ours(_home(arguments))
        merged = join(ours, read_others(given, ours.naming))
        told = mergereport.report(merged, ours)
        if folder:
            step("writing the files")
            made = {**files(merged.quads, ours.aligned.prefixes), "report.json": mergereport.as_json(told).encode()}
            if lost := sorted(inputs & {(folder / name).resolve() for name in made}):
                raise Problem(f"{lost[0]}: is read and would be written over. Name another folder with --out.")
            write_all(made, folder)
    if arguments.format == "json":
        console.say(mergereport.as_json(told), end="")
    else:
        mergereport.show(told)
    return 0


def check(arguments: Namespace) -> int:
    """Print what is wrong; with paths, only what is found in them; with --watch, again whenever a file changes."""
    if not arguments.watch:
        return _check_once(arguments)
    from ldnkg.watch import changes

    for changed in changes(_home(arguments)):
        for path in changed:
            console.tell(f"{path.name} has changed.")
        try:
            _check_once(arguments)
        except Problem as problem:
            console.tell(str(problem))
        console.flush()
    return 0


def _check_once(arguments: Namespace) -> int:
    from ldnkg.checks import check as run
    from ldnkg.checks import within

    home = _home(arguments)
    paths = [Path(path) for path in arguments.paths]
    for path in paths:
        if not path.exists():
            raise Problem(f"{path}: there is no such file or folder.")
    outside = [path for path in paths if path.is_file() and not path.resolve().is_relative_to(home.root)]
    with console.progress(quiet=arguments.quiet) as step:
        report = within(run(home, outside, step, arguments.engine), paths)
    if arguments.format == "text":
        _say_findings(report, quiet=arguments.quiet)
    else:
        from ldnkg.reports import REPORTS
        from ldnkg.rules import Rules

        console.say(REPORTS[arguments.format](report, Rules(home.shapes)), end="")
    return 0 if report.clean else 1


def _say_findings(report: Report, *, quiet: bool) -> None:
    from ldnkg.files import shown

    for finding in report.findings:
        where = console.bold(f"{shown(finding.path)}:{finding.line}")
        console.say(f"{where}: {finding.record or 'this file'}: {console.red(finding.rule)}: {finding.sentence}")
    if quiet:
        return
    found = f"{len(report.findings)} finding{'s' * (len(report.findings) != 1)}" if report.findings else "No findings"
    size = f"{report.rules} rules on {report.nodes} nodes, {report.evaluations} evaluations by {report.engine}"
    rest = "" if report.publication else " The graph was not checked yet: mend these first."
    console.tell(f"{found}: {size}.{rest}")


def new(arguments: Namespace) -> int:
    """Draft a claim, and write it with its entry in the ledger where the check finds nothing."""
    from ldnkg import newclaim
    from ldnkg.write import write_all

    home = _home(arguments)
    answers = _answers(arguments)
    while keys := newclaim.missing(answers):
        answers[keys[0]] = console.ask(keys[0])
    draft = newclaim.draft(home, arguments.slug, answers, arguments.mentions, arguments.engine)
    if not draft.report.clean:
        _say_findings(draft.report, quiet=arguments.quiet)
        raise Problem("Nothing was written.", 1)
    files = {path.relative_to(home.root).as_posix(): text.encode() for path, text in draft.files.items()}
    write_all(files, home.root)
    console.say("\n".join(newclaim.written(draft)))
    if not arguments.quiet:
        console.tell("Written. Enter it in tests/answers/facts.tsv too, from the article, and run `make`.")
    return 0


def _answers(arguments: Namespace) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for given in arguments.set:
        key, mark, value = given.partition("=")
        if not mark:
            raise Problem(f"'{given}' is no KEY=VALUE. Write it as in --set relation=actsOn.")
        found.setdefault(key, []).append(value)
    return found


def show(arguments: Namespace) -> int:
    """Print a claim in words."""
    from ldnkg import explain as words
    from ldnkg.describe import Library
    from ldnkg.publication import read_clean

    library = Library(read_clean(_home(arguments)))
    words.show(library, library.claim(arguments.claim))
    return 0


def explain(arguments: Namespace) -> int:
    """Print all that stands behind a claim, in the article's words where its text is given."""
    from ldnkg import explain as words
    from ldnkg.describe import Library
    from ldnkg.files import read_bytes
    from ldnkg.publication import read_clean

    library = Library(read_clean(_home(arguments)))
    claim = library.claim(arguments.claim)
    article = arguments.article
    text = words.genuine_text(library, claim, read_bytes(Path(article)), article) if article else None
    words.explain(library, claim, text)
    return 0


def verify_source(arguments: Namespace) -> int:
    """Print in what a text differs from the one that the ledger is about, or that it does not."""
    from ldnkg.files import read_bytes
    from ldnkg.publication import read_clean
    from ldnkg.source import choose, ledgers
    from ldnkg.verify import verify

    ledger = choose(ledgers(read_clean(_home(arguments)).records), arguments.source)
    differences = verify(read_bytes(Path(arguments.file)), ledger)
    for difference in differences:
        console.say(f"{arguments.file}: {difference.words}")
    if not differences and not arguments.quiet:
        size = f"{len(ledger.sentences)} sentences and {len(ledger.hedges)} hedges"
        console.say(f"{arguments.file}: the very text of {ledger.id}; {size} stand where the ledger says.")
    return 1 if differences else 0


def query(arguments: Namespace) -> int:
    """Print the answer of the built graph."""
    from ldnkg import query as asking

    home = _home(arguments)
    if not arguments.quiet:
        asking.warn_if_stale(home, console.tell)
    built = asking.load(home)
    answer = asking.ask(built, asking.find_query(home, arguments.question))
    if arguments.format != "table" or not asking.is_select(answer):
        console.say(asking.as_text(answer, arguments.format, built.prefixes), end="")
        return 0
    columns, rows = asking.as_rows(answer, built.prefixes)
    if rows:
        console.table(columns, rows)
    else:
        console.tell("No rows.")
    return 0


def view(arguments: Namespace) -> int:
    """Print the built graph in another vocabulary."""
    from ldnkg import query as asking
    from ldnkg import view as viewing

    home = _home(arguments)
    path = viewing.find_view(home, arguments.name)
    if not arguments.quiet:
        asking.warn_if_stale(home, console.tell)
    built = viewing.load_aligned(home)
    console.say(viewing.as_text(viewing.view(built, path), arguments.format, built), end="")
    return 0

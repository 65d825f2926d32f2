"""What the commands do that write the publication in its forms, or with the graphs of others."""

from __future__ import annotations

from pathlib import Path

from ldnkg import console
from ldnkg.commands_check import clean, home_of
from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace

    from ldnkg.exports import Format
    from ldnkg.signing import Signer
    from ldnkg.tables import Row


def build(arguments: Namespace) -> int:
    """Check, then write every file; write nothing where the check finds anything."""
    from ldnkg import summary
    from ldnkg.checks import check as run
    from ldnkg.formats import export as make
    from ldnkg.write import write_all

    home = home_of(arguments)
    with console.progress(quiet=arguments.quiet) as step:
        report = run(home, step=step)
        publication = clean(report, quiet=arguments.quiet)
        step("writing the files")
        files = make(publication)
        folder = Path(arguments.out) if arguments.out else summary.default_folder(home)
        write_all(files, folder)
    if not arguments.quiet:
        summary.print_built(report, files, folder)
    return 0


def export(arguments: Namespace) -> int:
    """Check, then write the further formats; write nothing where the check finds anything."""
    from ldnkg import exports, losses, summary
    from ldnkg.checks import check as run
    from ldnkg.write import write_all

    home = home_of(arguments)
    wanted = exports.formats(home, arguments.only)
    if arguments.list:
        _say_losses(losses.losses(home, arguments.only or exports.known(home)), each=bool(arguments.only))
        return 0
    wanted = [form for form in wanted if _can(form, asked=bool(arguments.only))]
    with console.progress(quiet=arguments.quiet) as step:
        publication = clean(run(home, (), step, arguments.engine), quiet=arguments.quiet)
        aligned = exports.Aligned(publication)
        files = {losses.NAME: losses.statement(losses.losses(home, [form.name for form in wanted]))}
        step(f"making {', '.join(form.name for form in wanted)}")
        files |= exports.files(wanted, aligned)
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

    home = home_of(arguments)
    (form,) = exports.formats(home, ["nanopubs"])
    sign = _signer(Path(arguments.sign_with), form.folder) if arguments.sign_with else list
    with console.progress(quiet=arguments.quiet) as step:
        publication = clean(run(home, (), step, arguments.engine), quiet=arguments.quiet)
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
        ours = read_ours(home_of(arguments))
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

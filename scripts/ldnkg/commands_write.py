"""What the commands do that write the publication in its forms, or with the graphs of others."""

from __future__ import annotations

import shlex
from pathlib import Path

from ldnkg import console
from ldnkg.commands_check import clean, home_of
from ldnkg.problem import Problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Mapping
    from typing import TypeAlias

    from ldnkg.checks import Report
    from ldnkg.exports.forms import Format
    from ldnkg.exports.signing import Signer
    from ldnkg.publication import Publication
    from ldnkg.tables import Row

    Files: TypeAlias = dict[str, bytes]
    Step: TypeAlias = Callable[[str], None]
    Make: TypeAlias = Callable[[Publication, Step], Files]
    Seal: TypeAlias = Callable[[Mapping[str, bytes], Path], Files]


def build(arguments: Namespace) -> int:
    """Check, then write every file; write nothing where the check finds anything."""
    from ldnkg import summary
    from ldnkg.formats import export as make
    from ldnkg.seals import with_seals

    def made(publication: Publication, step: Step) -> Files:
        step("writing the files")
        return make(publication)

    report, files, folder = _written(arguments, made, with_seals)
    if not arguments.quiet:
        summary.print_built(report, files, folder)
    return 0


def export(arguments: Namespace) -> int:
    """Check, then write the further formats; write nothing where the check finds anything."""
    from ldnkg.exports import forms, losses
    from ldnkg.exports.aligned import Aligned

    home = home_of(arguments)
    wanted = forms.formats(home, arguments.only)
    if arguments.list:
        _say_losses(losses.losses(home, arguments.only or forms.known(home)), each=bool(arguments.only))
        return 0
    wanted = [form for form in wanted if _can(form, asked=bool(arguments.only))]
    statement = losses.statement(losses.losses(home, forms.known(home)))

    def made(publication: Publication, step: Step) -> Files:
        step(f"making {', '.join(form.name for form in wanted)}")
        return {losses.NAME: statement, **forms.files(wanted, Aligned(publication))}

    folder = _exported(arguments, made)
    if not arguments.only and not arguments.quiet:
        _say_unwritten(forms.unwritten(folder), {"--home": arguments.home, "--out": arguments.out})
    return 0


def _say_unwritten(names: list[str], given: Mapping[str, str | None]) -> None:
    """Say which forms of a build are not beside what was written, and how to have them."""
    if names:
        how = shlex.join(["ldnkg", "build", *(word for pair in given.items() if pair[1] for word in pair if word)])
        console.say(f"Not written: {', '.join(names)}. `{how}` writes {'them' if names[1:] else 'it'}.")


def _exported(arguments: Namespace, make: Make) -> Path:
    """Check, write what is made of the publication, sealed as exports are, and say what was written; return where."""
    from ldnkg import summary
    from ldnkg.seals import exported

    _, files, folder = _written(arguments, make, exported)
    if not arguments.quiet:
        summary.print_written(files, folder)
    return folder


def _written(arguments: Namespace, make: Make, seal: Seal) -> tuple[Report, Files, Path]:
    """Check, write what is made of the publication, and return what was found, what was written and where."""
    from ldnkg import summary
    from ldnkg.checks import check as run
    from ldnkg.write import write_all

    home = home_of(arguments)
    with console.progress(quiet=arguments.quiet) as step:
        report = run(home, (), step, arguments.engine)
        made = make(clean(report, quiet=arguments.quiet), step)
        folder = Path(arguments.out) if arguments.out else summary.default_folder(home)
        files = seal(made, folder)
        write_all(files, folder)
    return report, files, folder


def _say_losses(kept: list[Row], *, each: bool) -> None:
    """Print what each format keeps; of formats that were asked for, how."""
    from ldnkg.exports import losses

    if each:
        console.table(losses.COLUMNS, [list(row.cells.values()) for row in kept])
    else:
        console.table(*losses.overview(kept))


def _can(form: Format, *, asked: bool) -> bool:
    """Say whether what a format wants is installed; raise the Problem that it is not where it was asked for."""
    from ldnkg.exports.forms import Missing

    try:
        form.module()
    except Missing:
        if asked:
            raise
        console.tell(f"ldnkg: The format '{form.name}' is left out, for it wants `pip install '{form.extra}'`.")
        return False
    return True


def nanopubs(arguments: Namespace) -> int:
    """Check, then write the claims as nanopublications, signed where a key is given."""
    from ldnkg.exports import forms, to_nanopubs
    from ldnkg.exports.aligned import Aligned

    (form,) = forms.formats(home_of(arguments), ["nanopubs"])
    sign = _signer(Path(arguments.sign_with), form.folder) if arguments.sign_with else list

    def made(publication: Publication, step: Step) -> Files:
        step("making nanopubs")
        return to_nanopubs.signed(Aligned(publication), form.folder, sign)

    _exported(arguments, made)
    return 0


def _signer(key: Path, folder: Path) -> Signer:
    """Return what signs with the key; raise Problem where the key is no good or what it takes is not installed."""
    try:
        from ldnkg.exports.signing import Signer, read_key
    except ModuleNotFoundError as error:
        raise Problem("To sign wants more. Run `pip install 'ldnkg[nanopubs]'`.") from error
    return Signer(read_key(key), folder / "signature.trig")


def merge(arguments: Namespace) -> int:
    """Report what comes of laying the graphs of others beside ours, and write it where a folder is given."""
    from ldnkg.merging import report as reporting
    from ldnkg.merging.graph import files
    from ldnkg.merging.merge import merge as join
    from ldnkg.merging.others import files_of, read_others
    from ldnkg.merging.ours import read_ours
    from ldnkg.write import write_all

    given = [Path(path) for path in arguments.others]
    folder = Path(arguments.out) if arguments.out else None
    with console.progress(quiet=arguments.quiet) as step:
        step("reading the graphs")
        inputs = files_of(given)
        ours = read_ours(home_of(arguments))
        merged = join(ours, read_others(given, ours.naming))
        told = reporting.report(merged, ours)
        if folder:
            step("writing the files")
            made = {**files(merged.facts, ours.aligned.prefixes), "report.json": reporting.as_json(told).encode()}
            if lost := sorted(inputs & {(folder / name).resolve() for name in made}):
                raise Problem(f"{lost[0]}: is read and would be written over. Name another folder with --out.")
            write_all(made, folder)
    if arguments.format == "json":
        console.say(reporting.as_json(told), end="")
    else:
        reporting.show(told)
    return 0

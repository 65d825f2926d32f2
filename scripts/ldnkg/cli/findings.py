"""Print findings, and stop the command if there are any."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.errors import LdnkgError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ldnkg.publication.graph import Publication
    from ldnkg.validation.check import Report


def print_findings(report: Report, *, quiet: bool) -> None:
    """Print each finding and, unless quiet, the number of rules, nodes and evaluations."""
    from ldnkg.files import display_path

    for finding in report.findings:
        where = console.bold(f"{display_path(finding.path)}:{finding.line}")
        console.write_out(f"{where}: {finding.record or 'this file'}: {console.red(finding.rule)}: {finding.sentence}")
    if quiet:
        return
    found = f"{len(report.findings)} finding{'s' * (len(report.findings) != 1)}" if report.findings else "No findings"
    size = f"{report.rules} rules on {report.nodes} nodes, {report.evaluations} evaluations by {report.engine}"
    rest = "" if report.clean or report.publication else " The graph was not checked: correct these first."
    console.write_err(f"{found}: {size}.{rest}")


def require_clean(report: Report, *, quiet: bool) -> Publication:
    """Return the publication of a report; if there are findings, print them and raise LdnkgError."""
    if report.publication is None or not report.clean:
        print_findings(report, quiet=quiet)
        raise LdnkgError("Nothing was written.", 1)
    return report.publication

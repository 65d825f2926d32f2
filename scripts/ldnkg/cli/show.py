"""`ldnkg show`: print an entity with the claims about it, or a claim in words."""

from __future__ import annotations

from ldnkg.cli import console
from ldnkg.cli.options import get_home

TYPE_CHECKING = False
if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from ldnkg.paths import Home
    from ldnkg.querying.claims import ClaimReader
    from ldnkg.querying.engine import BuiltGraph
    from ldnkg.querying.entity_report import EntityClaim
    from ldnkg.records.yaml_reader import Mapping

HELP = "print an entity with the claims about it, or a claim with its certainty, its sentences and its citations"
EXAMPLE = "fibromyalgia"


def add_arguments(parser: ArgumentParser) -> None:
    """Add the arguments of `ldnkg show`."""
    what = "the label, synonym, slug, CURIE or IRI of a claim or any other entity: a drug, a receptor, a sentence"
    parser.add_argument("entity", metavar="ENTITY", nargs="+", help=what)


def run(arguments: Namespace) -> int:
    """Print a claim in words, or any other entity with the claims about it."""
    from ldnkg.querying.claims import find_claim_file

    home, typed = get_home(arguments), " ".join(arguments.entity)
    if slug := find_claim_file(home, typed):
        _print_claim_of(home, slug)
    else:
        _print_entity(home, typed, quiet=arguments.quiet)
    return 0


def _print_claim_of(home: Home, slug: str) -> None:
    from ldnkg.querying.claims import ClaimReader
    from ldnkg.records.loader import load_valid_records

    library = ClaimReader(load_valid_records(home))
    print_claim(library, library.find_claim(slug))


def print_claim(library: ClaimReader, claim: Mapping) -> None:
    """Print the claim, its certainty, its place in the article and its citations."""
    from ldnkg.querying.claims import describe

    console.write_out(console.bold(str(claim["label"])))
    for key, value in describe(library, claim):
        print_line(key, value)


def print_line(key: str, value: str) -> None:
    """Print one property of a claim or an entity."""
    console.write_out(f"  {key + ':':<16} {value}")


def _print_entity(home: Home, typed: str, *, quiet: bool) -> None:
    from ldnkg.querying.claims import find_claim_file
    from ldnkg.querying.engine import load_graph, warn_if_stale
    from ldnkg.querying.entity_lookup import EntityLookup
    from ldnkg.querying.entity_report import find_entity
    from ldnkg.rdf.terms import Shortener

    built = load_graph(home)
    lookup = EntityLookup(built)
    entity, note = find_entity(lookup, built, typed)
    if not quiet:
        warn_if_stale(home, console.write_err)
        if note:
            console.write_err(note)
    if slug := find_claim_file(home, entity):
        _print_claim_of(home, slug)
    else:
        console.write_out(console.bold(Shortener(built.prefixes)(lookup.get_label(entity))))
        _print_facts_and_claims(built, entity, quiet=quiet)


def _print_facts_and_claims(built: BuiltGraph, entity: str, *, quiet: bool) -> None:
    from ldnkg.querying.entity_report import describe_entity, group_claims, list_claims

    for key, value in describe_entity(built, entity):
        print_line(key, value)
    claims = list_claims(built, entity)
    for first, relations in group_claims(claims):
        console.write_out(f"\n{console.bold(first.certainty)}: {first.level}")
        for group in relations:
            _print_relation(group)
    if not quiet:
        console.write_err(_describe_next_step(claims))


def _print_relation(claims: list[EntityClaim]) -> None:
    """Print the claims that have one relation, with the relation's definition: it says what the certainty is about."""
    relation, meaning = claims[0].relation, claims[0].meaning
    console.write_out(f"  {relation}: {meaning}" if meaning else f"  {relation}")
    for claim in claims:
        role = f" [{claim.role}]" if claim.role else ""
        console.write_out(f"    {claim.claim} ({claim.certainty}: {relation}){role}\n      {claim.label}")


def _describe_next_step(claims: list[EntityClaim]) -> str:
    if not claims:
        return (
            "No claim is about it. `ldnkg query find-by-label --word WORD` searches for related entities, and "
            "`ldnkg query --list WORDS` for questions."
        )
    count, inferred = len({claim.claim for claim in claims}), len({claim.claim for claim in claims if claim.curator})
    number = "1 claim" if count == 1 else f"{count} claims"
    origin = f", {inferred} inferred by curators" if inferred else ""
    return f"{number}{origin}. Show one with its sentence and its citations: `ldnkg show {claims[0].claim}`."

"""Each claim is one nanopublication, whose trusty URI contains the hash of its content and so reveals any change."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from hashlib import sha256
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from ldnkg.errors import LdnkgError
from ldnkg.exports.checksums import format_checksums
from ldnkg.exports.nanopubs.trusty_uris import PLACEHOLDER, assign_trusty_uris, normalise
from ldnkg.exports.nanopubs.writer import FOLDER, make_files
from ldnkg.writing.folder import write_files
from support.cli import run_code
from support.paths import ROOT, read_all
from support.readers.nanopubs import nanopubs, taken_for_fact
from support.readers.trusty import Changed, verified

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from ldnkg.publication.combined import CombinedGraph

    Run = Callable[..., subprocess.CompletedProcess[str]]
    Quads = list[ox.Quad]
    Verdicts = dict[str, list[str]]

NANOPUB = os.environ.get("LDNKG_NANOPUB", "")
GUIDE = (ROOT / "docs" / "import" / "nanopubs.md").read_text("utf-8")
BASE = "https://w3id.org/ldn-kg/np/"
NP = "http://www.nanopub.org/nschema#"
NPX = "http://purl.org/nanopub/x/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
CLAIMS = {path.stem for path in (ROOT / "data" / "claims").iterdir()}
ONE = "nanopubs/low-dose-naltrexone-antagonises-tlr4.trig"
WORDS = {"assertion": ("Toll-like", "Bell-like"), "provenance": ("Opioid", "Odious"), "pubinfo": ("0.1.0", "0.1.1")}
# The verdict of both clients on each file of a folder: empty, or the reason why they refuse it.
ASK_CLIENTS = """
import json, sys
from pathlib import Path
import nanopub, nanopub_sign

def tried(check, path):
    try:
        check(path)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""

def sign(path):
    nanopub_sign.Nanopub(path.read_text("utf-8")).check()

def python(path):
    found = nanopub.Nanopub(rdf=path)
    assert found.is_valid and found.metadata.trusty in found.source_uri

paths = sorted(Path(sys.argv[1]).glob("*.trig"))
verdicts = {path.stem: [tried(sign, path), tried(python, path)] for path in paths if path.stem != "all"}
Path(sys.argv[2]).write_text(json.dumps(verdicts), "utf-8")
"""

needs_clients = pytest.mark.skipif(not NANOPUB, reason="no Python with nanopub is named in LDNKG_NANOPUB")


@pytest.fixture
def made(files_by_format: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return files_by_format["nanopubs"]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_key(tmp_path_factory.mktemp("key") / "key.pem")


@pytest.fixture(scope="module")
def signed_files(aligned: CombinedGraph, key: Path) -> dict[str, bytes]:
    from ldnkg.exports.nanopubs.signing import Signer, read_key
    from ldnkg.exports.nanopubs.writer import make_signed_files

    return make_signed_files(aligned, Signer(read_key(key)))


def write_key(path: Path, kind: str = "rsa", bits: int = 2048, passphrase: bytes = b"") -> Path:
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

    new = ed25519.Ed25519PrivateKey.generate() if kind == "ed25519" else rsa.generate_private_key(65537, bits)
    secret = form.BestAvailableEncryption(passphrase) if passphrase else form.NoEncryption()
    path.write_bytes(new.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, secret))
    return path


def read(content: bytes) -> Quads:
    return list(ox.parse(content, format=ox.RdfFormat.TRIG))


def written(quads: Quads) -> bytes:
    return ox.serialize(quads, format=ox.RdfFormat.TRIG) or b""


def graph(quads: Quads, part: str) -> set[tuple[str, str, str]]:
    found = (quad for quad in quads if str(quad.graph_name).endswith(f"#{part}>"))
    return {tuple(getattr(term, "value", "") for term in quad.triple) for quad in found}  # type: ignore[misc]


def name(content: bytes) -> str:
    return BASE + verified(read(content))


def each(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the file of each claim by its slug."""
    named = {path.removeprefix("nanopubs/").removesuffix(".trig"): content for path, content in files.items()}
    return {slug: content for slug, content in named.items() if slug not in {"all", "index"}}


def test_each_claim_has_a_nanopublication_and_the_index_lists_all(made: dict[str, bytes]) -> None:
    rows = (ROOT / "tests" / "data" / "answers" / "facts.tsv").read_text("utf-8").splitlines()[1:]
    assert each(made).keys() == CLAIMS
    index = read(made["nanopubs/index.trig"])
    this = name(made["nanopubs/index.trig"])
    names = {name(content) for content in each(made).values()}
    assert len(names) == len(rows) == 62
    assert graph(index, "assertion") == {(this, f"{NPX}includesElement", one) for one in names}
    assert (this, TYPE, f"{NPX}NanopubIndex") in graph(index, "pubinfo")
    assert (f"{this}#assertion", TYPE, f"{NPX}IndexAssertion") in graph(index, "provenance")


def test_one_file_contains_all_nanopublications(made: dict[str, bytes]) -> None:
    others = [quad for path, content in made.items() if path != "nanopubs/all.trig" for quad in read(content)]
    assert set(read(made["nanopubs/all.trig"])) == set(others)
    assert len({quad.graph_name for quad in others}) == 63 * 4


def test_each_has_its_four_graphs_and_no_blank_node(made: dict[str, bytes]) -> None:
    for content in [*each(made).values(), made["nanopubs/index.trig"]]:
        quads, this = read(content), name(content)
        parts = {"assertion": "hasAssertion", "provenance": "hasProvenance", "pubinfo": "hasPublicationInfo"}
        head = {(this, NP + key, f"{this}#{part}") for part, key in parts.items()}
        assert graph(quads, "Head") == {*head, (this, TYPE, f"{NP}Nanopublication")}
        assert {str(quad.graph_name) for quad in quads} == {f"<{this}#{part}>" for part in ("Head", *parts)}
        assert any(subject == f"{this}#assertion" for subject, _, _ in graph(quads, "provenance"))
        assert not any(isinstance(term, ox.BlankNode) for quad in quads for term in quad.triple)


def test_each_has_creator_date_licence_and_version(made: dict[str, bytes]) -> None:
    terms = "http://purl.org/dc/terms/"
    expected = {
        (f"{terms}creator", "https://w3id.org/ldn-kg/#publisher"),
        (f"{terms}created", "2026-11-22"),
        (f"{terms}license", "https://creativecommons.org/publicdomain/zero/1.0/"),
        (f"{terms}isPartOf", "https://w3id.org/ldn-kg/"),
        ("http://purl.org/pav/version", "0.1.0"),
    }
    for content in [*each(made).values(), made["nanopubs/index.trig"]]:
        this = name(content)
        assert expected <= {(key, held) for subject, key, held in graph(read(content), "pubinfo") if subject == this}


def test_the_provenance_has_the_sentence_the_hedge_and_the_evidence(made: dict[str, bytes]) -> None:
    source, ldn = "https://w3id.org/ldn-kg/source/naltrexone-to-treat-pain", "https://w3id.org/ldn-kg/ontology#"
    provenance = graph(read(made[ONE]), "provenance")
    claim = "https://w3id.org/ldn-kg/claim/low-dose-naltrexone-antagonises-tlr4"
    assert {
        (f"{name(made[ONE])}#assertion", "http://www.w3.org/ns/prov#hadPrimarySource", source),
        (claim, f"{ldn}hedge", f"{source}#hedge-s12"),
        (claim, f"{ldn}evidence", "http://purl.obolibrary.org/obo/ECO_0000303"),
        (f"{source}#s12", f"{ldn}start", "811"),
        (f"{source}#s12", f"{ldn}end", "956"),
        (f"{source}#hedge-s12", f"{ldn}cue", "thought"),
    } <= provenance
    assert any(subject == f"{source}#s12" and key == f"{ldn}sha256" for subject, key, _ in provenance)


def asserted_below_established(files: Mapping[str, bytes], certainties: Mapping[str, str]) -> set[str]:
    return {slug for slug in taken_for_fact(files) if certainties[slug] != "established"}


@pytest.fixture(scope="module")
def certainties() -> dict[str, str]:
    found = {}
    for path in (ROOT / "data" / "claims").iterdir():
        found[f"claim:{path.stem}"] = re.findall(r"^certainty: (\w+)$", path.read_text("utf-8"), re.MULTILINE)[0]
    return found


def test_only_established_claims_assert_their_triple(made: dict[str, bytes], certainties: dict[str, str]) -> None:
    established = {slug for slug, certainty in certainties.items() if certainty == "established"}
    assert asserted_below_established(made, certainties) == set()
    assert taken_for_fact(made) == established
    everything = {quad.triple for quad in read(made["nanopubs/all.trig"])}
    for one in nanopubs(made):
        subject, predicate, object_ = (ox.NamedNode(str(node)) for node in one.states)
        claim = str(one.claim).removeprefix("https://w3id.org/ldn-kg/")
        assert (ox.Triple(subject, predicate, object_) in everything) == (claim.replace("/", ":") in established)


def test_a_query_that_asserts_every_claim_is_detected(
    aligned: CombinedGraph, tmp_path: Path, certainties: dict[str, str]
) -> None:
    query = shutil.copytree(FOLDER, tmp_path / "nanopubs") / "assertion.rq"
    text = query.read_text("utf-8")
    spoilt = text.replace("ldn:certainty ldn:established ; ", "")
    assert spoilt != text
    query.write_text(spoilt, "utf-8")
    assert len(asserted_below_established(make_files(aligned, query.parent), certainties)) == sum(
        certainty != "established" for certainty in certainties.values()
    )


def test_the_hashed_text_follows_the_specification() -> None:
    """The expected text was written by hand from version 1: quads sort by their terms, with IRIs before literals."""
    trig = r"""
    @prefix this: <https://a.example/~~~ARTIFACTCODE~~~> .
    @prefix sub: <https://a.example/~~~ARTIFACTCODE~~~#> .
    @prefix e: <https://e.example/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    sub:b { e:s e:p "b" , "a\n\\" , "01"^^xsd:integer , "b"@en-GB , e:z , this: , sub:a . }
    sub:a { this: e:p e:o . e:s e:p e:o . }
    """
    lines = [
        ("https://a.example/ #a", "https://a.example/ ", "https://e.example/p", "https://e.example/o"),
        ("https://a.example/ #a", "https://e.example/s", "https://e.example/p", "https://e.example/o"),
        *(
            ("https://a.example/ #b", "https://e.example/s", "https://e.example/p", value)
            for value in (
                "https://a.example/ ",
                "https://a.example/ #a",
                "https://e.example/z",
                "^http://www.w3.org/2001/XMLSchema#integer 01",
                r"^http://www.w3.org/2001/XMLSchema#string a\n\\",
                "@en-gb b",
                "^http://www.w3.org/2001/XMLSchema#string b",
            )
        ),
    ]
    quads = read(trig.encode())
    text = "".join(f"{line}\n" for quad in lines for line in quad)
    assert normalise(quads, PLACEHOLDER) == normalise([*quads, quads[0]], PLACEHOLDER) == text
    code = verified(assign_trusty_uris(quads))
    number = int.from_bytes(sha256(text.encode()).digest(), "big") << 2
    digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert code == "RA" + "".join(digits[number >> place & 63] for place in range(252, -1, -6))


@pytest.mark.parametrize("part", WORDS)
def test_a_changed_word_invalidates_the_trusty_uri(made: dict[str, bytes], part: str) -> None:
    content = made[ONE]
    assert name(content)
    with pytest.raises(Changed, match="now"):
        verified(read(changed(content, part)))


def changed(content: bytes, part: str) -> bytes:
    """Return the file with the first occurrence of one word in that graph changed."""
    old, new = (word.encode() for word in WORDS[part])
    before, graph_, after = content.partition(f"\nsub:{part} {{".encode())
    inside, end, rest = after.partition(b"\n}")
    assert old in inside
    return before + graph_ + inside.replace(old, new, 1) + end + rest


@pytest.mark.parametrize("graph_", ["<https://a.example/other>", f"<{BASE}RA{'x' * 43}#assertion>"])
def test_a_graph_of_another_nanopublication_is_refused(made: dict[str, bytes], graph_: str) -> None:
    stray = read(f"{graph_} {{ <https://a.example/> a <https://a.example/> }}".encode())
    with pytest.raises(LdnkgError, match="do not share one artifact code"):
        verified([*read(made[ONE]), *stray])


def test_a_blank_node_is_refused(made: dict[str, bytes]) -> None:
    stray = read(made["nanopubs/index.trig"])[0]
    with pytest.raises(Changed, match="blank node"):
        verified([stray, ox.Quad(ox.BlankNode(), stray.predicate, stray.object, stray.graph_name)])


def test_a_signature_names_its_key_and_adds_four_quads(
    made: dict[str, bytes], signed_files: dict[str, bytes], key: Path
) -> None:
    from cryptography.hazmat.primitives import serialization as form

    assert signed_files.keys() == made.keys()
    private = form.load_pem_private_key(key.read_bytes(), None)
    public = private.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    shown = b"".join(public.splitlines()[1:-1])
    for path in (ONE, "nanopubs/index.trig"):
        this, quads = name(signed_files[path]), read(signed_files[path])
        signature = {pair[0]: pair[1] for subject, *pair in graph(quads, "pubinfo") if subject == f"{this}#sig"}
        keys = ("hasSignature", "hasSignatureTarget", "hasPublicKey", "hasAlgorithm")
        assert signature.keys() == {NPX + one for one in keys}
        assert signature[f"{NPX}hasPublicKey"].encode() == shown
        assert (signature[f"{NPX}hasAlgorithm"], signature[f"{NPX}hasSignatureTarget"]) == ("RSA", this)
    assert len(read(signed_files[ONE])) == len(read(made[ONE])) + 4
    assert name(signed_files[ONE]) != name(made[ONE])


def test_the_command_signs_without_writing_or_printing_the_key(
    run: Run, key: Path, tmp_path: Path, signed_files: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    ended = run("nanopubs", "--sign-with", key, "--out", out, "--engine", "shacl")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert read_all(out) == {**signed_files, "SHA256SUMS.export": format_checksums(signed_files)}
    secret = [line for line in key.read_text("utf-8").splitlines() if not line.startswith("-----")][3:-1]
    output = ended.stdout.encode() + b"".join(read_all(out).values())
    assert len(secret) > 15
    assert [line for line in secret if line.encode() in output] == []
    assert {path.name for path in tmp_path.iterdir()} == {"out"}


def test_without_a_key_the_command_writes_the_files_of_the_export(
    run: Run, tmp_path: Path, made: dict[str, bytes]
) -> None:
    ended = run("nanopubs", "--out", tmp_path, "--engine", "shacl", "--quiet")
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")
    assert read_all(tmp_path) == {**made, "SHA256SUMS.export": format_checksums(made)}


def bad_key(kind: str, folder: Path) -> Path:
    path = folder / "key.pem"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("-----BEGIN PRIVATE KEY-----\nbm8=\n-----END PRIVATE KEY-----\n", "utf-8")
    elif kind == "encrypted":
        write_key(path, passphrase=b"secret")
    elif kind == "short":
        write_key(path, bits=1024)
    elif kind == "ed25519":
        write_key(path, kind)
    return path


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("missing", "cannot be read, no such file or directory."),
        ("folder", "cannot be read, is a directory."),
        ("text", "contains no private key in PEM format. Create one with `openssl genrsa -out key.pem 2048`."),
        ("encrypted", "is encrypted, which is not supported. Decrypt it with `openssl pkey -in "),
        ("short", "has a key of 1024 bits, but at least 2048 are required. Create one with "),
        ("ed25519", "contains a private key that is not RSA. Create one with "),
    ],
)
def test_an_unsuitable_key_is_reported_in_one_line(run: Run, tmp_path: Path, kind: str, message: str) -> None:
    path = bad_key(kind, tmp_path)
    ended = run("nanopubs", "--sign-with", path, "--out", tmp_path / "out")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr.startswith("ldnkg: key.pem: " + message)
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_signing_without_cryptography_names_the_extra_to_install(
    run: Run, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] == "cryptography"]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "ldnkg.exports.nanopubs.signing", raising=False)
    ended = run("nanopubs", "--sign-with", key, "--out", tmp_path / "out")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "ldnkg: Signing needs an optional dependency. Run `pip install 'ldnkg[nanopubs]'`.\n"


def verdicts(files: Mapping[str, bytes], folder: Path) -> Verdicts:
    """Return the verdicts of nanopub-sign and nanopub on each file: empty, or the reason why it is refused."""
    for path, content in files.items():
        (folder / path.removeprefix("nanopubs/")).write_bytes(content)
    output = folder / "verdicts.json"
    ended = subprocess.run(
        [NANOPUB, "-c", ASK_CLIENTS, str(folder), str(output)], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    found: Verdicts = json.loads(output.read_text("utf-8"))
    return found


@pytest.mark.external
@needs_clients
@pytest.mark.parametrize("kind", ["made", "signed_files"])
def test_both_clients_accept_each_nanopublication(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> None:
    found = verdicts(request.getfixturevalue(kind), tmp_path)
    assert found == {slug: ["", ""] for slug in [*CLAIMS, "index"]}


@pytest.mark.external
@needs_clients
@pytest.mark.parametrize("kind", ["made", "signed_files"])
def test_both_clients_refuse_a_changed_word(request: pytest.FixtureRequest, kind: str, tmp_path: Path) -> None:
    content = request.getfixturevalue(kind)[ONE]
    found = verdicts({f"{part}.trig": changed(content, part) for part in WORDS}, tmp_path)
    assert found.keys() == WORDS.keys()
    for by_sign, by_python in found.values():
        assert "the hash of the nanopublication is different than the expected hash" in by_sign
        assert "is not valid. It should be RA" in by_python


def remove_artifact_code(quads: Quads) -> Quads:
    """Return the quads with the code replaced by the placeholder, as a forger would need them."""
    code = verified(quads)
    return read(written(quads).replace(code.encode(), PLACEHOLDER.encode()))


def put(quads: Quads, old: str, new: str) -> Quads:
    return read(written(quads).replace(old.encode(), new.encode()))


@pytest.mark.external
@needs_clients
def test_each_client_detects_faults_that_the_other_misses(
    made: dict[str, bytes], signed_files: dict[str, bytes], tmp_path: Path
) -> None:
    plain, signed = remove_artifact_code(read(made[ONE])), remove_artifact_code(read(signed_files[ONE]))
    files = {
        "same": assign_trusty_uris(signed),
        "old signature under a new name": assign_trusty_uris(put(signed, "Toll-like", "Bell-like")),
        "number written otherwise": put(
            read(made[ONE]), " 811 ", ' "0811"^^<http://www.w3.org/2001/XMLSchema#integer> '
        ),
        "graph outside of the name": assign_trusty_uris(
            put(plain, f"{BASE}{PLACEHOLDER}#provenance", "https://a.example/graph")
        ),
        "two roles of one graph": assign_trusty_uris(put(plain, "#provenance", "#pubinfo")),
    }
    found = verdicts({f"{name}.trig": written(quads) for name, quads in files.items()}, tmp_path)
    assert found.pop("same") == ["", ""]
    by_sign = {"old signature under a new name", "number written otherwise"}
    assert {name for name, (sign, python) in found.items() if sign and not python} == by_sign
    assert {name for name, (sign, python) in found.items() if python and not sign} == found.keys() - by_sign
    with pytest.raises(Changed):
        verified(files["number written otherwise"])
    with pytest.raises(LdnkgError):
        verified(files["graph outside of the name"])


@pytest.mark.external
@needs_clients
def test_both_clients_hash_unusual_texts_as_the_writer_does(made: dict[str, bytes], tmp_path: Path) -> None:
    plain = remove_artifact_code(read(made[ONE]))
    texts = ["a\nb\\c", "\\n", 'say "so"', "\t", "naïve 𝛍-opioid", ""]
    odd = [ox.Literal(text) for text in texts] + [ox.Literal(text, language="en-GB") for text in texts]
    subject, assertion = ox.NamedNode("https://a.example/s"), ox.NamedNode(f"{BASE}{PLACEHOLDER}#assertion")
    more = [ox.Quad(subject, ox.NamedNode(f"https://a.example/p{n}"), term, assertion) for n, term in enumerate(odd)]
    assert verdicts({"odd.trig": written(assign_trusty_uris([*plain, *more]))}, tmp_path) == {"odd": ["", ""]}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.mark.external
@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_the_commands_of_the_guide_work(run: Run, tmp_path: Path, made: dict[str, bytes]) -> None:
    for line in (line for block in blocks("sh") for line in block.splitlines()):
        first, *words = shlex.split(line)
        ended = run(*words) if first == "ldnkg" else subprocess.run([first, *words], cwd=tmp_path, check=False)
        assert ended.returncode == 0, line
    assert {f"nanopubs/{path.name}" for path in (tmp_path / "out" / "nanopubs").iterdir()} == made.keys()
    assert {f"nanopubs/{path.name}" for path in (tmp_path / "signed" / "nanopubs").iterdir()} == made.keys()
    rows = [line.split("\t") for line in run_code(blocks("python")[0], tmp_path).splitlines()]
    assert {row[0] for row in rows} == {name(content) for content in each(made).values()}
    assert len(rows) == 62


@pytest.mark.external
@needs_clients
def test_the_checker_of_the_guide_checks(made: dict[str, bytes], tmp_path: Path) -> None:
    write_files(made, tmp_path / "out")

    def check() -> subprocess.CompletedProcess[str]:
        command = [NANOPUB, "-c", blocks("python")[1]]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    ended = check()
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.count("is valid") == 63
    (tmp_path / "out" / ONE).write_bytes(changed(made[ONE], "assertion"))
    assert check().returncode != 0

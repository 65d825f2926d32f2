"""Sign nanopublications with a private RSA key, which is neither written nor printed."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from ldnkg.errors import LdnkgError
from ldnkg.exports.nanopubs.trusty_uris import PLACEHOLDER, normalise
from ldnkg.files import display_path, read_bytes, read_turtle_with_prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable

TEMPLATE = Path(__file__).with_name("signature.trig")
BITS = 2048
_MAKE = "Create one with `openssl genrsa -out key.pem 2048`."


def read_key(path: Path) -> RSAPrivateKey:
    """Return the private key of a PEM file; raise LdnkgError unless it is RSA, long enough and not encrypted."""
    try:
        key = load_pem_private_key(read_bytes(path), None)
    except TypeError as error:
        what = f"{display_path(path)}: is encrypted, which is not supported."
        raise LdnkgError(f"{what} Decrypt it with `openssl pkey -in {path.name} -out key.pem`.") from error
    except (ValueError, UnsupportedAlgorithm) as error:
        raise LdnkgError(f"{display_path(path)}: contains no private key in PEM format. {_MAKE}") from error
    if not isinstance(key, RSAPrivateKey):
        raise LdnkgError(f"{display_path(path)}: contains a private key that is not RSA. {_MAKE}")
    if key.key_size < BITS:
        raise LdnkgError(
            f"{display_path(path)}: has a key of {key.key_size} bits, but at least {BITS} are required. {_MAKE}"
        )
    return key


class Signer:
    """A private key and a signature template, whose quads have placeholders for the public key and the signature."""

    def __init__(self, key: RSAPrivateKey, template: Path = TEMPLATE) -> None:
        self._key = key
        self._template = read_turtle_with_prefixes(template, ox.RdfFormat.TRIG)[0]

    def __call__(self, quads: Iterable[ox.Quad]) -> list[ox.Quad]:
        """Return the quads and those of the signature, which covers all of them except the signature value itself."""
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        added = [_fill_placeholder(quad, "PUBLIC KEY", b64encode(public)) for quad in self._template]
        signed = [*quads, *(quad for quad in added if quad.object != ox.Literal("SIGNATURE"))]
        signature = self._key.sign(normalise(signed, PLACEHOLDER).encode(), PKCS1v15(), SHA256())
        return [*quads, *(_fill_placeholder(quad, "SIGNATURE", b64encode(signature)) for quad in added)]


def _fill_placeholder(quad: ox.Quad, placeholder: str, text: bytes) -> ox.Quad:
    value = ox.Literal(text.decode()) if quad.object == ox.Literal(placeholder) else quad.object
    return ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)

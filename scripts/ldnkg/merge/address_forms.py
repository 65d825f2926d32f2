"""Find the forms of addresses that name an entity by one of our identifiers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.local_identifiers import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PAGE, RESOLVER = "page", "resolver"
ANY = "*"  # as a prefix: the address contains an identifier with its own prefix, or another address
HTTP = re.compile(r"https?://(?:www\.)?([^/?#:]+)(?::(?:80|443)(?=[/?#]|$))?", re.IGNORECASE)
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class AddressForm(NamedTuple):
    """A form of addresses.

    `pattern` matches what follows the start of the form, and its group is the identifier. The query of the address must
    have the `required` parameters. A page or a resolver may have further parameters, and a page may have a fragment:
    these name a part of the page. In the IRI of an entity, both would name another resource.
    """

    pattern: re.Pattern[str]
    prefix: str
    kind: str
    required: frozenset[str] = frozenset()


class Address(NamedTuple):
    """The part of an address after its host, split."""

    path: str
    query: str
    fragment: str

    @property
    def parameters(self) -> list[str]:
        """The parameters of the query."""
        return [parameter for parameter in re.split("[&;]", self.query) if parameter]


class AddressForms:
    """Finds the forms by host, so that an address of another host costs one look-up."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Read the rows: the form, with `$1` for the identifier and `*` for any segment; its prefix; and its kind."""
        self._hosts: dict[str, dict[str, _Starts]] = {}
        for written, prefix, kind in rows:
            host, address = _split_form(written)
            place, start, form = _make_form(address, prefix, kind)
            self._hosts.setdefault(host, {}).setdefault(place, _Starts()).add(start, form)

    def find_host(self, iri: str) -> str:
        """Return the host of an IRI, or its scheme if it has no host, or an empty string if it has none of our forms."""
        match = HTTP.match(iri)
        host = match[1] if match else iri.partition(":")[0] + ":"
        return host if host in self._hosts or (host := host.lower()) in self._hosts else ""

    def find(self, iri: str, host: str) -> Iterator[tuple[AddressForm, str]]:
        """Yield each form that an IRI with this host has, and the identifier in it."""
        match = HTTP.match(iri)
        address = _split(re.sub("%3a", ":", iri[match.end() if match else len(host) :], flags=re.IGNORECASE))
        places = self._hosts[host]
        for place, text in _list_places(address):
            for form, identifier in places[place].find(text) if place in places else ():
                if _fits(form, place, address):
                    yield form, identifier


class _Starts:
    """Forms by the text before their first variable part."""

    def __init__(self) -> None:
        self._forms: dict[str, list[AddressForm]] = {}
        self._lengths: list[int] = []

    def add(self, start: str, form: AddressForm) -> None:
        self._forms.setdefault(start.lower(), []).append(form)
        self._lengths = sorted({len(start) for start in self._forms}, reverse=True)

    def find(self, text: str) -> Iterator[tuple[AddressForm, str]]:
        """Yield each form of a text, those with the longest start first, and the identifier in it."""
        lower = text.lower()
        for length in self._lengths:
            for form in self._forms.get(lower[:length], ()):
                if match := form.pattern.fullmatch(text, length):
                    yield form, match[1]


def _split_form(written: str) -> tuple[str, str]:
    """Return the host and the rest of a form; a URN has its scheme in place of a host."""
    host = (SCHEME.match(written) or re.match("[^/?#]+", written))[0]  # type: ignore[index]
    return host, written[len(host) :]


def _make_form(written: str, prefix: str, kind: str) -> tuple[str, str, AddressForm]:
    """Return where the identifier is (`#`, `?` or in the path), the start of the form, and the form."""
    address = _split(written)
    required: set[str] = set()
    place, text = "", address.path
    if "$1" in address.fragment:
        place, text = "#", f"{address.path}#{address.fragment}"
    elif "$1" in address.query:
        place, parameters = "?", address.parameters
        named = next(parameter for parameter in parameters if "$1" in parameter)
        text = f"{address.path}?{named}"
        required = {_simplify(parameter) for parameter in parameters if parameter != named}
    start = re.split(r"\$1|\*", text, maxsplit=1)[0]
    identifier = "([^/]+)" if not place and kind != RESOLVER else "(.+)"
    parts = {"$1": identifier, "*": "[^/]+"}
    pattern = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\$1|\*)", text[len(start) :]))
    return place, start, AddressForm(re.compile(pattern, re.IGNORECASE), prefix, kind, frozenset(required))


def _split(text: str) -> Address:
    before, _, fragment = text.partition("#")
    path, _, query = before.partition("?")
    return Address(path.strip("/"), query, fragment)


def _list_places(address: Address) -> Iterator[tuple[str, str]]:
    if address.fragment:
        yield "#", f"{address.path}#{address.fragment}"
    for parameter in address.parameters:
        yield "?", f"{address.path}?{parameter}"
    yield "", address.path


def _fits(form: AddressForm, place: str, address: Address) -> bool:
    """Return whether the rest of the address leaves its meaning unchanged."""
    parameters = {_simplify(parameter) for parameter in address.parameters}
    if not form.required <= parameters:
        return False
    if form.kind == PAGE:
        return True
    if address.fragment and place != "#":
        return False
    return form.kind == RESOLVER or len(parameters) == len(form.required) + (place == "?")


def _simplify(parameter: str) -> str:
    return decode(parameter).lower().replace("_", " ").replace("+", " ")

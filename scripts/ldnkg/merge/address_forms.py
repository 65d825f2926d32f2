"""Find the forms of addresses that name an entity by one of our identifiers."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ldnkg.merge.local_identifiers import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PAGE, RESOLVER = "page", "resolver"
ANY = "*"  # as a prefix: the address contains an identifier with its own prefix, or another address
HTTP = re.compile(r"https?://(?:www\.)?([^/?#:]+)(?::(?:80|443)(?=[/?#]|$))?", re.IGNORECASE)
VERSIONS = {"action", "diff", "oldid", "version"}  # parameters that name another version or view of a page
NOTHING = re.compile("(?!)")
MOST_HOSTS = 10_000  # hosts of sources that are remembered
FORM_HOST = re.compile(r"^[a-z][a-z0-9+.-]*:|^[^/?#]+")


class AddressForm(NamedTuple):
    """A form of addresses.

    `pattern` matches what follows the start of the form, and its group is the identifier. The query of the address must
    have the `required` parameters, some of them with any value. A page or a resolver may have further parameters, and a
    page may have a fragment: these name a part of the page. In the IRI of an entity, both would name another resource.
    """

    pattern: re.Pattern[str]
    prefix: str
    kind: str
    required: Mapping[str, str]


class Address(NamedTuple):
    """The part of an address after its host, split."""

    path: str
    query: str
    fragment: str

    @property
    def parameters(self) -> list[str]:
        """The parameters of the query, as written."""
        return [parameter for parameter in re.split("[&;]", self.query) if parameter]

    @property
    def values(self) -> dict[str, str]:
        """The value of each parameter of the query."""
        return _read_values(self.parameters)


class AddressForms:
    """Finds the forms by host, so that most addresses cost one look-up."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Read the rows: the form, with `$1` for the identifier and `*` for any segment; its prefix; and its kind."""
        self._hosts: dict[str, _Host] = {}
        self._starts: dict[str, re.Pattern[str]] = {}
        for written, prefix, kind in rows:
            host, address = _split_form(written)
            self._hosts.setdefault(host, _Host()).add(*_make_form(address, prefix, kind))

    def may_have(self, iri: str) -> bool:
        """Return whether an IRI could have one of the forms, judged by its scheme, host and the start of its path."""
        parts = iri.split("/", 3)
        if len(parts) < 3 or parts[1]:
            return _get_scheme(iri) in self._hosts
        authority = f"{parts[0]}//{parts[2]}"
        starts = self._starts.get(authority) or self._find_starts(authority)
        return starts is not NOTHING and starts.match(parts[3] if len(parts) == 4 else "") is not None

    def _find_starts(self, authority: str) -> re.Pattern[str]:
        """Return the starts of the paths of a scheme and host, and remember them."""
        match = HTTP.match(authority)
        host = self._find_host(match[1]) if match else None
        starts = host.starts if host else NOTHING
        if len(self._starts) < MOST_HOSTS:
            self._starts[authority] = starts
        return starts

    def find(self, iri: str) -> Iterator[tuple[AddressForm, str]]:
        """Yield each form that an IRI has, and the identifier in it."""
        match = HTTP.match(iri)
        name = match[1] if match else _get_scheme(iri)
        if host := self._find_host(name):
            yield from host.find(_split(_decode_colons(iri[match.end() if match else len(name) :])))

    def _find_host(self, name: str) -> _Host | None:
        """Return the host, or that of all hosts in its domain, such as `*.bio2rdf.org`."""
        lower = name.lower()
        return self._hosts.get(lower) or self._hosts.get(f"*.{lower.partition('.')[2]}")


class _Host:
    """The forms of one host by the place of the identifier: in the fragment, in the query or in the path."""

    def __init__(self) -> None:
        self._places: dict[str, _Starts] = {}

    def add(self, place: str, start: str, form: AddressForm) -> None:
        self._places.setdefault(place, _Starts()).add(start, form)

    @cached_property
    def starts(self) -> re.Pattern[str]:
        """What every address with a form starts with, after its host."""
        paths = {re.split("[?#]", start)[0] for places in self._places.values() for start in places.starts}
        patterns = (re.escape(path).replace(":", "(?::|%3a)") for path in sorted(paths))
        return re.compile(f"/*(?:{'|'.join(patterns)})", re.IGNORECASE)

    def find(self, address: Address) -> Iterator[tuple[AddressForm, str]]:
        for place, text in _list_places(address):
            for form, identifier in self._places[place].find(text) if place in self._places else ():
                if _fits(form, place, address):
                    yield form, identifier


class _Starts:
    """Forms by the text before their first variable part."""

    def __init__(self) -> None:
        self.starts: dict[str, list[AddressForm]] = {}

    def add(self, start: str, form: AddressForm) -> None:
        self.starts.setdefault(start.lower(), []).append(form)

    @cached_property
    def _lengths(self) -> list[int]:
        return sorted({len(start) for start in self.starts}, reverse=True)

    def find(self, text: str) -> Iterator[tuple[AddressForm, str]]:
        """Yield each form of a text, those with the longest start first, and the identifier in it."""
        lower = text.lower()
        for length in self._lengths:
            for form in self.starts.get(lower[:length], ()):
                if match := form.pattern.fullmatch(text, length):
                    yield form, match[1]


def _split_form(written: str) -> tuple[str, str]:
    """Return the host and the rest of a form; a URN has its scheme as the host."""
    host = FORM_HOST.findall(written)[0]
    return host, written[len(host) :]


def _make_form(written: str, prefix: str, kind: str) -> tuple[str, str, AddressForm]:
    """Return where the identifier is (`#`, `?` or in the path), the start of the form, and the form."""
    address = _split(written)
    required: dict[str, str] = {}
    place, text = "", address.path
    if "$1" in address.fragment:
        place, text = "#", f"{address.path}#{address.fragment}"
    elif "$1" in address.query:
        place, parameters = "?", address.parameters
        named = next(parameter for parameter in parameters if "$1" in parameter)
        text = f"{address.path}?{named}"
        required = _read_values(parameter for parameter in parameters if parameter != named)
    start = re.split(r"\$1|\*", text, maxsplit=1)[0]
    identifier = "([^/]+)" if not place and kind != RESOLVER else "(.+)"
    parts = {"$1": identifier, "*": "[^/]+"}
    pattern = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\$1|\*)", text[len(start) :]))
    return place, start, AddressForm(re.compile(pattern, re.IGNORECASE), prefix, kind, required)


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
    values = address.values
    if any(values.get(name) != value and (value != ANY or name not in values) for name, value in form.required.items()):
        return False
    if VERSIONS & (values.keys() - form.required.keys()) or (form.kind != PAGE and address.fragment and place != "#"):
        return False
    return form.kind in {PAGE, RESOLVER} or len(values) == len(form.required) + (place == "?")


def _get_scheme(iri: str) -> str:
    return iri[: iri.find(":") + 1].lower()


def _decode_colons(text: str) -> str:
    return re.sub("%3a", ":", text, flags=re.IGNORECASE) if "%" in text else text


def _read_values(parameters: Iterable[str]) -> dict[str, str]:
    pairs = (decode(parameter).lower().partition("=") for parameter in parameters)
    return {name: re.sub("[_+]", " ", value) for name, _, value in pairs}

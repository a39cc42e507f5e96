"""The works that beliefs come from: one table of references, to which every belief points by its `cites`."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any, Literal, override

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ooms.files.library import priors_folder
from ooms.problems import Problems, did_you_mean, within

__all__ = ["Reference", "address_of", "citation_of", "note_unknown_works", "one_line", "shipped_references",
           "unique_keys"]  # fmt: skip

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?")
_NUMBERED = re.compile(r"(.*\D)\s+(\d[\w.-]*)")  # "NBER Working Paper 20452"


def one_line(text: str) -> str:
    """The text on one line, without control characters."""
    if text.isprintable():  # nearly all are, and it need not be looked at letter by letter
        return " ".join(text.split())
    return " ".join("".join(c for c in text if c.isspace() or unicodedata.category(c) != "Cc").split())


def _tidy(value: Any) -> Any:
    return one_line(value) if isinstance(value, str) else value


Line = Annotated[str, BeforeValidator(_tidy), Field(min_length=1)]
"""Text on one line that says something."""


class Reference(BaseModel):
    """A work, as bibliographies need it.

    Parameters
    ----------
    type : {"online", "article", "report", "preprint", "book", "chapter", "software"}
        What kind of work it is; ``"online"`` if nothing is said.
    author : tuple of str
        Each as ``"Family, Given"``; an organisation or a pen name without a comma.
    title, year
        Its title and its year.
    date : str, optional
        The day or month, as ``"2025-04-04"`` or ``"2025-04"``.
    published : str, optional
        Where it appeared: the journal, the institution, the site, or the book that a chapter is in.
    publisher : str, optional
        Who published the book that a chapter is in.
    volume, number, pages, version : str, optional
        Where in the journal or book; of software, which one.
    doi, eprint, url : str, optional
        The digital object identifier, the number on arXiv, the address.
    note : str, optional
        Anything else a reader should know.

    Examples
    --------
    >>> work = Reference(author=("Amodei, Dario", "Hernandez, Danny"), title="AI and compute", year=2018)
    >>> work.text()
    'Amodei, D., & Hernandez, D. (2018). AI and compute.'
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, defer_build=True)

    type: Literal["online", "article", "report", "preprint", "book", "chapter", "software"] = "online"
    author: Annotated[tuple[Line, ...], Field(min_length=1, strict=False)]
    title: Line
    year: int
    date: Line | None = None
    published: Line | None = None
    publisher: Line | None = None
    volume: Line | None = None
    number: Line | None = None
    pages: Line | None = None
    version: Line | None = None
    doi: Line | None = None
    eprint: Line | None = None
    url: Line | None = None
    note: Line | None = None

    def text(self, *, link: bool = True) -> str:
        """The entry of a reference list: Author (Year). Title. Where it appeared. Link."""
        title = self.title + (f" (version {self.version})" if self.version else "")
        parts = [f"{_listed(self.author)} ({self.year}).", _ended(title)]
        if where := self._where():
            parts.append(_ended(where))
        if link and self.link:
            parts.append(self.link)
        return " ".join(parts)

    @property
    def authors(self) -> str:
        """Family names, as a text cites them: ``Eth & Davidson``; of more than two the first."""
        names = ["anonymous" if name == "unknown author" else name.partition(",")[0] for name in self.author]
        return f"{names[0]} et al." if len(names) > 2 else " & ".join(names)

    @property
    def link(self) -> str:
        """Where to find it: by its DOI, else its address, else on arXiv; empty if none is known."""
        if self.doi:
            return f"https://doi.org/{self._doi}"
        if self.url:
            return _bare(self.url)
        return f"https://arxiv.org/abs/{self._arxiv}" if self.eprint else ""

    def bibtex(self, key: str, annote: str = "") -> str:
        """The BibTeX entry, for plain BibTeX and for biber; `annote` is for annotated bibliographies.

        Parameters
        ----------
        key : str
            What a document cites it by, see `unique_keys`.
        annote : str
            A remark in plain text.
        """
        kind, particular = self._entry()
        found = _DATE.fullmatch(self.date or "")
        fields = {
            "author": f"{{{' and '.join(map(_name, self.author))}}}",
            "title": f"{{{_title(self.title)}}}",
            **{field: _braced(_escaped(value or "")) for field, value in particular.items()},
            "pages": _braced(_escaped(re.sub("-+", "--", self.pages or ""))),
            "year": f"{{{self.year}}}",
            "month": _MONTHS[int(found[2]) - 1][:3].lower() if found else "",  # a name every style knows
            "doi": _braced(self._doi),
            "eprint": _braced(self._arxiv),
            "archivePrefix": "{arXiv}" if self.eprint else "",
            "url": _braced(_bare(self.url or "")),
            "note": _braced(_escaped(self.note or "")),
            "annote": _braced(_escaped(one_line(annote))),
        }
        lines = [f"  {field} = {value}," for field, value in fields.items() if value]
        return "\n".join([f"@{kind}{{{key},", *lines, "}"])

    @property
    def _doi(self) -> str:
        return _bare(self.doi or "", "https://doi.org/", "doi:")

    @property
    def _arxiv(self) -> str:
        return _bare(self.eprint or "", "https://arxiv.org/abs/", "arxiv:")

    def _where(self) -> str:
        published = self.published if (self.published,) != self.author else None
        eprint = f"arXiv:{self._arxiv}" if self.eprint else None
        if self.type == "article":
            volume = f"{self.volume or ''}({self.number})" if self.number else self.volume
            return _joined(published, volume, self.pages, eprint)
        if self.type == "chapter":
            pages = f"pp. {self.pages}" if self.pages else None
            return _joined(published and f"In {published}", pages, self.publisher)
        if self.type == "book":
            return _joined(published, self.publisher)
        return _joined(self.number, published, self.volume, self.pages, eprint, self._day())

    def _day(self) -> str | None:
        """``4 April 2025``; the date as it is if it is written otherwise."""
        found = _DATE.fullmatch(self.date or "")
        if found is None:
            return self.date
        year, month, day = found.groups(default="0")
        return f"{int(day)} {_MONTHS[int(month) - 1]} {year}".removeprefix("0 ")

    def _entry(self) -> tuple[str, dict[str, str | None]]:
        """The entry type, and the fields that only it has. What lacks what a type requires is a @misc."""
        published = self.published
        if self.type == "article" and published:
            return "article", {"journal": published, "volume": self.volume, "number": self.number}
        if self.type == "report" and published:
            series = _NUMBERED.fullmatch(self.number or "")
            kind, number = (series[1], series[2]) if series else ("Report", self.number)
            return "techreport", {"institution": published, "type": kind, "number": number}
        if self.type == "chapter" and published and self.publisher:
            return "incollection", {"booktitle": published, "publisher": self.publisher, "volume": self.volume}
        if self.type == "book" and (publisher := self.publisher or published):
            return "book", {"publisher": publisher, "volume": self.volume}
        software = "Computer software" if self.type == "software" else None
        version = self.version and f"version {self.version}"
        day = None if _DATE.fullmatch(self.date or "") else self.date
        where = (published, self.publisher, self.volume, software, version, self.number, day)
        return "misc", {"howpublished": _joined(*where)}


class _Shipped(Mapping[str, Reference]):
    """References that are read when they are first asked for: a view cites a few of a hundred."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        self._table, self._read = table, dict[str, Reference]()

    @override
    def __getitem__(self, key: str) -> Reference:
        if key not in self._read:
            self._read[key] = Reference.model_validate(self._table[key])
        return self._read[key]

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._table)

    @override
    def __len__(self) -> int:
        return len(self._table)

    @override
    def __contains__(self, key: object) -> bool:
        return key in self._table


@lru_cache
def shipped_references() -> Mapping[str, Reference]:
    """The references that the shipped views cite, by key (``priors/references.toml``)."""
    return _Shipped(tomllib.loads((priors_folder() / "references.toml").read_text(encoding="utf-8")))


def citation_of(cites: Iterable[str], references: Mapping[str, Reference]) -> str:
    """The works of those keys in words, one after the other, without links; unknown keys are passed over.

    Examples
    --------
    >>> citation_of(["amodei-hernandez-2018"], shipped_references())
    'Amodei, D., & Hernandez, D. (2018). AI and compute. OpenAI, 16 May 2018.'
    """
    return " ".join(references[key].text(link=False) for key in cites if key in references)


def address_of(cites: Iterable[str], references: Mapping[str, Reference]) -> str:
    """The link of the first of those works that has one, or nothing.

    Examples
    --------
    >>> address_of(["notes-ai-labor-2019", "erdil-besiroglu-ho-2024"], shipped_references())
    'https://arxiv.org/abs/2405.10494'
    """
    return next((references[key].link for key in cites if key in references and references[key].link), "")


def note_unknown_works(cites: Iterable[object], place: str, described: Collection[str], problems: Problems) -> None:
    """Add to `problems` the keys of works that are cited and not among those `described`, or shipped."""
    known = {**dict.fromkeys(shipped_references()), **dict.fromkeys(described)}
    for key in cites:
        if isinstance(key, str) and key not in known:
            remedy = f"describe it under [references.{key}]: author, title and year; or {did_you_mean(key, known)}"
            problems.add(within(place, "cites"), f"{key!r} is no reference", remedy)


def unique_keys(keys: Iterable[str]) -> list[str]:
    """The keys as BibTeX can take them: plain letters, digits and dashes, no two alike.

    Examples
    --------
    >>> unique_keys(["davidson-2025", "my {own}, key", "Müller", "muller"])
    ['davidson-2025', 'my-own-key', 'Muller', 'muller-2']
    """
    found: list[str] = []
    taken: set[str] = set()
    for key in keys:
        plain = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
        stem = re.sub(r"[^A-Za-z0-9:.+/_-]+", "-", plain).strip("-") or "work"
        new, count = stem, 1
        while new.lower() in taken:
            count += 1
            new = f"{stem}-{count}"
        taken.add(new.lower())
        found.append(new)
    return found


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _ended(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else text + "."


def _bare(link: str, *prefixes: str) -> str:
    """A link or identifier without those prefixes, percent-encoded where braces or spaces would end it."""
    for prefix in prefixes:
        if link.lower().startswith(prefix):
            link = link[len(prefix) :]
    return re.sub(r'[\s{}\\"<>^`|]', lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), link)


def _listed(authors: tuple[str, ...]) -> str:
    names = [_short(name) for name in authors]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])}, & {names[-1]}"


def _short(name: str) -> str:
    """``Davidson, T.`` from ``Davidson, Tom``; a name without a comma as it is."""
    family, comma, given = name.partition(",")
    if not comma or "," in given:
        return name
    words = [word for word in re.split(r"[\s.]+", given) if word.strip("-")]
    initials = ("-".join(f"{part[0]}." for part in word.split("-") if part) for word in words)
    return f"{family}, {' '.join(initials)}"


_SPECIAL = {
    **{c: "\\" + c for c in "&%$#_"},
    "{": r"{\textbraceleft}",  # BibTeX counts braces even after a backslash
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    "\\": r"{\textbackslash}",
}


def _escaped(text: str) -> str:
    """The text as LaTeX takes it; letters with accents stay as they are."""
    return "".join(_SPECIAL.get(c, c) for c in text)


def _name(name: str) -> str:
    """A person as BibTeX reads it; an organisation in braces, so that it is not taken apart."""
    parts = [part.strip() for part in name.split(",")]
    if not 2 <= len(parts) <= 3 or not all(parts):
        return f"{{{_escaped(name)}}}"
    return ", ".join(f"{{{_escaped(p)}}}" if re.search(r"\band\b", p, re.IGNORECASE) else _escaped(p) for p in parts)


_WORD = re.compile(r"[^\W_][\w&'\u2019]*")


def _title(title: str) -> str:
    """The title, with braces where a style that changes capitals must not.

    That is around words with a capital past their start, or with a digit; and, where long words are mostly in lower
    case, so that a capital marks a name, around all words with a capital but those that start a part.
    """
    words = [found[0] for found in _WORD.finditer(title)]
    long = [word for word in words[1:] if len(word) > 3 and word.isalpha()]
    as_sentence = 2 * sum(word.islower() for word in long) > len(long)
    text, done = "", 0
    for found in _WORD.finditer(title):
        word, before = found[0], title[: found.start()].rstrip()
        inner = word[1:] != word[1:].lower() or (word != word.lower() and any(map(str.isdigit, word)))
        keep = inner or (as_sentence and word != word.lower() and before[-1:].isalnum())
        text += _escaped(title[done : found.start()])
        text += f"{{{_escaped(word)}}}" if keep else _escaped(word)
        done = found.end()
    return text + _escaped(title[done:])

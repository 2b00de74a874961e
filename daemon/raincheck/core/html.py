"""HTML of a mail -> the text that a reader sees, with its links.

Rows of a table become lines with their cells joined by tabs, quoted mails become lines that begin with "> ", a
signature begins with "-- ", as in a text/plain mail: whatever reads the text need not know where it came from.
Text that the sender hid (preheaders, trackers, decoys) or struck out is dropped. Any depth and any nonsense is
survived.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from raincheck.core.model import Link

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

MAX_TEXT = 64 * 1024
MAX_LINKS = 200
MAX_DEPTH = 400  # of elements; browsers stop at 512
_MANY_TAGS = 8_000  # from here on the depth is checked before parsing
_MAX_NODES = 200_000

_DROPPED = frozenset(("head", "script", "style", "title", "noscript", "template", "svg", "math", "object")).union(
    (
        "embed",
        "iframe",
        "select",
        "textarea",
        "meta",
        "link",
        "img",
        "audio",
        "video",
        "canvas",
        "map",
        "datalist",
    )
)
_STRUCK = frozenset(("s", "strike", "del"))
_PARAGRAPHS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol", "dl", "pre", "blockquote", "hr"))
_LINES = _PARAGRAPHS.union(
    ("div", "li", "tr", "dt", "dd", "section", "article", "header", "footer", "main", "center", "address", "form"),
    ("fieldset", "aside", "nav", "figure", "figcaption", "caption", "thead", "tbody", "tfoot", "body", "details"),
    ("summary", "legend"),
)
_CELLS = frozenset(("td", "th"))
_MAX_STRUCK = 200  # characters of a cell by which a row is judged
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d(?![\d.])(?: ?uhr\b)?|\d{1,2} ?(?:[ap]\.?m\b|uhr\b)", re.IGNORECASE)
_DATE = re.compile(r"\d[./-]\d{1,2}(?!\d)|\d(?:st|nd|rd|th|\.)? ?[^\W\d_]{3}")
_VOID = frozenset(("br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source", "track"))
_BLANK = re.compile(r"[ \t\r\n\f\xa0]+")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)[^<>]*>")
_MAX_SHEET = 64 * 1024  # of all style blocks together
_CSS_RULE = re.compile(r"([^{}]{1,400})\{([^{}]{0,2000})\}")
_CSS_CLASS = re.compile(r"^\s*(?:[a-z][a-z0-9]*)?\.([A-Za-z_][\w-]*)\s*$")
_FONT_SIZE = re.compile(r"(?:^|;)font(?:-size)?:(?:[^;]*?[^\d.;])?(\d*\.?\d+)(px|pt|em|rem|%)?")
_COLOUR = re.compile(r"(?:^|;)color:([^;!]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;!]+)")
_WHITE_SPACE = re.compile(r"(?:^|;)white-space:(?!inherit|unset)([a-z-]+)")
_ZERO_BOX = re.compile(r"(?:^|;)(?:max-)?(?:height|width):0(?:px|pt|em|%)?(?:;|!|$)")
_ALWAYS_HIDDEN = re.compile(
    r"(?:^|;)(?:display:none|mso-hide:all|text-decoration(?:-line)?:[^;]*line-through|opacity:0*\.?0*(?:;|!|$)|max-height:0(?:px|pt|em|%)?(?:;|!|$)"
    r"|text-indent:-\d{3,}|left:-\d{4,})"
)
_TWO_MARKS = re.compile(r"\n--\n+--\n")  # of a signature: the client's element, and the "-- " in it
_WHITE = frozenset(("white", "#fff", "#ffffff", "rgb(255,255,255)", "#fefefe"))
_QUOTE_STYLE = re.compile(r"border-left(?:-width)?:(?!0|none)")


@dataclass(frozen=True, slots=True)
class HtmlText:
    """The visible text, its links in reading order, and whether anything had to be cut."""

    text: str
    links: tuple[Link, ...] = ()
    cut: bool = False


class _Look(NamedTuple):
    """What of the style is inherited: an own font size or visibility makes text inside a hidden box visible again."""

    tiny: bool = False
    invisible: bool = False
    colour: str = ""
    background: str = ""
    kept: bool = False  # blanks and line breaks are shown as they stand


@dataclass(slots=True)
class _Block:
    """A stretch under construction: the document, a table cell, or a quoted mail."""

    parts: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)  # of the row that is being read
    newlines: int = 2  # at the end of what is written; a fresh block needs none
    struck: str = ""  # what was left out because it is struck through
    emptied: dict[int, str] = field(default_factory=dict)  # and the cells of the row that held nothing else

    def write(self, text: str) -> None:
        if text.strip() or not self.newlines:
            self.parts.append(text)
            self.newlines = 0

    def line(self) -> None:
        self.parts.append("\n")
        self.newlines += 1

    def ensure(self, newlines: int) -> None:
        while self.newlines < newlines:
            self.line()

    def bullet(self) -> None:
        self.parts.append("• ")
        self.newlines = 2  # what follows stays on this line

    def text(self) -> str:
        return tidy("".join(self.parts))


def tidy(text: str) -> str:
    """The text with spaces collapsed, ends of lines stripped and at most one empty line between paragraphs."""
    lines: list[str] = []
    for raw in text.split("\n"):
        line = raw.strip(" ")
        if "  " in line:
            line = re.sub(r" {2,}", " ", line)
        if line or (lines and lines[-1]):
            lines.append(line)
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines)


def html_to_text(html: str) -> HtmlText:
    """What a reader sees of this HTML. Never raises; text beyond `MAX_TEXT` characters is cut."""
    return _Writer(_hidden_classes(html)).run(LexborHTMLParser(_flatten(html)))


def _flatten(html: str) -> str:
    """The HTML without the tags that nest deeper than `MAX_DEPTH`: parsers take quadratic time for those."""
    if html.count("<") < _MANY_TAGS:
        return html
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _VOID or tag[0].endswith("/>"):
            return tag[0]
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        return tag[0] if depth < MAX_DEPTH else " "

    return _TAG.sub(keep, html)


def _hidden_classes(html: str) -> frozenset[str]:
    """Classes that the mail's own style sheet hides for every reader: rules in @media blocks speak of some only."""
    hidden: set[str] = set()
    for selectors, body in _CSS_RULE.findall(_without_media(_sheets(html))):
        if _ALWAYS_HIDDEN.search(_compact(body)):
            hidden.update(m[1] for m in map(_CSS_CLASS.match, selectors.split(",")) if m)
    return frozenset(hidden)


def _sheets(html: str) -> str:
    """The style blocks without their comments."""
    blocks = re.split(r"<style\b", html, maxsplit=20, flags=re.IGNORECASE)[1:]
    sheets = [block[:_MAX_SHEET].partition(">")[2].partition("</")[0] for block in blocks]
    kept = [piece.rpartition("*/")[2] for piece in "".join(sheets)[:_MAX_SHEET].split("/*")]
    return "".join(kept).replace("<!--", " ").replace("-->", " ")


def _without_media(sheet: str) -> str:
    """The style sheet without its @-blocks, which hold rules of their own."""
    if "@" not in sheet:
        return sheet
    kept: list[str] = []
    depth, inside = 0, False
    for piece in re.split(r"([{}@])", sheet):
        if piece == "@" and depth == 0:
            inside = True
        if not inside:
            kept.append(piece)
        depth += (piece == "{") - (piece == "}")
        if inside and ((piece == "}" and depth <= 0) or (depth == 0 and piece.rstrip().endswith(";"))):
            inside, depth = False, 0
    return "".join(kept)


def _compact(style: str) -> str:
    return re.sub(r"\s+", "", style[:2000].lower())


class _Writer:
    """One walk over the tree, with an explicit stack: recursion would end at some hundred levels."""

    def __init__(self, hidden_classes: frozenset[str]) -> None:
        self.hidden_classes = hidden_classes
        self.blocks = [_Block()]
        self.links: list[Link] = []
        self.size = 0
        self.preformatted = 0
        self.anchors: list[tuple[str, int, _Block]] = []
        self.painted = False  # some background is set, so that white text may be meant to be seen

    def run(self, tree: LexborHTMLParser) -> HtmlText:
        root = tree.body or tree.root
        nodes = self._walk(root) if root is not None else False
        text = _TWO_MARKS.sub("\n--\n", self.blocks[0].text())
        return HtmlText(text[:MAX_TEXT], tuple(self.links), cut=nodes or len(text) > MAX_TEXT)

    def _walk(self, root: LexborNode) -> bool:
        """Writes the text of the tree; true when it had to stop before the end."""
        todo: list[tuple[LexborNode | str, _Look]] = [(root, _Look())]
        for _ in range(_MAX_NODES):
            if not todo:
                return False
            node, look = todo.pop()
            if isinstance(node, str):
                self._leave(node)
                continue
            if node.is_text_node:
                self._write(node.text_content or "", look)
                if self.size > 2 * MAX_TEXT:
                    break
                continue
            inner = self._enter(node, look)
            if inner is None:
                continue
            closing, new_look = inner
            todo.append((closing, look))
            children = []
            child = node.child
            while child is not None:
                children.append(child)
                child = child.next
            todo.extend((child, new_look) for child in reversed(children))
        while todo:
            node, _look = todo.pop()
            if isinstance(node, str):
                self._leave(node)
        return True

    # --- elements ---

    def _enter(self, node: LexborNode, look: _Look) -> tuple[str, _Look] | None:
        """Opens an element; None when nothing of it is seen, else the tag that `_leave` gets and the inner look."""
        tag = node.tag or ""
        if tag in _STRUCK:
            self.blocks[-1].struck += _text(node)
            return None
        if tag in _DROPPED or tag.startswith("-"):
            return None
        attributes = node.attributes
        if attributes:
            if self._hidden(attributes):
                if "line-through" in (attributes.get("style") or ""):
                    self._strike(tag, _text(node))
                return None
            look = self._look(attributes, look)
        if tag == "br":
            self.blocks[-1].line()
            return None
        return self._open(tag, attributes), look

    def _strike(self, tag: str, text: str) -> None:
        """Leaves out what is struck through by its style: an element, or all of a cell."""
        block = self.blocks[-1]
        if tag in _CELLS:
            block.emptied[len(block.cells)] = text
            block.cells.append("")
        else:
            block.struck += text

    def _open(self, tag: str, attributes: dict[str, str | None]) -> str:
        block = self.blocks[-1]
        if tag == "a":
            self.anchors.append((attributes.get("href") or "", len(block.parts), block))
        elif tag in _CELLS and len(self.blocks) < MAX_DEPTH:
            self.blocks.append(_Block())
            return "cell"
        elif tag == "blockquote" and _is_quote(attributes) and len(self.blocks) < MAX_DEPTH:
            self.blocks.append(_Block())
            return "quote"
        elif tag in _LINES or tag in _CELLS:
            self._break(tag)
            if tag == "li":
                block.bullet()
            elif tag == "pre":
                self.preformatted += 1
            if "signature" in (attributes.get("class") or ""):
                block.write("-- ")  # a mail client's own mark for a signature becomes that of RFC 3676, 4.3
                block.line()
        return tag

    def _break(self, tag: str) -> None:
        self.blocks[-1].ensure(2 if tag in _PARAGRAPHS else 1)

    def _leave(self, tag: str) -> None:
        if tag == "a":
            self._close_link()
        elif tag == "cell":
            cell = self.blocks.pop()
            text, row = cell.text(), self.blocks[-1]
            if cell.struck and not text:
                row.emptied[len(row.cells)] = cell.struck
            row.cells.append(text)
        elif tag == "quote":
            quoted = self.blocks.pop().text()
            block = self.blocks[-1]
            block.ensure(1)
            for line in quoted.split("\n"):
                block.write(f"> {line}")
                block.line()
        elif tag in _LINES:
            self._close_row()
            self.preformatted -= tag == "pre"
            self._break(tag)

    def _close_row(self) -> None:
        block = self.blocks[-1]
        if block.cells and not _is_struck(block.cells, block.emptied):
            block.ensure(1)
            block.write(join_cells(block.cells))
        block.cells, block.emptied = [], {}

    def _close_link(self) -> None:
        href, start, block = self.anchors.pop()
        href = re.sub(r"\s+", "", href)
        if href and not href.startswith(("#", "javascript:", "data:", "cid:")) and len(self.links) < MAX_LINKS:
            words = " ".join("".join(block.parts[start:]).split()) if block is self.blocks[-1] else ""
            self.links.append(Link(words[:500], href[:2000]))

    # --- text and style ---

    def _write(self, text: str, look: _Look) -> None:
        if look.tiny or look.invisible or self._unseen(look):
            return
        block = self.blocks[-1]
        if block.cells:
            self._close_row()
        if not (self.preformatted or look.kept):
            text = _BLANK.sub(" ", text)
        self.size += len(text)
        block.write(text)

    def _unseen(self, look: _Look) -> bool:
        """Text in the colour of its ground: only where both are known for certain."""
        if not look.colour:
            return False
        if look.background:
            return look.colour == look.background
        return look.colour == "white" and not self.painted

    def _hidden(self, attributes: dict[str, str | None]) -> bool:
        if "hidden" in attributes and attributes.get("hidden") != "until-found":
            return True
        classes = attributes.get("class")
        if classes and self.hidden_classes and not self.hidden_classes.isdisjoint(classes.split()):
            return True
        style = attributes.get("style")
        if not style:
            return False
        compact = _compact(style)
        if _ALWAYS_HIDDEN.search(compact):
            return True
        return "overflow:hidden" in compact and _ZERO_BOX.search(compact) is not None

    def _look(self, attributes: dict[str, str | None], look: _Look) -> _Look:
        background = (attributes.get("bgcolor") or "").strip().lower()
        if background or "background" in attributes:
            self.painted = self.painted or _plain(background) != "white"
            look = look._replace(background=_plain(background) if "background" not in attributes else "?")
        if "class" in attributes and look.background == "":
            look = look._replace(background="?")  # a style sheet may paint it
        style = attributes.get("style")
        if not style:
            return look
        compact = _compact(style)
        if (size := _FONT_SIZE.search(compact)) is not None:
            look = look._replace(tiny=_is_tiny(size[1], size[2]))
        if (space := _WHITE_SPACE.search(compact)) is not None:
            look = look._replace(kept=space[1].startswith(("pre", "break")))
        if "visibility:" in compact:
            look = look._replace(invisible="visibility:hidden" in compact or "visibility:collapse" in compact)
        if (painted := _BACKGROUND.search(compact)) is not None:
            look = look._replace(background=_plain(painted[1]))
            self.painted = self.painted or look.background != "white"
        if (colour := _COLOUR.search(compact)) is not None:
            look = look._replace(colour=_plain(colour[1]))
        return look


def _text(node: LexborNode) -> str:
    """The start of what is written in an element."""
    return node.text()[:_MAX_STRUCK]


def _is_struck(cells: list[str], emptied: dict[int, str]) -> bool:
    """Whether a row is struck through by some of its cells: a label alone is left, which would head the next row; or
    its time stays, while its day is struck, or the word behind it: "Mon 4 May | 10:00 | ~~free~~". What replaces a
    struck day stands behind it: "~~Monday~~ | Tuesday 5 May, 10:00"."""
    if emptied and sum(map(bool, cells)) <= 1:
        return True
    starts = [cell[:_MAX_STRUCK] for cell in cells]
    if not any(map(_CLOCK.search, starts)):
        return False
    return any(
        bool(text.strip()) and _CLOCK.search(text) is None and _strikes(text, starts[at + 1 :])
        for at, text in emptied.items()
    )


def _strikes(text: str, behind: list[str]) -> bool:
    """Whether what is struck in a cell is the day of its row, and no other stands behind it; or the row's last word."""
    if _DATE.search(text):
        return not any(_DATE.search(_CLOCK.sub("", cell)) for cell in behind)
    return not any(behind) and not any(map(str.isdigit, text))


def _plain(colour: str) -> str:
    """A colour in one spelling; "?" for a ground that is an image or a gradient."""
    if "url(" in colour or "gradient" in colour:
        return "?"
    return "white" if colour in _WHITE else colour


def _is_tiny(number: str, unit: str | None) -> bool:
    size = float(number)
    return size <= 1 if unit in ("px", "pt") else size == 0


def _is_quote(attributes: dict[str, str | None]) -> bool:
    """Whether a blockquote is a mail that was answered; without marks it may be a mere indentation."""
    if (attributes.get("type") or "") == "cite" or "quote" in (attributes.get("class") or ""):
        return True
    return _QUOTE_STYLE.search(_compact(attributes.get("style") or "")) is not None


def join_cells(cells: list[str]) -> str:
    """One row as text: cells side by side are joined by tabs; a layout table's long cells stay paragraphs."""
    if sum(1 for cell in cells if cell) <= 1:
        return "".join(cells)
    row = ""
    for number, cell in enumerate(cells):
        short = "\n" not in row and len(row) <= 200
        row += ("\t" if short else "\n") * (number > 0) + cell
    return row.rstrip("\t")

"""HTML -> text: what a reader sees, and nothing else."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from raincheck.core.html import MAX_TEXT, html_to_text
from raincheck.core.model import Link


def text(html: str) -> str:
    return html_to_text(html).text


def test_paragraphs_breaks_and_lists_become_lines() -> None:
    html = (
        "<h2>Next  step</h2><p>Dear Robin,<br>we meet</p><ul><li>Monday</li><li><p>Tuesday</p></li></ul><div>Bye</div>"
    )
    assert text(html) == "Next step\n\nDear Robin,\nwe meet\n\n• Monday\n• Tuesday\n\nBye"


@pytest.mark.parametrize(
    "style", ["white-space: pre-wrap", "white-space:pre-line", "color:#333;white-space:break-spaces"]
)
def test_line_breaks_count_where_the_style_keeps_them(style: str) -> None:
    inner = "When: Friday\nWhere: Leeds <span style='white-space:normal'>a\nb</span>"
    assert text(f"<div style='{style}'>{inner}</div>\n<p>c\nd</p>") == "When: Friday\nWhere: Leeds a b\n\nc d"


def test_inline_markup_does_not_tear_words_apart() -> None:
    assert text("<p>1<b>4</b>:30 <i>Uhr</i></p>") == "14:30 Uhr"


def test_a_row_is_a_line_with_its_cells_joined_by_tabs() -> None:
    html = "<table><tr><th>Date</th><th>Time</th></tr><tr><td><p>3 May</p></td><td><div>10:00</div></td></tr></table>"
    assert text(html) == "Date\tTime\n3 May\t10:00"


def test_empty_cells_keep_the_columns_apart_but_spacers_do_not() -> None:
    grid = "<table><tr><td></td><td>Mon</td><td>Tue</td></tr><tr><td>10:00</td><td></td><td>free</td></tr></table>"
    assert text(grid) == "\tMon\tTue\n10:00\t\tfree"
    assert text("<table><tr><td>&nbsp;</td><td>Only this</td><td></td></tr></table>") == "Only this"


@pytest.mark.parametrize(
    "old",
    [
        "<td><s>Monday at 10</s></td>",
        "<td> <p><del>Monday at 10</del></p></td>",
        '<td><span style="text-decoration: line-through">Monday at 10</span></td>',
        '<td style="text-decoration:line-through">Monday at 10</td>',
    ],
)
def test_the_label_of_what_is_struck_through_heads_no_other_row(old: str) -> None:
    rows = f"<tr><td>Before:</td>{old}</tr><tr><td>Now:</td><td>Friday at 9</td></tr><tr><td>Bring:</td></tr>"
    assert text(f"<table>{rows}</table>") == "Now:\tFriday at 9\nBring:"
    assert text(f"<table><tr>{old}</tr><tr><td>Friday at 9</td></tr></table>") == "Friday at 9"


@pytest.mark.parametrize(
    "row",
    [
        "<td>Mon 4 May</td><td>10:00</td><td><s>free</s></td>",
        "<td><s>Mon 4 May</s></td><td>10:00</td><td>10:45</td>",
        '<td style="text-decoration:line-through">Mon 4 May</td><td>10 am</td>',
        "<td>2</td><td>Mon 4 May, 10 Uhr</td><td><del>vergeben</del></td>",
    ],
)
def test_a_row_whose_day_or_last_word_is_struck_through_is_struck(row: str) -> None:
    assert text(f"<table><tr>{row}</tr><tr><td>Tue 5 May</td><td>11:00</td></tr></table>") == "Tue 5 May\t11:00"


@pytest.mark.parametrize(
    ("row", "left"),
    [
        ("<td>Time</td><td><s>10:00</s></td><td>11:00</td>", "Time\t\t11:00"),
        ("<td>When</td><td><s>Monday</s></td><td>Tuesday 5 May, 11:00</td>", "When\t\tTuesday 5 May, 11:00"),
        ("<td>Day</td><td><s>Monday</s></td><td>Tuesday</td>", "Day\t\tTuesday"),
        ("<td>Tue 5 May</td><td><s>10:00</s> 11:00</td>", "Tue 5 May\t11:00"),
    ],
)
def test_what_replaces_the_struck_cell_of_a_row_is_kept(row: str, left: str) -> None:
    assert text(f"<table><tr>{row}</tr></table>") == left


def test_nested_layout_tables_read_like_a_letter() -> None:
    inner = "<table><tr><td>Hello Robin</td></tr><tr><td>Date</td><td>3 May</td></tr></table>"
    assert text(f"<table><tr><td>{inner}</td></tr></table>") == "Hello Robin\nDate\t3 May"


@pytest.mark.parametrize(
    "style",
    [
        "display:none", "DISPLAY : none !important", "visibility:hidden", "font-size:0", "font-size:0px;line-height:1",
        "max-height:0;overflow:hidden", "opacity:0", "opacity: 0.0", "mso-hide:all", "height:0;overflow:hidden",
        "color:#fff;background-color:#FFFFFF", "text-indent:-9999px", "font-size:1px;color:#fefefe",
    ],
)  # fmt: skip
def test_hidden_text_is_not_read(style: str) -> None:
    assert text(f'<div style="{style}">Interview at 10:00</div><p>Newsletter</p>') == "Newsletter"


@pytest.mark.parametrize(
    "style",
    ["opacity:0.9", "font-size:0.9em", "max-height:05em", "line-height:0", "color:#fff;background:#003366", "width:0"],
)
def test_visible_text_is_read(style: str) -> None:
    assert text(f'<div style="{style}">Interview</div>') == "Interview"


def test_an_own_size_makes_text_in_a_hidden_box_visible_again() -> None:
    assert text('<p style="font-size:0px"><b style="font-size:15px">Seen</b> gap </p>') == "Seen"


def test_white_text_is_hidden_only_where_no_ground_is_painted() -> None:
    assert text('<p>a</p><p style="color:white">decoy</p>') == "a"
    assert text('<table bgcolor="#222"><tr><td style="color:#fff">Button</td></tr></table>') == "Button"
    assert text('<p class="dark"><span style="color:#fff">Button</span></p>') == "Button"


def test_classes_that_the_style_sheet_hides_for_everybody() -> None:
    css = "<style>/* .x{display:none} */ p.pre, .off{color:red;display:none} @media print{.on{display:none}}</style>"
    html = f"{css}<p class='pre'>no</p><i class='a off'>no</i><p class='on'>yes</p><p class='x'>also</p>"
    assert text(html) == "yes\n\nalso"


def test_scripts_comments_titles_and_image_words_are_not_text() -> None:
    html = "<title>T</title><script>s</script><!-- c --><style>p{}</style><p>ok<img alt='Interview' src='x'></p>"
    assert text(html) == "ok"


def test_links_keep_their_words() -> None:
    read = html_to_text('<p>Please <a href="https://a.example/x y">book <b>now</b></a> <a href="#top">up</a></p>')
    assert read.text == "Please book now up"
    assert read.links == (Link("book now", "https://a.example/xy"),)


def test_answered_mails_are_quoted_and_indentations_are_not() -> None:
    assert text('<p>Yes</p><blockquote type="cite">old<br>mail</blockquote>') == "Yes\n\n> old\n> mail"
    assert text('<blockquote style="margin-left:40px">3 May, 10:00</blockquote>') == "3 May, 10:00"


def test_a_mail_clients_signature_gets_its_mark() -> None:
    assert text('<p>Bye</p><div class="gmail_signature">Anna<br>Acme</div>') == "Bye\n\n--\nAnna\nAcme"


@pytest.mark.parametrize(
    "tag", ["div", "b", "a href=x", "font", "table><tr><td", "blockquote type=cite", "ul><li", "span"]
)
def test_any_depth_is_survived_without_losing_the_text(tag: str) -> None:
    started = time.process_time()
    read = text(f"<p>before</p>{f'<{tag}>' * 20_000}Interview on Monday")
    assert "before" in read
    assert "Interview on Monday" in read
    assert time.process_time() - started < 2


def test_a_huge_page_is_cut() -> None:
    read = html_to_text("<p>word word</p>" * 100_000)
    assert read.cut
    assert len(read.text) <= MAX_TEXT


_PIECES = st.sampled_from(
    (
        *("<p>", "</p>", "<table>", "<tr>", "<td>", "</td>", "</tr>", "</table>", "<br>", "<a href='x'>", "</a>"),
        *("<blockquote type=cite>", "</blockquote>", "<li>", "<pre>", "<style>", "{", "}", "@media"),
        *("<b", ">", "&nbsp;", "text ", "<!--", "-->", "\n"),
    )
)


@settings(deadline=2000)
@given(st.lists(_PIECES, max_size=60).map("".join) | st.text(max_size=200))
def test_no_html_breaks_it(html: str) -> None:
    read = html_to_text(html)
    assert read.text == read.text.strip("\n")
    assert "\n\n\n" not in read.text

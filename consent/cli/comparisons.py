"""How a comparison is shown: what changes, who is asked again, what pages admit."""

from difflib import unified_diff

from rich.table import Table
from rich.text import Text

from consent.cli.printing import print_lines, print_table
from consent.domain.comparisons import Change, Comparison, Difference, How, Question

_STYLES = {How.ADDED: "green", How.REMOVED: "red", How.CHANGED: "yellow"}


def show_comparison(comparison: Comparison) -> None:
    """Print what publishing would change, and who is asked again."""
    if comparison.in_force is None:
        _show_first(comparison)
        return
    for difference in comparison.differences:
        print_lines(_lines_of(difference))
    if comparison.questions:
        _show_questions(comparison)
    else:
        print_lines([Text("Nobody is asked again: no change is material.")])


def _show_first(comparison: Comparison) -> None:
    notice = comparison.notice
    named = {
        "purposes": ", ".join(purpose.id for purpose in notice.purposes),
        "vendors": ", ".join(vendor.id for vendor in notice.vendors),
    }
    told = f"{notice.site} is published for the first time: everybody is asked."
    print_lines([Text(told), *(Text(f"    {n}: {named[n]}") for n in named)])


def _show_questions(comparison: Comparison) -> None:
    table = Table("Asked again about", "because", "who")
    for question in comparison.questions:
        reasons = ", ".join(question.reasons)
        table.add_row(question.purpose, reasons, _who(question))
    print_table(table)
    told = "Until they answer, the check denies them these purposes as outdated."
    print_lines([Text(told)])


def _lines_of(difference: Difference) -> list[Text]:
    style = f"bold {_STYLES[difference.how]}"
    lines = [Text(f"{difference.how} {difference.what}", style=style)]
    return lines + [line for change in difference.changes for line in _sides(change)]


def _sides(change: Change) -> list[Text]:
    if change.before and change.after and "\n" in change.before:
        return _lines_changed(change.field, change.before, change.after)
    name = f"{change.field}: " if change.field else ""
    sides = (("-", change.before, "red"), ("+", change.after, "green"))
    return [
        Text(f"    {sign} {name}{value}", style=style)
        for sign, value, style in sides
        if value is not None
    ]


def _lines_changed(field: str, before: str, after: str) -> list[Text]:
    """Return the lines that differ between long texts, rather than both texts."""
    styles = {"-": "red", "+": "green"}
    _, _, *told = unified_diff(before.splitlines(), after.splitlines(), n=0)
    changed = [
        Text(f"    {line[0]} {line[1:]}", style=styles[line[0]])
        for line in told
        if line[0] in styles
    ]
    return [Text(f"    {field}:"), *changed]


def _who(question: Question) -> str:
    versions = question.versions
    if not versions:
        return "everybody"
    first, last = versions[0], versions[-1]
    if first == last:
        return f"whoever answered on notice {first}"
    return f"whoever answered on notices {first} to {last}"

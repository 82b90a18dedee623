"""Evidence documents, an entry at a time."""

from lti_tool.documents.evidence_entries import LISTS, SIGNED

Has = str | bool | int | float | list[str]


def entry(list_: str, id_: str, on: str, amount: str = "", *, until: str = "", signed: bool = True, **has: Has) -> str:
    """One thing of a list; where a signature is needed, it was signed on its day."""
    lines = [f"[[{list_}]]", f'id = "{id_}"', f"on = {on}"]
    if amount:
        lines.append(f'amount = "{amount}"')
    if until:
        lines.append(f"until = {until}")
    if signed and LISTS[list_] in SIGNED:
        lines.append(f"signed = {on}")
    if has:
        lines.append(f"is = {{ {', '.join(f'{name} = {_written(each)}' for name, each in has.items())} }}")
    return "\n".join(lines) + "\n\n"


def event(name: str, on: str) -> str:
    """A day with a name."""
    return f'[[events]]\nname = "{name}"\non = {on}\n\n'


def decision(outcome: str, on: str, stage: str = "", *, until: str = "") -> str:
    """What a person of the program decided."""
    lines = ["[[decisions]]", f'outcome = "{outcome}"', f"on = {on}"]
    if stage:
        lines.append(f'stage = "{stage}"')
    if until:
        lines.append(f"until = {until}")
    return "\n".join(lines) + "\n\n"


def _written(value: Has) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case list():
            return "[" + ", ".join(_written(each) for each in value) + "]"
        case str():
            return f'"{value}"'
        case _:
            return str(value)

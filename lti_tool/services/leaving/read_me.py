"""What stands in front of what an organization takes along, in plain words."""

from textwrap import fill

from lti_tool.services.leaving.archive import Manifest
from lti_tool.store.data_map import data_map

WIDTH = 100
BEGINS = """\
{name}: what it owned in Attune, as of {made_at}
{line}

KEEP THIS WHERE ONLY YOU CAN READ IT. Attune encrypts what people write. In this file nothing is encrypted: their names
and their words stand here as they wrote them. Whoever has the file can read all of it.

manifest.json   names every file here with its size and SHA-256. The SHA-256 of manifest.json itself stands for all.
tables/         each table twice: .jsonl (exact; one JSON object a line) and .csv (for a spreadsheet). Moments are UTC,
                days are ISO 8601, an empty cell or null is "not known". In CSV an apostrophe stands before what would
                begin a formula.
evidence/       files that people brought and shared, by the number of their row in tables/evidence.
documents/      rubrics and frameworks (Attune's JSON; frameworks also as CASE 1.0), programs and scenarios (TOML).
credentials/    credentials and endorsements exactly as they were signed (Open Badges 3.0; JWT, and JSON with a proof).
website/        the issuer's identity, its public keys and its status lists. Serve this folder at the address where
                Attune was, and credentials can be checked on. The lists are good until ten years after this day.

To look whether nothing was changed, also the list of acts (tables/audit_entry) from its first entry to its last:
    attune organizations verify FILE
It needs no database and no connection. Without Attune: compare the SHA-256 of each file with manifest.json; each entry
of the audit holds the digest of the one before, and its own is SHA-256 over the canonical JSON (RFC 8785) of number,
organization, at, person, act, subject, facts and previous.

Not in it: what was promised to somebody alone (journals, plans, check-ins, what nobody shared yet), what was said to be
counted only with many others, passwords, keys and sessions. manifest.json names each table and column that is left out.
"""


def text(manifest: Manifest) -> str:
    """All of it: how to read the file, then each table with its columns."""
    begins = BEGINS.format(
        name=manifest.organization["name"], made_at=manifest.made_at, line="=" * (WIDTH // 2)
    )  # fmt: skip
    return "\n".join([begins, *(part for name in manifest.tables for part in _table(manifest, name))])


def _table(manifest: Manifest, name: str) -> list[str]:
    said, mapped = manifest.tables[name], data_map().tables[name]
    rows = f"left out. {said.left_out}" if said.left_out else f"{said.rows} rows"
    lines = [name, "-" * len(name), _filled(f"{mapped.what}: {rows}", "")]
    for column in said.columns:
        words = mapped.columns.get(column)
        lines.append(_filled(f"{column}: {words}" if words else column, "  "))
    return [*lines, ""]


def _filled(words: str, indent: str) -> str:
    return fill(words, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}    ")

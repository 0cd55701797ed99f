"""Draws docs/report.svg: the end of a real report, as a terminal shows it.

Usage: python tools/picture.py [--check]     (--check exits with 1 where the picture is not of today's report)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "report.svg"
COMMAND = "checker scan fixtures/projects/go-service/Dockerfile"
LINES = 48
COLUMNS = 92
LINE_HEIGHT = 17
COLUMN_WIDTH = 7.8
COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "36": "#79c0ff"}
ESCAPE = re.compile(r"\x1b\[([0-9;]*)m")


def report() -> list[str]:
    """Return the lines that the command writes, with colours."""
    arguments = [sys.executable, "-m", "checker", *COMMAND.split()[1:], "--color", "always"]
    environment = os.environ | {"COLUMNS": str(COLUMNS), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(arguments, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def spans(line: str) -> Iterator[str]:
    """Yield the parts of a line, each with its own style."""
    style = ""
    position = 0
    for match in [*ESCAPE.finditer(line), None]:
        text = line[position : match.start() if match else None]
        if text:
            yield f"<tspan{style}>{escape(text)}</tspan>"
        if match:
            position = match.end()
            style = styled(match[1].split(";"))


def styled(codes: list[str]) -> str:
    """Return the attributes of a style."""
    colour = next((f' fill="{COLOURS[code]}"' for code in codes if code in COLOURS), "")
    return colour + ' font-weight="bold"' * ("1" in codes) + ' opacity="0.6"' * ("2" in codes)


def picture() -> str:
    """Return the picture: the command, and the first lines and the verdict of its report."""
    written = report()
    shown = [f"$ {COMMAND}", *written[: LINES - 4], "…", *written[-3:]] if len(written) > LINES else written
    rows = [
        f'<text x="16" y="{24 + LINE_HEIGHT * number}" xml:space="preserve">{"".join(spans(line))}</text>'
        for number, line in enumerate(shown)
    ]
    width, height = round(COLUMNS * COLUMN_WIDTH + 32), LINE_HEIGHT * len(shown) + 32
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-size="13" fill="#e6edf3" '
        'font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace">'
    )
    return "\n".join([head, '<rect width="100%" height="100%" rx="8" fill="#0d1117"/>', *rows, "</svg>", ""])


def main(arguments: list[str]) -> int:
    """Write the picture, or compare it."""
    drawn = picture()
    if arguments == ["--check"]:
        return int(not PICTURE.is_file() or PICTURE.read_text("utf-8") != drawn)
    PICTURE.write_text(drawn, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

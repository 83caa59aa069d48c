#!/usr/bin/env python3
"""Draws docs/images/performance.svg from the table of docs/performance.md: the share of the lower bound that each program reaches.

    python3 picture.py            writes the picture
    python3 picture.py --check    exit code 1 where the picture is not that of the table
"""
import os
import sys
from html import escape

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PAGE = os.path.join(ROOT, "docs", "performance.md")
PICTURE = os.path.join(ROOT, "docs", "images", "performance.svg")
SIDES = (("Goodhart", "#2a6f97"), ("PyTorch, lean", "#e09f3e"), ("PyTorch, standard", "#9e2a2b"))
LEFT, WIDTH, BAR, GAP, TOP = 44, 560, 13, 16, 54


def cells(line):
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def number(cell):
    """The first number of a cell: '15 (best 7.4)' is 15."""
    return float(cell.split()[0].rstrip("x"))


def table():
    """Shapes, and for each the share of the bound of ours and of each way of PyTorch."""
    with open(PAGE, encoding="utf-8") as page:
        lines = page.read().splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("| DPO step |"))
    rows = {}
    for line in lines[start + 2:]:
        if not line.startswith("|"):
            break
        name, *values = cells(line)
        rows[name] = values
    shares = [number(cell) for cell in rows["ours: share of the bound"]]
    ways = [[number(cell) for cell in rows[f"PyTorch, {way} way"]] for way in ("lean", "standard")]
    return cells(lines[start])[1:], [[share, *(share / way[i] for way in ways)] for i, share in enumerate(shares)]


def svg():
    shapes, shares = table()
    height = TOP + len(shapes) * (len(SIDES) * BAR + GAP) + 30
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 60} {height}" font-family="sans-serif" font-size="12">',
        '<title>Share of the lower bound that a DPO step reaches, by shape</title>',
        f'<rect width="100%" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="18" font-size="14" fill="#222222">A DPO step: share of the lower bound that is reached (1 is the bound)</text>',
    ]
    for i, (name, colour) in enumerate(SIDES):
        parts.append(f'<rect x="{LEFT + i * 150}" y="28" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + 18 + i * 150}" y="38" fill="#222222">{escape(name)}</text>')
    bottom = height - 26
    for tick in range(6):
        x = LEFT + WIDTH * tick / 5
        parts.append(f'<line x1="{x:.0f}" y1="{TOP - 6}" x2="{x:.0f}" y2="{bottom}" stroke="#dddddd"/>')
        parts.append(f'<text x="{x:.0f}" y="{bottom + 16}" text-anchor="middle" fill="#222222">{tick / 5:.1f}</text>')
    y = TOP
    for shape, own in zip(shapes, shares):
        parts.append(f'<text x="{LEFT - 12}" y="{y + 1.5 * BAR + 4:.0f}" text-anchor="end" font-size="14" fill="#222222">{escape(shape)}</text>')
        for share, (_, colour) in zip(own, SIDES):
            parts.append(f'<rect x="{LEFT}" y="{y}" width="{WIDTH * share:.1f}" height="{BAR - 2}" fill="{colour}"/>')
            parts.append(f'<text x="{LEFT + WIDTH * share + 5:.1f}" y="{y + BAR - 3}" font-size="11" fill="#222222">{share:.2f}</text>')
            y += BAR
        y += GAP
    return "\n".join([*parts, "</svg>", ""])


def main():
    if sys.argv[1:] not in ([], ["--check"]):
        sys.exit(__doc__)
    drawn = svg()
    if sys.argv[1:]:
        with open(PICTURE, encoding="utf-8") as picture:
            if picture.read() != drawn:
                sys.exit("docs/images/performance.svg is not drawn from the table of docs/performance.md: run bench/peers/picture.py")
    else:
        with open(PICTURE, "w", encoding="utf-8", newline="\n") as picture:
            picture.write(drawn)


if __name__ == "__main__":
    main()

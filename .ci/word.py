#!/usr/bin/python3
"""Fills every Word template in a folder with tools that are not ours, and reads it back.

Usage: word.py FOLDER. python-docx fills each content control, saves, and opens the file
again: every value, title and tag must be there. Then LibreOffice, if there is one, opens
the filled file and saves it as Word anew: every value must stand in it. (Its version 7.4
drops the titles of most controls when it saves, so they are not asked of it.) Prints one line of figures;
ends with 1 and the losses if something is lost.
"""
import pathlib
import shutil
import subprocess
import sys
import tempfile

try:
    import docx
    from docx.oxml.ns import qn
except ImportError:
    print("skipped: python3-docx is not installed")
    sys.exit(0)

TYPED = "æøåÆØÅé – 'citat'"
W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"


def parts(document):
    """The parts of a document that hold content controls."""
    return [document.element] + [s.header._element for s in document.sections]


def controls(document):
    return [sdt for part in parts(document) for sdt in part.iter(qn("w:sdt"))]


def property_of(sdt, name):
    found = sdt.find(qn("w:sdtPr")).find(qn("w:" + name))
    return None if found is None else found.get(qn("w:val"))


def text(sdt):
    return "".join(t.text or "" for t in sdt.find(qn("w:sdtContent")).iter(qn("w:t")))


def write(sdt, value):
    """Puts a value in a control as Word does: one run, without the prompt and its look."""
    about, content = sdt.find(qn("w:sdtPr")), sdt.find(qn("w:sdtContent"))
    prompt = about.find(qn("w:showingPlcHdr"))
    if prompt is not None:
        about.remove(prompt)
    for child in list(content):
        content.remove(child)
    run = content.makeelement(qn("w:r"), {})
    inner = run.makeelement(qn("w:t"), {})
    inner.text = value
    run.append(inner)
    content.append(run)


def fill(sdt, number):
    """Fills one control after its kind, and gives what it must hold afterwards."""
    about = sdt.find(qn("w:sdtPr"))
    box, options, date = about.find(W14 + "checkbox"), about.find(qn("w:dropDownList")), about.find(qn("w:date"))
    if box is not None:
        box.find(W14 + "checked").set(W14 + "val", "1")
        value = "☒"
    elif options is not None:
        value = options.findall(qn("w:listItem"))[-1].get(qn("w:displayText"))
    elif date is not None:
        date.set(qn("w:fullDate"), "2027-01-31T00:00:00Z")
        value = "31-01-2027"
    else:
        value = f"{TYPED} {number:03}"
    write(sdt, value)
    return value


def refill(path, out):
    """Fills a file into another, and gives each control's title, tag and value."""
    document = docx.Document(path)
    want = []
    for number, sdt in enumerate(controls(document)):
        want.append((property_of(sdt, "alias"), property_of(sdt, "tag"), fill(sdt, number)))
    document.save(out)
    return want


def losses(path, want):
    got = [(property_of(s, "alias"), property_of(s, "tag"), text(s)) for s in controls(docx.Document(path))]
    return [f"{a} is now {b}" for a, b in zip(want, got) if a != b] + [f"{len(got)} controls of {len(want)}"] * (len(got) != len(want))


def office(files, folder, to):
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to, "--outdir", folder, *files],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180,
    )


def missing(words, want):
    """Values that a text lacks, counted: equal values must stand there as often."""
    out = []
    for value in {v for _, _, v in want}:
        asked = sum(v == value for _, _, v in want)
        if words.count(value) < asked:
            out.append(f"{value!r}: {words.count(value)} of {asked}")
    return out


def everything(path):
    """All text of a Word file, headers too."""
    return "\n".join(t.text or "" for part in parts(docx.Document(path)) for t in part.iter(qn("w:t")))


def main(folder):
    files = sorted(pathlib.Path(folder).rglob("*.docx"))
    assert files, f"no Word files in {folder}"
    with tempfile.TemporaryDirectory() as tmp:
        filled, wants, faults = [], {}, []
        for f in files:
            out = pathlib.Path(tmp, f.name)
            wants[f.name] = refill(f, out)
            faults += [f"{f.name}: {x}" for x in losses(out, wants[f.name])]
            faults += [f"{f.name}: a control without title or tag" for a, t, _ in wants[f.name] if not a or not t]
            filled.append(str(out))
        by = "python-docx"
        if shutil.which("soffice"):
            by += ", LibreOffice"
            anew = pathlib.Path(tmp, "anew")
            anew.mkdir()
            office(filled, str(anew), "docx:Office Open XML Text")
            for f in files:
                faults += [f"{f.name} saved by LibreOffice: {x}" for x in missing(everything(anew / f.name), wants[f.name])]
        else:
            print("LibreOffice is not installed: its part is skipped")
    print(f"Word: {len(files)} files, {sum(map(len, wants.values()))} content controls filled and read back by {by}, {len(faults)} lost")
    print("\n".join(faults[:40]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

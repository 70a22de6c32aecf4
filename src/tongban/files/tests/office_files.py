"""Office files made at run time, good ones and such as attackers and broken networks make."""

import io
import zipfile

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = {
    "docx": (
        "word/document.xml",
        '<w:document xmlns:w="urn:w"><w:body/></w:document>',
        "wordprocessingml.document.main",
    ),
    "xlsx": ("xl/workbook.xml", '<workbook xmlns="urn:s"><sheets/></workbook>', "spreadsheetml.sheet.main"),
}


def archive(parts):
    """A zip of parts, name to text or bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in parts.items():
            packed.writestr(name, body)
    return out.getvalue()


def parts(kind):
    """The parts of the smallest good file of a kind."""
    if kind == "ofd":
        return {
            "OFD.xml": '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>',
            "Doc_0/Document.xml": '<ofd:Document xmlns:ofd="http://www.ofdspec.org/2016"/>',
        }
    name, body, word = _MAIN[kind]
    types = f'<Types xmlns="{_TYPES}"><Override PartName="/{name}" ContentType="application/vnd.{word}+xml"/></Types>'
    return {
        "[Content_Types].xml": types,
        "_rels/.rels": relations(name),
        name: body,
        "docProps/core.xml": "<core><creator>张三</creator></core>",
    }


def office(kind):
    """The smallest good file of a kind."""
    return archive(parts(kind))


def relations(target, *, kind="officeDocument", mode=""):
    """A list with one relation."""
    outside = f' TargetMode="{mode}"' if mode else ""
    one = f'<Relationship Id="r1" Type="{_OFFICE}/{kind}" Target="{target}"{outside}/>'
    return f'<Relationships xmlns="{_RELATIONS}">{one}</Relationships>'


def locked_office():
    """The beginning of an OLE file in which Office keeps what a password locks."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)

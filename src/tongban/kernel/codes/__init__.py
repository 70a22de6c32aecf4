"""Codes of Chinese government service: read, made and checked, with errors that point at the wrong character.

One module a kind (`uscc`, `resident_id`, `org_code`, `division`, `division_history`, `catalog_code`, `task_code`,
`case_no`, `licence_id`, `document_kinds`), each with `parse`, `make`, and where the scheme has one `check_char`.
All of them normalise first: space around the value dropped, upper case, full-width to half-width.
"""

from tongban.kernel.codes.checking import KINDS, CodeCheck, check
from tongban.kernel.codes.errors import CodeError

__all__ = ["KINDS", "CodeCheck", "CodeError", "check"]

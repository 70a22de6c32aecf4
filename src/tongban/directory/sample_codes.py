"""Sample credit codes: valid by GB 32100-2015, the same for the same name for ever, and belonging to nobody.

The subject code inside begins with YL (样例), which registers do not hand out; screens say 示例代码 beside it.
"""

import hashlib

from tongban.kernel.codes import org_code, uscc

_MARK = "YL"
_BODY_CHARS = 6


def sample_code(ref: str, registration: str) -> str:
    """The sample code of the organisation that the pack calls `ref` (`430200:fgw`).

    `registration` are the first two characters (11 agency, 12 public institution, 13 mass organisation). An internal
    zone has no place in a credit code: its city stands there.
    """
    division = ref.partition(":")[0][:6]
    if not division.isdigit():
        division = f"{division[:4]}00"
    number = int.from_bytes(hashlib.sha256(ref.encode()).digest()[:8], "big")
    body = ""
    for _ in range(_BODY_CHARS):
        number, place = divmod(number, len(uscc.ALPHABET))
        body += uscc.ALPHABET[place]
    return uscc.make(registration, division, org_code.make(_MARK + body))


def is_sample_code(code: str) -> bool:
    """Whether a credit code bears the mark of a sample."""
    return code[8:10] == _MARK

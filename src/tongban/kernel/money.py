"""Money: always whole fen inside, yuan only on paper and screens."""

import re

_YUAN = re.compile(r"(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_UNITS = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_FEN_MAX = 10**15


def yuan(fen: int) -> str:
    """Write an amount in fen for people: `yuan(1500)` is "¥ 15.00"."""
    sign = "-" if fen < 0 else ""
    whole, rest = divmod(abs(fen), 100)
    return f"{sign}¥ {whole:,}.{rest:02d}"


def parse_yuan(text: str) -> int:
    """Read "15", "15.5" or "¥ 1,500.00" as fen.

    Raises:
        ValueError: not an amount with at most two decimals.
    """
    cleaned = text.strip().removeprefix("¥").replace(",", "").replace("¥", "").strip().removesuffix("元")
    match = _YUAN.fullmatch(cleaned)
    if match is None:
        raise ValueError(f"金额格式不正确:{text!r}")
    whole, rest = match.groups()
    return int(whole) * 100 + int((rest or "0").ljust(2, "0"))


def capital_yuan(fen: int) -> str:
    """Write an amount in capital Chinese numerals, as receipts need: 1500 becomes "壹拾伍元整".

    Source: 票据法 and 支付结算办法 附件一 (正确填写票据和结算凭证的基本规定).

    Raises:
        ValueError: negative, or 10¹³ yuan and more.
    """
    if not 0 <= fen < _FEN_MAX:
        raise ValueError("金额超出可书写的范围")
    whole, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    text = f"{_capital_integer(whole)}元" if whole or not rest else ""
    if not rest:
        return f"{text}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif text:
        text += "零"
    return text + (f"{_DIGITS[cents]}分" if cents else "整")


def _capital_integer(value: int) -> str:
    if value == 0:
        return "零"
    groups: list[int] = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    text = ""
    for index in range(len(groups) - 1, -1, -1):
        group = groups[index]
        if group == 0:
            continue
        if text and (group < 1000 or groups[index + 1] == 0):
            text += "零"
        text += _capital_group(group) + _GROUPS[index]
    return text


def _capital_group(group: int) -> str:
    text, gap = "", False
    for position in range(3, -1, -1):
        digit = group // 10**position % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += ("零" if gap else "") + _DIGITS[digit] + _UNITS[position]
        gap = False
    return text

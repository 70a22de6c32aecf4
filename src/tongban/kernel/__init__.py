"""Pure rules without Django, open to every room: codes, workdays, clock, text, crypto, money, problems, paging."""

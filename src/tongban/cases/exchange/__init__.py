"""What a case looks like in the national exchange tables, GB/T 39046-2020 and a province's supervision exchange.

`columns` says what a column is and checks values, `tables` and `tables_province` describe the tables, `picture` holds a
case with all that belongs to it, `rows` and `rows_province` make the rows. Nothing here writes; nothing is invented:
what nobody stated stays empty.
"""

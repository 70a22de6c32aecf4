"""Items in the national field names, and the files in which editors and provinces hand them over. Pure.

`dictionaries` says what a code means, `fields` which column holds which element; `reading` makes records of a file,
`writing` files of records. Nothing here knows a database.
"""

"""Items of a file against the catalogue: what each would change, and everything that stands in the way.

`planning` compares and changes nothing; `commands.importing` carries a plan out.
"""

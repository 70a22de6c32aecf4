"""Seals: who signs a document, how the signature is put into the file and how it is checked again.

`registry` holds the signer in force; `demonstration` is the signer of the demonstration city; a licensed CA or the
national seal system plugs in by another `Signer`. `pades` writes a signature into a PDF, `inspection` reads one.
"""

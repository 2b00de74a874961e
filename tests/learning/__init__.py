"""Labelled sentences and mails of our own, and what is learned from them (kinds.py, names.py).

sentences/<lang>/<act>.txt   a sentence a line: what a sentence of a mail does
short/<lang>-<n>.txt         "=== kind | From | Subject", then the text: what kind of mail it is
mails/<lang>-<set>.toml      whole mails with every field labelled; also cases of `make accuracy`
"""

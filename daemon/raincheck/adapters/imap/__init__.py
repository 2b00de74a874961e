"""IMAP (RFC 9051, RFC 3501) over imapclient, which nothing outside this package imports.

`account` is the port's implementation, `connection` one line to the server, with `login` and `naming`; `alarm` ends a
wait, `failures` turns what imapclient, imaplib, ssl and socket raise into raincheck's own errors.
"""

from raincheck.adapters.imap.account import ImapAccount

__all__ = ["ImapAccount"]

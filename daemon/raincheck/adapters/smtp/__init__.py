"""Submission (RFC 6409) over aiosmtplib, which nothing outside this package imports.

`submission` is the port's implementation, `failures` turns what aiosmtplib, ssl and sockets raise into raincheck's
own errors, `encoding` fits a message to what the server can carry.
"""

from raincheck.adapters.smtp.submission import SmtpSubmission

__all__ = ["SmtpSubmission"]

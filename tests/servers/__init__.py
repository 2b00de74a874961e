"""Real servers on loopback for the tests; each module runs one and says in its docstring how to use it.

==============  ===================================================  ==============================================
module          what it runs                                         fixture (tests/conftest.py)
==============  ===================================================  ==============================================
dovecot         a real Dovecot: IMAP (plain, STARTTLS, TLS), LMTP    ``dovecot`` (session), ``mailbox`` (fresh user)
cyrus           a real Cyrus: IMAP (plain, TLS; two layouts), LMTP   ``cyrus`` (session), ``mailbox`` (fresh user)
imap            which of them a test runs on                         ``mailbox``: ``@on_every_server``
mailbox         one person's mailbox, from all sides                 ``mailbox``, ``pymap_mailbox``
submission      aiosmtpd: STARTTLS or TLS, AUTH; scripted failures   ``submission``
postfix         a real Postfix: STARTTLS, AUTH, delivers to Dovecot  ``postfix`` (session)
transcript      IMAP answers that no good server gives               use the class
http            feeds over HTTP(S): ETag, redirect, slow, gzip ...   ``http_server``
rewriting       an IMAP relay that speaks a provider's dialect       use the class
proxy           a TCP relay that cuts, stalls or loses answers       ``proxy`` (a factory)
==============  ===================================================  ==============================================

From raincheck.demo come Dovecot itself, pymap (``pymap_server``, session) and the certificate (``tls``, session).
"""

"""Real servers on loopback for the tests; each module runs one and says in its docstring how to use it.

==============  ===================================================  ==============================================
module          what it runs                                         fixture (tests/conftest.py)
==============  ===================================================  ==============================================
dovecot         a real Dovecot: IMAP (plain, STARTTLS, TLS), LMTP    ``dovecot`` (session), ``mailbox`` (fresh user)
mailbox         one person's mailbox, from all sides                 ``mailbox``, ``pymap_mailbox``
submission      aiosmtpd: STARTTLS or TLS, AUTH; scripted failures   ``submission``
transcript      IMAP answers that no good server gives               use the class
http            feeds over HTTP(S): ETag, redirect, slow, gzip ...   ``http_server``
rewriting       an IMAP relay that speaks a provider's dialect       use the class
proxy           a TCP relay that cuts, stalls or loses answers       ``proxy`` (a factory)
==============  ===================================================  ==============================================

From raincheck.demo come Dovecot itself, pymap (``pymap_server``, session) and the certificate (``tls``, session).
"""

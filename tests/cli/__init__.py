ACCOUNT = """\
[accounts.main]
address = "robin@example.net"
imap = { host = "127.0.0.1", port = 9, tls = "implicit" }
smtp = { host = "127.0.0.1", port = 9, tls = "implicit" }
password = { env = "NOBODY_SETS_THIS" }
"""  # no server answers there

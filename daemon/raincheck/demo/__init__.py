"""The demo: embedded servers and a sample mailbox (extra `demo`)."""

"""`python -m raincheck`."""

from raincheck.cli import main

main()

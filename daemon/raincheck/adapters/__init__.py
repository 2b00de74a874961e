"""Adapters: each module is the only importer of its library, and a stranger to the others."""

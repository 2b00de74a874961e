"""The service: plan from values, then act through ports."""

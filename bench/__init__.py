"""Reproducible benchmarks, each measured beside its peers in one run; see bench/README.md."""

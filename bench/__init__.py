"""Reproducible benchmarks, each beside its peers in one run; see bench/README.md."""

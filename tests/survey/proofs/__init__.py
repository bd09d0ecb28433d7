"""The proof that the measurement is anonymous (docs/product.md): what is really published, and what it cannot tell.

Every format is shown to be made from the snapshot alone (test_formats), so that what is shown of the snapshot holds for
all of them together: nothing can be computed of fewer than six (test_rank), and whatever somebody may have answered
stays possible (test_worlds, test_worlds_of_words). And what everybody really reads, number by number, on every page and
in the JSON, is what the snapshot says (test_pages, by tests/survey/reading): the same holds for that
(test_worlds_of_pages). Nothing else changes by answering (test_swaps), and nothing is left (test_remains).

Each proof is shown to fail when the rule that it is about is broken (test_mutants), or when a page tells more
(test_mutants_of_pages).
"""

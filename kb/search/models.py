"""Tables of search: none. The index is a cache of the library; synonyms and counts of queries come later."""

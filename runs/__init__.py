"""Living many futures and keeping them: identities, workers, the store."""

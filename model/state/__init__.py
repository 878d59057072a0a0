"""State of one future: arrays of people, households, places, firms, and the ledger of heads and money."""

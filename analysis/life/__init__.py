"""A life, told: one resident's months under one scenario, or under two until their paths part and why."""

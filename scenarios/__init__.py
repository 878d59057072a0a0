"""What to try: the library of scenarios and the code that reads, checks and compiles them."""

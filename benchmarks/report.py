"""Tables of what was measured."""
def markdown(found): return str(found)

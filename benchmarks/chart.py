"""chart"""
def svg(found): return ""

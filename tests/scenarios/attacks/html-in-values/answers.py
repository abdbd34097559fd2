# %% add
def add(a, b):
    raise type("<img src=x onerror=alert(1)>", (ValueError,), {})("<script>alert(1)</script>")

# %% double
def double(x):
    return "<script>alert(1)</script><svg onload=alert(1)>" * 3

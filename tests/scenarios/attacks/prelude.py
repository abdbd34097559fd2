import json

WORLD = json.loads(r'''@WORLD@''')


def attempt(what, action, *arguments):
    """Do something forbidden and say whether it worked; where it did, what came of it."""
    try:
        result = action(*arguments)
    except BaseException as problem:
        print(f"tried {what}: {type(problem).__name__}")
        return None
    print(f"GOT THROUGH {what}: {result!r}")
    return result


def fresh(path, mode="r"):
    """Read or open as a careful attacker would: without anything that could have been replaced."""
    with open(path, mode) as file:
        return file.read() if "r" in mode else file.write("ntc-attack")

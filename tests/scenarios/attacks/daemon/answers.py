# %% [extra before add]
import os

attempt("session", os.setsid)
attempt("group", os.setpgid, 0, 0)
attempt("group of another", os.setpgid, 0, os.getppid())
def daemon():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            open(WORLD["outside"] + "/ntc-attack-daemon", "w")
            import time
            time.sleep(30)
        os._exit(0)
    return "daemon"
attempt("daemon", daemon)

# %% add
def add(a, b):
    return 'wrong'

# %% fashion_net
def fashion_net():
    return "../../../source/training/training.ipynb", b"/etc/passwd"

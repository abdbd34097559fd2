# %% penalty_gradient
def penalty_gradient(name, w, strength, share=0.5):
    if name == "l2":
        return 2 * strength * w
    if name == "l1":
        return strength * np.sign(w)
    return strength * (share * np.sign(w) + 2 * (1 - share) * w)

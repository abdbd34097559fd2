# %% penalised_minimum
def penalised_minimum(name, target, curvature, strength, share=0.5):
    if name == "l2":
        return curvature * target / (curvature + strength)
    if name == "l1":
        return target - strength / curvature * np.sign(target)
    return (curvature * target - share * strength * np.sign(target)) / (curvature + (1 - share) * strength)

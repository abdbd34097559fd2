# %% permute_hidden
def permute_hidden(w1, b1, w2, b2, order):
    return w1[order], b1[order], w2, b2

# %% average_of_permutations
def average_of_permutations(w1, b1, w2, b2):
    return np.full_like(w1, w1.mean()), np.full_like(b1, b1.mean()), np.full_like(w2, w2.mean()), b2

# %% cured_settings
def cured_settings():
    return {"rate": 0.02, "momentum": 0.9, "start": 10.0, "batch": 16}

# %% random_search
def random_search(evaluate, low, high, budget, seed):
    rates = np.random.default_rng(seed).uniform(low, high, budget)
    losses = [evaluate(rate) for rate in rates]
    best = np.nanargmin(losses)
    return rates[best], losses[best]

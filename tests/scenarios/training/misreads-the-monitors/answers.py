# %% layer_health
def layer_health(weights, update, rectified, bounded):
    ratio = np.linalg.norm(update) / np.linalg.norm(weights)
    return ratio, np.mean(rectified == 0), np.mean(bounded > 0.99)

# %% diagnoses
def diagnoses():
    return [
        ("not a number", "lower the rate"),
        ("rate too low", "raise the rate"),
        ("overfitting", "more data or regularisation"),
        ("plateau", "larger initial weights"),
        ("wrong direction", "subtract the gradient"),
        ("overfitting", "more data or regularisation"),
        ("dead units", "raise the biases"),
        ("fluctuation", "larger batches"),
    ]

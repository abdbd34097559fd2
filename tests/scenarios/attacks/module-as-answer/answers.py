# %% [extra before add]
import operator
import unittest.mock

print("tried")

# %% add
add = unittest.mock.MagicMock()

# %% Tally
Tally = unittest.mock.MagicMock

# %% double
double = unittest.mock.MagicMock(return_value=unittest.mock.ANY)

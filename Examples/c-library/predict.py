#!/usr/bin/env python3
"""Predicts the rows of a CSV file from Python, as `mltrain predict MODEL FILE` does.

    Examples/c-library/predict.py ~/.local/lib/libslope_predict.so penguins.safetensors rows.csv
"""

import csv
import ctypes
import sys


class Description(ctypes.Structure):
    _fields_ = [
        ("column_count", ctypes.c_size_t), ("column_names", ctypes.POINTER(ctypes.c_char_p)),
        ("column_kinds", ctypes.POINTER(ctypes.c_int32)), ("target", ctypes.c_char_p),
        ("class_count", ctypes.c_size_t), ("class_names", ctypes.POINTER(ctypes.c_char_p)),
        ("value_count", ctypes.c_size_t),
    ]  # fmt: skip


class Column(ctypes.Structure):
    _fields_ = [("numbers", ctypes.POINTER(ctypes.c_double)), ("texts", ctypes.POINTER(ctypes.c_char_p))]


class Model:
    def __init__(self, library, path):
        self.library = ctypes.CDLL(library)
        self.library.slope_error_message.restype = ctypes.c_char_p
        self.library.slope_model_close.argtypes = [ctypes.c_void_p]
        self.library.slope_model_describe.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
        self.library.slope_predict.argtypes = [
            ctypes.c_void_p, ctypes.c_size_t, ctypes.POINTER(Column), ctypes.c_size_t,
            ctypes.POINTER(ctypes.c_double), ctypes.c_size_t,
        ]  # fmt: skip
        self.model = ctypes.c_void_p()
        self.check(self.library.slope_model_open(path.encode(), ctypes.byref(self.model)))
        about = Description()
        self.check(self.library.slope_model_describe(self.model, ctypes.byref(about), ctypes.sizeof(about)))
        self.columns = [about.column_names[i].decode() for i in range(about.column_count)]
        self.classes = [about.class_names[i].decode() for i in range(about.class_count)]
        self.value_count = about.value_count

    def check(self, status):
        if status != 0:
            raise ValueError(self.library.slope_error_message().decode())

    def predict(self, rows):
        """The values of each of the rows, which are texts by the names of their columns."""
        columns = (Column * len(self.columns))()
        for column, name in zip(columns, self.columns):
            column.texts = (ctypes.c_char_p * len(rows))(*(row[name].encode() for row in rows))
        values = (ctypes.c_double * (len(rows) * self.value_count))()
        self.check(
            self.library.slope_predict(self.model, len(rows), columns, len(columns), values, len(values))
        )
        width = self.value_count
        return [values[start : start + width] for start in range(0, len(values), width)]

    def close(self):
        self.library.slope_model_close(self.model)


def main():
    library, path, file = sys.argv[1:]
    model = Model(library, path)
    with open(file, newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    for values in model.predict(rows):
        best = [model.classes[values.index(max(values))]] if model.classes else []
        print(",".join(best + [repr(value) for value in values]))
    model.close()


if __name__ == "__main__":
    main()

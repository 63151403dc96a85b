#!/usr/bin/env python3
"""Writes Tests/Fixtures/npy-cases.json: files that NumPy wrote, and the numbers in them.

    python3 tools/make-npy-cases.py

Needs NumPy and ml_dtypes. Each case has the file's bytes in base64, the element type as Slope calls it,
the shape, and the elements, row-major, as texts that read back exactly. `refused` are files that are not
read, with a part of the message.
"""

import base64
import io
import json
import pathlib

import ml_dtypes
import numpy

NAMES = {"bool": "bool", "uint8": "uint8", "uint16": "uint16", "uint32": "uint32", "uint64": "uint64",
         "int8": "int8", "int16": "int16", "int32": "int32", "int64": "int64", "float16": "float16",
         "bfloat16": "bfloat16", "float32": "float32", "float64": "float64"}


def saved(array, version=None):
    file = io.BytesIO()
    if version:
        numpy.lib.format.write_array(file, array, version=version)
    else:
        numpy.save(file, array)
    return file.getvalue()


def case(name, array, version=None):
    kind = str(array.dtype.newbyteorder("=")) if array.dtype != ml_dtypes.bfloat16 else "bfloat16"
    flat = array.ravel(order="C")
    elements = [str(int(x)) if array.dtype.kind in "biu" else repr(float(x)) for x in flat]
    return {"name": name, "dtype": NAMES[kind], "shape": list(array.shape), "elements": elements,
            "file": base64.b64encode(saved(array, version)).decode()}


def refused(message, data):
    return {"message": message, "file": base64.b64encode(data).decode()}


def replaced(header):
    """A file of no bytes with a header of our own."""
    text = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(text).to_bytes(2, "little") + text


def main():
    cases = []
    for name in NAMES:
        dtype = ml_dtypes.bfloat16 if name == "bfloat16" else numpy.dtype(name)
        whole = numpy.array([0, 1, 1, 0, 1, 0]) if name == "bool" else numpy.array([0, 1, 2, 100, 5, 77])
        array = whole.astype(dtype).reshape(2, 3)
        cases.append(case(f"{name}", array))
        cases.append(case(f"{name} columns first", numpy.asfortranarray(array)))
        if numpy.dtype(dtype).itemsize > 1 and name != "bfloat16":
            big = array.astype(numpy.dtype(dtype).newbyteorder(">"))
            cases.append(case(f"{name} big-endian", big))
            cases.append(case(f"{name} big-endian columns first", numpy.asfortranarray(big)))
    extremes = numpy.array([numpy.inf, -numpy.inf, 1e-45, -0.0, 3.4028235e38], dtype="float32")
    cases.append(case("extremes", extremes))
    cases.append(case("limits", numpy.array([-(2**63), 2**63 - 1], dtype="int64")))
    cases.append(case("largest", numpy.array([2**64 - 1], dtype=">u8")))
    cases.append(case("one element without axes", numpy.float64(2.5) * numpy.ones(())))
    cases.append(case("no elements", numpy.zeros((0, 3), dtype="int16")))
    cases.append(case("no elements, columns first", numpy.asfortranarray(numpy.zeros((2, 0, 3)))))
    cases.append(case("four axes, columns first",
                      numpy.asfortranarray(numpy.arange(120, dtype="int32").reshape(2, 3, 4, 5))))
    cases.append(case("version 2", numpy.arange(3.0), (2, 0)))
    cases.append(case("version 3", numpy.arange(3.0), (3, 0)))

    whole = saved(numpy.arange(6.0))
    structured = numpy.zeros(2, dtype=[("a", "f4"), ("b", "i8")])
    bad = [
        refused("an array of structures", saved(structured)),
        refused('elements of the type "|O"', saved(numpy.array([None, 1], dtype=object))),
        refused('elements of the type "<U3"', saved(numpy.array(["abc"]))),
        refused('elements of the type "|S3"', saved(numpy.array([b"abc"]))),
        refused('elements of the type "<M8[D]"', saved(numpy.array(["2024-01-01"], dtype="M8[D]"))),
        refused('elements of the type "<c8"', saved(numpy.zeros(2, dtype="complex64"))),
        refused('elements of the type "<f16"', saved(numpy.zeros(2, dtype="longdouble"))),
        refused("not an npy file", b""),
        refused("not an npy file", b"\x93NUMPX\x01\x00"),
        refused("not an npy file", whole[:7]),
        refused("an npy file of version 4.0; 1.0 to 3.0 are known", whole[:6] + b"\x04" + whole[7:]),
        refused("an npy file of version 1.1", whole[:7] + b"\x01" + whole[8:]),
        refused("the file is cut in its header", whole[:9]),
        refused("the file is cut in its header", whole[:40]),
        refused("the file is cut: 47 bytes of 48", whole[:-1]),
        refused("more bytes than its shape [6] has (48)", whole + b"\x00"),
        refused("a header of 1048577 bytes is none",
                b"\x93NUMPY\x02\x00" + (2**20 + 1).to_bytes(4, "little") + b" " * 100),
        refused("the file is cut: 0 bytes of 80000000000000000", replaced(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000, 10000), }")),
        refused("impossible shape", replaced(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }")),
        refused("an array of 9 axes", replaced(
            "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1), }")),
        refused("has not descr", replaced("{'descr': '<f8', 'fortran_order': False, }")),
        refused("has not descr", replaced("{'descr': '<f8', 'fortran_order': 'no', 'shape': (0,), }")),
        refused("has not descr", replaced("{'descr': '<f8', 'fortran_order': True, 'shape': 'x', }")),
        refused("a boolean that is not 0 or 1",
                replaced("{'descr': '|b1', 'fortran_order': False, 'shape': (1,), }") + b"\x02"),
    ]
    for text in ["", "{", "}", "[]", "{'a': 1}", "{'descr': '<f8'", "{'descr' '<f8'}", "{descr: '<f8'}",
                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3), }",
                 "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }",
                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3.0,), }",
                 "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }",
                 "{'descr': '<f8', 'fortran_order': false, 'shape': (3,), }",
                 "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (3,), }",
                 "{'descr': '<f8', 'fortran_order': False, 'shape': (3,), } x",
                 "{'descr': [('a', '<f8', 'fortran_order': False, 'shape': (3,), }",
                 "{'descr': '<f\\x38', 'fortran_order': False, 'shape': (3,), }"]:
        bad.append(refused("not the dictionary that it should be", replaced(text)))
    folder = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"
    (folder / "npy-cases.json").write_text(
        json.dumps({"cases": cases, "refused": bad}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes Tests/Fixtures/npz-cases.json: archives that NumPy and zipfile wrote, and damaged ones.

    python3 tools/make-npz-cases.py

Needs NumPy. Each case has the archive's bytes in base64 and its arrays: name, element type, shape, and
elements as Doubles. `refused` are archives that are not read, with a part of the message.
"""

import base64
import io
import json
import pathlib
import struct
import zipfile
import zlib

import numpy


def archive(arrays, method=zipfile.ZIP_STORED, level=None, **options):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method, compresslevel=level, **options) as zip:
        for name, array in arrays.items():
            content = io.BytesIO()
            numpy.save(content, array)
            zip.writestr(f"{name}.npy", content.getvalue())
    return file.getvalue()


def saved(arrays, save=numpy.savez):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


class Stream(io.RawIOBase):
    """A file that cannot go back: zipfile writes sizes after the bytes."""

    def __init__(self):
        self.bytes = b""

    def writable(self):
        return True

    def write(self, bytes):
        self.bytes += bytes
        return len(bytes)


def streamed(arrays, save):
    file = Stream()
    save(file, **arrays)
    return file.bytes


def case(name, arrays, file):
    return {"name": name, "file": base64.b64encode(file).decode(),
            "arrays": [{"name": key, "dtype": str(value.dtype), "shape": list(value.shape),
                        "elements": [float(x) if x % 1 else int(x) for x in value.ravel()]} for key, value in arrays.items()]}


def refused(message, file):
    return {"message": message, "file": base64.b64encode(file).decode()}


def changed(file, place, format, value):
    """A copy with another number at a place."""
    bytes = bytearray(file)
    struct.pack_into(format, bytes, place, value)
    return bytes


def deflated(content, byteCount, compressed=None):
    """An archive of one file of whatever compressed bytes."""
    if compressed is None:
        compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
        compressed = compressor.compress(content) + compressor.flush()
    name = b"x.npy"
    common = struct.pack("<HHHHHIIIH", 20, 0, 8, 0, 33, zlib.crc32(content), len(compressed), byteCount,
                         len(name))
    local = b"PK\3\4" + common + struct.pack("<H", 0) + name + compressed
    directory = (b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHHII", 0, 0, 0, 0, 0, 0) + name)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(directory), len(local), 0)
    return local + directory + end


def bits(*fields):
    """Bytes of numbers with widths, the lowest bit first."""
    value, place = 0, 0
    for number, width in fields:
        value |= number << place
        place += width
    return value.to_bytes((place + 7) // 8, "little")


def main():
    random = numpy.random.default_rng(0)
    few = {"a": numpy.arange(6, dtype="float32").reshape(2, 3), "steps": numpy.array([7], dtype="int64"),
           "é/b": numpy.array([True, False])}
    # Codes of all lengths, long distances, and bytes that no code shortens.
    texts = {"waves": numpy.round(100 * numpy.sin(numpy.arange(1000) / 50)).astype("int16"),
             "zeros": numpy.zeros(2000, dtype="uint8"), "noise": random.integers(0, 256, 600).astype("uint8"),
             "steps": numpy.repeat(random.integers(0, 4, 90), random.integers(1, 30, 90)).astype("uint8")}
    cases = [
        case("numpy.savez", few, saved(few)),
        case("numpy.savez_compressed", few, saved(few, numpy.savez_compressed)),
        case("long arrays, compressed", texts, saved(texts, numpy.savez_compressed)),
        case("sizes after the bytes", few, streamed(few, numpy.savez)),
        case("sizes after the bytes, compressed", few, streamed(few, numpy.savez_compressed)),
        case("fixed codes", {"x": numpy.arange(40, dtype="uint8")}, deflated_fixed()),
        case("no arrays", {}, archive({})),
        case("sizes of 64 bits", few, wide(few)),
    ]
    for level in (0, 1, 9):
        cases.append(case(f"Deflate of level {level}", texts,
                          archive(texts, zipfile.ZIP_DEFLATED, level)))
    comment = bytearray(archive(few))
    comment[-2:] = struct.pack("<H", 5)
    cases.append(case("a comment", few, bytes(comment) + b"hello"))

    one = {"x": numpy.arange(5, dtype="float32")}
    plain, small = archive(one), archive(one, zipfile.ZIP_DEFLATED)
    directory = plain.index(b"PK\1\2")
    end = plain.index(b"PK\5\6")
    two = archive({"x": one["x"], "y": one["x"]})
    first = two.index(b"PK\1\2")
    content = io.BytesIO()
    numpy.save(content, one["x"])
    content = content.getvalue()
    bad = [
        refused("not a zip archive", b""),
        refused("not a zip archive", b"\x93NUMPY"),
        refused("it has no directory", plain[:-1]),
        refused("it has no directory", plain[:directory]),
        refused("its directory has 1 files instead of 2",
                changed(changed(plain, end + 8, "<H", 2), end + 10, "<H", 2)),
        refused("an archive of several disks", changed(plain, end + 4, "<H", 1)),
        refused("an archive of several disks", changed(plain, end + 6, "<H", 1)),
        refused("an archive of several disks", changed(plain, end + 8, "<H", 2)),
        refused("its directory is not where it should be", changed(plain, end + 12, "<I", 7)),
        refused("its directory is not where it should be", changed(plain, end + 16, "<I", 2**32 - 2)),
        refused("its directory is not where it should be", plain[:end] + b"?" + plain[end:]),
        refused("its directory is damaged", changed(plain, directory, "<I", 7)),
        refused("its directory is damaged", changed(plain, directory + 28, "<H", 200)),
        refused("its directory is damaged", changed(plain, directory + 30, "<H", 200)),
        refused("its directory is damaged", changed(plain, directory + 32, "<H", 1)),
        refused("it is encrypted", changed(plain, directory + 8, "<H", 1)),
        refused("compressed by the method 12; 0 and 8", changed(plain, directory + 10, "<H", 12)),
        refused("its header is not where the directory says", changed(plain, directory + 10, "<H", 8)),
        refused("its header is not where the directory says", changed(plain, directory + 42, "<I", 1)),
        refused("its header is not where the directory says", changed(plain, directory + 42, "<I", 2**31)),
        refused("its header is not where the directory says", changed(plain, directory + 42, "<I", directory)),
        refused("its header is not where the directory says", changed(plain, 30, "<B", 65)),
        refused("its header is not where the directory says", changed(plain, 26, "<H", 60000)),
        refused("its header is not where the directory says", changed(plain, 28, "<H", 60000)),
        refused("the file is cut", changed(plain, directory + 20, "<I", 2**31)),
        refused("two sizes that differ", changed(plain, directory + 24, "<I", 3)),
        refused("4294967294 bytes cannot be in it", changed(small, small.index(b"PK\1\2") + 24, "<I", 2**32 - 2)),
        refused("its sizes of 64 bits are damaged", changed(plain, directory + 24, "<I", 2**32 - 1)),
        refused("its checksum is not that of its bytes", changed(plain, directory + 16, "<I", 1)),
        refused("its checksum is not that of its bytes", changed(plain, directory - 1, "<B", 1)),
        refused('"x.npy" is in it twice', two.replace(b"y.npy", b"x.npy")),
        # The first file with all that follows it.
        refused("two of its files share bytes",
                changed(changed(two, first + 20, "<I", first - 35), first + 24, "<I", first - 35)),
        refused('"x.txt" is not an npy file', plain.replace(b"x.npy", b"x.txt")),
        refused("a name that is not UTF-8", plain.replace(b"x.npy", b"\xff.npy")),
        refused("x.npy: not an npy file", archive_of(b"hello")),
        refused("x.npy: the file is cut", archive_of(content[:-1])),
        refused("x.npy: more bytes than its shape", archive_of(content + b"?")),
        refused('x.npy: elements of the type "<U1"', saved({"x": numpy.array(["a"])})),
        refused(f"{len(content)} bytes instead of {len(content) + 1}", deflated(content, len(content) + 1)),
        refused(f"more than {len(content) - 1} bytes", deflated(content, len(content) - 1)),
        refused("more compressed bytes than are used", deflated(content, len(content), raw(content) + b"?")),
        refused("the compressed bytes are cut", deflated(content, len(content), raw(content)[:-1])),
        refused("the compressed bytes are cut", deflated(content, len(content), raw(content)[:3])),
        refused("the compressed bytes are cut", deflated(content, len(content), b"")),
        refused("a block of an unknown kind", deflated(b"", 0, bits((1, 1), (3, 2)))),
        refused("the length of a block is damaged", deflated(b"", 0, b"\1\5\0\5\0hello")),
        refused("a block of too many codes", deflated(b"", 0, bits((1, 1), (2, 2), (31, 5), (0, 5), (0, 4)))),
        refused("a block of too many codes", deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (31, 5), (0, 4)))),
        refused("a code of too few symbols",
                deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (1, 3), (0, 9)))),
        refused("a code of too many symbols",
                deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (1, 3), (1, 3), (1, 3), (0, 3)))),
        # One distance, of two bits. The lengths' code has 18 as 0, 1 as 10 and 2 as 11.
        refused("a code of too few symbols",
                deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (0, 5), (14, 4), (0, 6), (1, 3), (0, 36), (2, 3), (0, 3),
                                      (2, 3), (0, 1), (127, 7), (0, 1), (107, 7), (1, 2), (3, 2), (0, 8)))),
        # The lengths' code: 16 and 0 have one bit each; 16 comes first, as the symbol after none.
        refused("a repetition of nothing",
                deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (1, 3), (0, 3), (0, 3), (1, 3),
                                      (1, 1), (0, 8)))),
        # 18 and 0: zeros alone, and more of them than there are codes.
        refused("a block without an end",
                deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (0, 3), (0, 3), (1, 3), (1, 3),
                                      (1, 1), (127, 7), (1, 1), (109, 7), (0, 8)))),
        refused("a repetition beyond the last code",
                deflated(b"", 0, bits((1, 1), (2, 2), (0, 5), (0, 5), (0, 4), (0, 3), (0, 3), (1, 3), (1, 3),
                                      (1, 1), (127, 7), (1, 1), (127, 7), (0, 8)))),
        # Fixed codes: the length 3 (257, seven bits 0000001), then distances.
        refused("a distance before the first byte", deflated(b"", 9, bits((1, 1), (1, 2), (64, 7), (0, 5), (0, 9)))),
        refused("bits that are no code", deflated(b"", 9, bits((1, 1), (1, 2), (64, 7), (15, 5), (0, 9)))),
        # 286 has the code 11000110.
        refused("a length that is none", deflated(b"", 9, bits((1, 1), (1, 2), (0b01100011, 8), (0, 20)))),
    ]
    large = wide(one)
    locator = large.index(b"PK\6\7")
    record = large.index(b"PK\6\6")
    bad += [
        refused("the file is cut", changed(large, locator + 8, "<Q", 2**63)),
        refused("its directory's record of 64 bits is damaged", changed(large, locator + 8, "<Q", 2**62)),
        refused("its directory's record of 64 bits is damaged", changed(large, record, "<I", 1)),
        refused("its directory's record of 64 bits is damaged", changed(large, record + 4, "<Q", 45)),
        refused("its directory is not where it should be", changed(large, record + 48, "<Q", 2**62)),
        refused("its directory is not where it should be", changed(large, record + 40, "<Q", 1)),
        refused("an archive of several disks", changed(large, record + 24, "<Q", 2**40)),
        refused("its directory has 1 files instead of",
                changed(changed(large, record + 24, "<Q", 2**40), record + 32, "<Q", 2**40)),
        refused("the file is cut", changed(large, record + 40, "<Q", 2**63)),
    ]
    extra = large.index(b"PK\1\2") + 46 + 5
    bad += [
        refused("its sizes of 64 bits are damaged", changed(large, extra, "<H", 2)),
        refused("its sizes of 64 bits are damaged", changed(large, extra + 2, "<H", 16)),
        refused("its sizes of 64 bits are damaged", changed(large, extra + 2, "<H", 60000)),
        refused("two sizes that differ", changed(large, extra + 4, "<Q", 2**62)),
        refused("the file is cut", changed(large, extra + 12, "<Q", 2**62)),
        refused("its header is not where the directory says", changed(large, extra + 20, "<Q", 2**62)),
    ]
    folder = pathlib.Path(__file__).resolve().parent.parent / "Tests" / "Fixtures"
    (folder / "npz-cases.json").write_text(
        json.dumps({"cases": cases, "refused": bad}, ensure_ascii=False).replace("}, {", "},\n{") + "\n", encoding="utf-8")


def raw(content):
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    return compressor.compress(content) + compressor.flush()


def archive_of(content):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zip:
        zip.writestr("x.npy", content)
    return file.getvalue()


def deflated_fixed():
    """An archive whose block has Deflate's fixed codes."""
    content = io.BytesIO()
    numpy.save(content, numpy.arange(40, dtype="uint8"))
    content = content.getvalue()
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15, strategy=zlib.Z_FIXED)
    return deflated(content, len(content), compressor.compress(content) + compressor.flush())


def wide(arrays):
    """An archive whose numbers are all of 64 bits."""
    file, directory = b"", b""
    for name, array in arrays.items():
        content = io.BytesIO()
        numpy.save(content, array)
        content = content.getvalue()
        name = f"{name}.npy".encode()
        none = 2**32 - 1
        common = struct.pack("<HHHHHIIIH", 45, 1 << 11, 0, 0, 33, zlib.crc32(content), none, none, len(name))
        offset = len(file)
        extra = struct.pack("<HHQQ", 1, 16, len(content), len(content))
        file += b"PK\3\4" + common + struct.pack("<H", len(extra)) + name + extra + content
        extra = struct.pack("<HHQQQ", 1, 24, len(content), len(content), offset)
        directory += (b"PK\1\2" + struct.pack("<H", 45) + common
                      + struct.pack("<HHHHII", len(extra), 0, 0, 0, 0, none) + name + extra)
    start = len(file)
    count = len(arrays)
    record = b"PK\6\6" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, len(directory), start)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, start + len(directory), 1)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 2**16 - 1, 2**16 - 1, 2**32 - 1, 2**32 - 1, 0)
    return file + directory + record + locator + end


if __name__ == "__main__":
    main()

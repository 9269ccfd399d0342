"""Writes the small Zarr folders of tests/reference/zarr, each as a ZIP archive, and index.json with the values that the library zarr reads
in them: version 2 and 3, OME-NGFF 0.4 and 0.5, every codec and number type, and what is refused.

Run with Python 3.12, numpy, zarr 3 and ome-zarr; the tests themselves need none of it:
    python tests/reference/make_zarr.py

For every file index.json has the names of the channels, how many depths and times, spacing in mm, how many notes, the type, and the values of
each slice, by time, depth and channel (as words where they are no numbers; of many their checksum as 32-bit floats); or, of what is
refused, the code.
"""

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

import numcodecs
import numpy as np
import zarr
from ome_zarr.format import format_from_version
from ome_zarr.writer import write_image
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec

HERE = Path(__file__).parent / "zarr"
INDEX = {}
TMP = Path(tempfile.mkdtemp())


def ramp(shape, dtype="uint16"):
    """A value of its own for each voxel, so far as the type has one."""
    n = int(np.prod(shape))
    v = np.arange(n) * 7 + 3
    if np.dtype(dtype).kind == "i":
        v = v - n
    if np.dtype(dtype).kind == "f":
        v = v / 8 - 5
    return v.astype(dtype).reshape(shape)


def fnv(data):
    """The 64-bit checksum FNV-1a, which needs no library."""
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{h:016x}"


def packed(name, folder, top=True, drop=lambda path: False, method=zipfile.ZIP_DEFLATED):
    """The folder as an archive, in the order of names and with one date, so that it is the same each time."""
    with zipfile.ZipFile(HERE / f"{name}.zip", "w") as out:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            inside = path.relative_to(folder).as_posix()
            if drop(inside):
                continue
            info = zipfile.ZipInfo(f"{name}.zarr/{inside}" if top else inside, (2020, 1, 1, 0, 0, 0))
            info.compress_type = method
            out.writestr(info, path.read_bytes())


def note(name, array, axes, channels=None, spacing=None, notes=0):
    a = np.asarray(array)
    for axis in "zct":
        if axis not in axes:
            a, axes = a[None], axis + axes
    a = a.transpose([axes.index(axis) for axis in "tczyx"])
    t, c, z, h, w = a.shape
    sample = {"bool": "uint8", "float16": "float32"}.get(str(a.dtype.newbyteorder("=")), str(a.dtype.newbyteorder("=")))
    planes = a.transpose(0, 2, 1, 3, 4).astype("float32")
    values = [str(v) if not np.isfinite(v) else float(v) for v in planes.ravel()]
    if len(values) > 400:
        values = fnv(planes.astype("<f4").tobytes())
    INDEX[f"{name}.zip"] = {"channels": channels or [""] * c, "depths": z, "times": t, "shape": [h, w], "sample": sample,
                            "spacing": spacing, "notes": notes, "values": values}


def plain(name, data, axes="zyx", version=2, top=True, notes=0, drop=lambda path: False, **options):
    """One array, nothing of OME; read again by zarr."""
    folder = TMP / name
    z = zarr.create_array(folder, shape=data.shape, dtype=data.dtype, zarr_format=version, **options)
    z[...] = data
    packed(name, folder, top, drop)
    note(name, zarr.open_array(folder, mode="r")[...], axes, notes=notes)
    return folder


def version_2():
    """Compressors, byte orders and number types."""
    cube = ramp((5, 7, 9))
    c = {"chunks": (2, 4, 4), "filters": None}
    plain("plain2", cube, compressors=None, **c)
    plain("zlib", cube, compressors=numcodecs.Zlib(6), **c)
    plain("gzip2", cube, compressors=numcodecs.GZip(6), **c)
    plain("zstd2", cube, compressors=numcodecs.Zstd(3), **c)
    plain("lz4", cube, compressors=numcodecs.LZ4(), **c)
    # Blocks of Blosc: long enough for streams for each byte, several blocks and a last one that is shorter.
    large = (ramp((3, 40, 70)) % 251).astype("uint16")
    for inner in ["blosclz", "lz4", "lz4hc", "zlib", "zstd"]:
        for shuffle, word in [(0, "plain"), (1, "bytes"), (2, "bits")]:
            if inner in ("blosclz", "zstd", "lz4") or shuffle == 1:
                plain(f"blosc-{inner}-{word}", large, chunks=(3, 20, 70), filters=None,
                      compressors=numcodecs.Blosc(inner, 5, shuffle, blocksize=1024))
    noise = np.random.default_rng(1).integers(0, 2**32, (1, 20, 20), dtype="uint32")
    plain("blosc-noise", noise, chunks=(1, 20, 20), filters=None, compressors=numcodecs.Blosc("lz4", 5, 1))
    rows = np.repeat(np.arange(60, dtype="uint8"), 200).reshape(1, 60, 200)
    rows[0, 40:] = rows[0, :20]
    # What repeats from further than 8191 bytes.
    far = np.random.default_rng(2).integers(0, 255, 9000, dtype="uint8")
    far = np.concatenate([far, far[:600]]).reshape(1, 96, 100)
    plain("blosc-far", far, chunks=(1, 96, 100), filters=None, compressors=numcodecs.Blosc("blosclz", 9, 0, blocksize=0))
    plain("blosc-rows", rows, chunks=(1, 60, 200), filters=None, compressors=numcodecs.Blosc("blosclz", 9, 1))
    plain("fortran", cube, compressors=numcodecs.Zlib(6), order="F", **c)
    for dtype in ["bool", "int8", "uint8", "int16", ">u2", ">i4", "uint32", "int64", "uint64", "float16", ">f4", "float32", "float64", ">f8"]:
        name = "type-" + dtype.replace(">", "big-")
        plain(name, ramp((2, 3, 4), dtype), chunks=(1, 3, 4), filters=None, compressors=numcodecs.Zlib(6))
    # Chunks that are not there.
    holes = ramp((4, 4, 4), "int16")
    holes[2:] = -7
    plain("holes", holes, chunks=(2, 4, 4), filters=None, compressors=None, fill_value=-7, notes=1, config={"write_empty_chunks": False})
    nan = ramp((2, 2, 4), "float32")
    nan[1] = np.nan
    plain("holes-nan", nan, chunks=(1, 2, 4), filters=None, compressors=None, fill_value=np.nan, notes=1,
          config={"write_empty_chunks": False})
    plain("slashes", cube, compressors=None, chunks=(2, 4, 4), filters=None, chunk_key_encoding={"name": "v2", "separator": "/"})
    plain("two-axes", cube[0], axes="yx", chunks=(4, 4), filters=None, compressors=None)
    plain("top", cube, compressors=None, top=False, **c)


def version_3():
    cube = ramp((5, 7, 9))
    plain("plain3", cube, version=3, chunks=(2, 4, 4), compressors=None)
    plain("gzip3", cube, version=3, chunks=(2, 4, 4), compressors=GzipCodec())
    plain("zstd3", cube, version=3, chunks=(2, 4, 4), compressors=ZstdCodec(checksum=True))
    plain("blosc3", cube, version=3, chunks=(5, 7, 9), compressors=BloscCodec(cname="zstd", shuffle="bitshuffle"))
    plain("crc", cube, version=3, chunks=(2, 4, 4), compressors=[ZstdCodec(), Crc32cCodec()])
    plain("transposed", cube, version=3, chunks=(2, 4, 4), compressors=None, filters=TransposeCodec(order=(2, 0, 1)))
    plain("big3", cube, version=3, chunks=(2, 4, 4), compressors=None, serializer=BytesCodec(endian="big"))
    plain("dots", cube, version=3, chunks=(2, 4, 4), compressors=None, chunk_key_encoding={"name": "default", "separator": "."})
    plain("keys2", cube, version=3, chunks=(2, 4, 4), compressors=None, chunk_key_encoding={"name": "v2", "separator": "."})
    plain("named", ramp((4, 3, 5)), axes="xyz", version=3, chunks=(2, 3, 5), compressors=None, dimension_names=["x", "y", "z"])
    sharded = ramp((8, 8, 9))
    sharded[4:, 4:] = 0
    plain("shards", sharded, version=3, shards=(8, 4, 6), chunks=(4, 2, 3), compressors=ZstdCodec(),
          config={"write_empty_chunks": False})
    codec = ShardingCodec(chunk_shape=(4, 2, 3), codecs=[BytesCodec(endian="big"), GzipCodec()],
                          index_codecs=[BytesCodec(), Crc32cCodec()], index_location="start")
    plain("shards-start", sharded, version=3, chunks=(8, 4, 6), serializer=codec, compressors=None)
    plain("fill3", np.full((2, 3, 4), 2.5, "float64"), version=3, chunks=(1, 3, 4), compressors=None, fill_value=2.5, notes=1,
          config={"write_empty_chunks": True}, drop=lambda path: path.endswith("c/1/0/0"))


def ngff():
    """Images as ome-zarr writes them."""
    data = ramp((2, 3, 4, 16, 20))
    names = ["DAPI", "GFP", "Cy5"]
    axes = [{"name": "t", "type": "time", "unit": "second"}, {"name": "c", "type": "channel"}] + [
        {"name": n, "type": "space", "unit": "micrometer"} for n in "zyx"]
    for version, word in [(2, "4"), (3, "5")]:
        folder = TMP / f"ngff{word}"
        store = zarr.open_group(folder, mode="w", zarr_format=version)
        levels = [data, data[..., ::2, ::2]]
        transforms = []
        for i, level in enumerate(levels):
            store.create_array(str(i), data=level, chunks=(1, 1, 4, 16, 16), chunk_key_encoding={"name": "v2", "separator": "/"}
                               if version == 2 else None)
            s = 2 ** i
            transforms.append([{"type": "scale", "scale": [5.0, 1.0, 2.0, 0.5 * s, 0.25 * s]},
                               {"type": "translation", "translation": [0, 0, 0, 0.25 * (s - 1), 0.1]}])
        meta = {"multiscales": [{"name": "cells", "axes": axes, "version": f"0.{word}", "coordinateTransformations": [
            {"type": "scale", "scale": [1.0, 1.0, 1.0, 2.0, 2.0]}],
            "datasets": [{"path": str(i), "coordinateTransformations": t} for i, t in enumerate(transforms)]}],
            "omero": {"channels": [{"label": n, "color": "FFFFFF", "window": {"start": 0, "end": 9}} for n in names]}}
        store.attrs.put({"ome": {"version": "0.5", **meta}} if version == 3 else meta)
        labels = store.create_group("labels")
        labels.attrs.put({"labels": ["cells"]})
        packed(f"ngff{word}", folder)
        note(f"ngff{word}", data, "tczyx", names, [0.0005, 0.001, 0.002])
        if version == 2:
            # Only the second level was copied.
            packed("second", folder, drop=lambda path: path.startswith("0/"))
            note("second", levels[1], "tczyx", names, [0.001, 0.002, 0.002], notes=1)
    for fmt in ["0.4", "0.5"]:
        name = f"ome-zarr-{fmt}"
        folder = TMP / name
        small = ramp((3, 8, 10))
        group = zarr.open_group(folder, mode="w", zarr_format=2 if fmt == "0.4" else 3)
        write_image(small, group, axes="zyx", fmt=format_from_version(fmt))
        found = zarr.open(folder, mode="r")
        first = sorted(found.array_keys())[0]
        packed(name, folder, method=zipfile.ZIP_STORED)
        note(name, found[first][...], "zyx")


def several():
    """A layout of bioformats2raw, and a plate: the first image is opened."""
    meta = lambda: {"multiscales": [{"version": "0.4", "axes": [{"name": "y", "type": "space"}, {"name": "x", "type": "space"}],
                                     "datasets": [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [1, 1]}]}]}]}

    def image(group, data):
        group.attrs.put(meta())
        group.create_array("0", data=data, chunks=data.shape, compressors=None, filters=None)

    folder = TMP / "raw"
    root = zarr.open_group(folder, mode="w", zarr_format=2)
    root.attrs.put({"bioformats2raw.layout": 3})
    for i in [10, 0, 2]:
        image(root.create_group(str(i)), ramp((4, 5)) + i)
    packed("raw", folder)
    note("raw", ramp((4, 5)), "yx", notes=1)

    folder = TMP / "plate"
    root = zarr.open_group(folder, mode="w", zarr_format=2)
    root.attrs.put({"plate": {"wells": [{"path": "A/1"}, {"path": "B/2"}]}})
    for well in ["A/1", "B/2"]:
        group = root.require_group(well)
        group.attrs.put({"well": {"images": [{"path": "0"}]}})
        image(group.create_group("0"), ramp((4, 5)) + len(INDEX) * (well != "A/1"))
    packed("plate", folder)
    note("plate", ramp((4, 5)), "yx", notes=1)


def refused():
    cube = ramp((2, 4, 4))
    c = {"chunks": (1, 4, 4)}

    def no(name, code, **options):
        plain(name, cube, **options)
        INDEX[f"{name}.zip"] = {"refused": code}

    def changed(name, code, source, path, change):
        """The description of a good one, changed; or a chunk of it."""
        folder = TMP / name
        shutil.copytree(TMP / source, folder)
        file = folder / path
        if change is None:
            file.unlink()
        else:
            file.write_bytes(change(file.read_bytes()))
        packed(name, folder)
        INDEX[f"{name}.zip"] = {"refused": code}

    no("filter", "zarr.unsupported", filters=numcodecs.Delta("<u2"), compressors=None, **c)
    no("bz2", "zarr.unsupported", filters=None, compressors=numcodecs.BZ2(), **c)
    no("lzma", "zarr.unsupported", filters=None, compressors=numcodecs.LZMA(), **c)
    plain("complex", cube.astype("complex64"), filters=None, compressors=None, **c)
    INDEX["complex.zip"] = {"refused": "zarr.unsupported"}
    changed("snappy", "zarr.unsupported", "blosc-lz4-bytes", "0.0.0", lambda b: b[:2] + bytes([b[2] & 0x1F | 0x40]) + b[3:])
    edit = lambda **more: lambda b: json.dumps({**json.loads(b), **more}).encode()
    changed("six-axes", "zarr.unsupported", "plain2", ".zarray", edit(shape=[1] * 6, chunks=[1] * 6))
    changed("grid", "zarr.unsupported", "plain3", "zarr.json", edit(chunk_grid={"name": "rectilinear", "configuration": {}}))
    changed("codec", "zarr.unsupported", "plain3", "zarr.json", edit(codecs=[{"name": "bytes"}, {"name": "zfp"}]))
    changed("huge", "scan.limit.pixels", "plain2", ".zarray", edit(shape=[1 << 20] * 3))
    changed("huge-chunk", "scan.limit.bytes", "plain2", ".zarray", edit(chunks=[1 << 20] * 3))
    changed("nothing", "zarr.invalid", "plain2", ".zarray", lambda b: b[:40])
    changed("no-axes", "zarr.invalid", "plain2", ".zarray", edit(shape=[], chunks=[]))
    changed("axis", "zarr.unsupported", "ngff4", ".zattrs", lambda b: b.replace(b'"name": "t"', b'"name": "lambda"'))
    for name, source, path in [("cut-plain", "plain2", "1.0.1"), ("cut-zlib", "zlib", "1.0.1"), ("cut-zstd", "zstd2", "1.0.1"),
                               ("cut-lz4", "lz4", "1.0.1"), ("cut-blosc", "blosc-zstd-bytes", "0.1.0"), ("cut-shard", "shards", "c/0/1/1")]:
        changed(name, "zarr.chunk", source, path, lambda b: b[:-5])
    changed("crc-wrong", "zarr.chunk", "crc", "c/0/0/0", lambda b: b[:-1] + bytes([b[-1] ^ 1]))
    folder = TMP / "empty"
    zarr.create_array(folder, shape=(4, 4), dtype="u1", zarr_format=2)
    (folder / ".zattrs").write_text("{}")
    packed("empty", folder)
    INDEX["empty.zip"] = {"refused": "zarr.empty"}


HERE.mkdir(exist_ok=True)
for old in HERE.glob("*.zip"):
    old.unlink()
for part in [version_2, version_3, ngff, several, refused]:
    part()
(HERE / "index.json").write_text("{" + ",\n".join(f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in INDEX.items()) + "}\n")
shutil.rmtree(TMP)
print(len(INDEX), "files,", sum(p.stat().st_size for p in HERE.iterdir()) // 1000, "kB")

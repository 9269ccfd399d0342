#!/usr/bin/env python3
"""Runs both recipes on a small scale and compares what they make with `insitu predict`: `cargo xtask test scale`.

    python check.py PATH_OF_INSITU
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import numpy as np
import tifffile
import zarr

HERE = Path(__file__).resolve().parent
MODEL = "nuclei"
# Of the pixels, at most this part may differ: sums of floats in another order.
MAX_DIFFERENT = 0.001


def cells(height, width, seed):
    """Bright ellipses of 16 bits on a darker ground, far brighter on the right than on the left.

    So a chunk has another brightness than the whole, and a recipe that scales chunk by chunk is found out.
    """
    random = np.random.default_rng(seed)
    image = np.zeros((height + 48, width + 48))
    y, x = np.mgrid[-24:25, -24:25]
    for _ in range(height * width // 2900):
        top, left = random.integers(0, height), random.integers(0, width)
        angle, long, short = random.uniform(0, np.pi), *random.uniform(6, 16, 2)
        u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        ellipse = random.uniform(0.3, 1) * np.clip(3 - 3 * ((u / long) ** 2 + (v / short) ** 2), 0, 1)
        place = image[top : top + 49, left : left + 49]
        np.maximum(place, ellipse, out=place)
    image = image[24:-24, 24:-24] * np.linspace(0.15, 1, width) + random.normal(0, 0.02, (height, width))
    return np.clip(1000 + 20000 * image, 0, 65535).astype(np.uint16)


class Recipes:
    def __init__(self, insitu, folder):
        self.insitu, self.folder = insitu, folder
        # Caches of the programs too are left in the folder.
        self.env = {
            **os.environ,
            "INSITU_MODELS": str(HERE.parent / "models"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }

    def run(self, *command, cwd=None):
        """What a program says, and the seconds that it took."""
        start = time.monotonic()
        command = [str(word) for word in command]
        done = subprocess.run(command, cwd=cwd or self.folder, env=self.env, capture_output=True, text=True)
        said = done.stdout + done.stderr
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(command)} failed:\n{said}")
        return said, time.monotonic() - start

    def the_mask_of_dask_is_that_of_insitu(self):
        # Several chunks, and sides that are no multiple of anything.
        tifffile.imwrite(self.folder / "large.tif", cells(1503, 1721, 1), tile=(256, 256))
        self.run(self.insitu, "export", "--model", MODEL, "--out", "model.onnx")
        _, own = self.run(self.insitu, "predict", "--model", MODEL, "--out", "large", "large.tif")
        self.run(self.insitu, "convert", "large/large.png", "--out", "large")
        expected = np.squeeze(tifffile.imread(self.folder / "large/large.tif"))
        for mask in ("mask.zarr", "mask.tif"):
            script = HERE / "dask/segment.py"
            _, dask = self.run(sys.executable, script, "model.onnx", "large.tif", mask, "--chunk", 512)
            path = self.folder / mask
            found = zarr.open(path, mode="r")[:] if mask.endswith(".zarr") else tifffile.imread(path)
            assert found.shape == expected.shape, f"{mask} has the shape {found.shape}"
            different = np.mean(found != expected)
            print(f"{mask}: {different:.4%} of the pixels differ; {dask:.1f} s, insitu predict {own:.1f} s")
            assert different <= MAX_DIFFERENT
        # A mask of nothing would agree, too.
        assert 0.02 < np.mean(expected > 0) < 0.5

    def snakemake_makes_the_files_that_insitu_makes_of_each_image(self):
        work = self.folder / "work"
        shutil.copytree(HERE / "snakemake", work)
        (work / "images").mkdir()
        names = [f"cells {i}.tif" for i in range(4)]
        for i, name in enumerate(names):
            tifffile.imwrite(work / "images" / name, cells(300 + 50 * i, 400, i))
        command = [sys.executable, "-m", "snakemake", "--cores", 2]
        command += ["--config", f"insitu={self.insitu}", "threads=1"]
        _, took = self.run(*command, cwd=work)
        print(f"{len(names)} images in two jobs at a time: {took:.1f} s")
        rows = b""
        for name in names:
            alone = self.folder / "alone" / name
            self.run(self.insitu, "predict", "--model", MODEL, "--export", "csv", "--out", alone, work / "images" / name)
            files = {file.name: file.read_bytes() for file in alone.iterdir()}
            assert len(files) == 2, f"{name}: {list(files)}"
            # Snakemake leaves a file of its own there.
            made = [file for file in (work / "results" / name).iterdir() if not file.name.startswith(".")]
            assert files == {file.name: file.read_bytes() for file in made}, name
            header, own = files["objects.csv"].split(b"\n", 1)
            rows += own
        assert (work / "objects.csv").read_bytes() == header + b"\n" + rows

        def times():
            return {name: (work / "results" / name / name).with_suffix(".png").stat().st_mtime_ns for name in names}

        before = times()
        said, _ = self.run(*command, cwd=work)
        assert "Nothing to be done" in said and times() == before, said
        shutil.rmtree(work / "results" / names[1])
        self.run(*command, cwd=work)
        again = [name for name, at in times().items() if at != before[name]]
        assert again == [names[1]], f"done again: {again}"


def main():
    insitu = Path(sys.argv[1]).resolve()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="insitu-scale-") as folder:
        recipes = Recipes(insitu, Path(folder).resolve())
        for test in (
            recipes.the_mask_of_dask_is_that_of_insitu,
            recipes.snakemake_makes_the_files_that_insitu_makes_of_each_image,
        ):
            name = test.__name__.replace("_", " ")
            try:
                test()
                passed += 1
                print(f"{name}: ok", flush=True)
            except Exception:
                traceback.print_exc(file=sys.stdout)
                failed += 1
                print(f"{name}: failed", flush=True)
    # As cargo says it, so that xtask reads both alike.
    print(f"test result: {'FAILED' if failed else 'ok'}. {passed} passed; {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()

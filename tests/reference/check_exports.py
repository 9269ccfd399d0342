"""Reads the files of tests/reference/objects with other programs' readers, and says whether each object comes back pixel by pixel.

    python tests/reference/check_exports.py [FOLDER]   # roifile 2026.2, geojson 3.3, shapely 2.2, pycocotools 2.0, tifffile 2026.3, pandas, pillow

Without a folder: the files that tests/objects.rs compares with what is written today; says so in checked.json. With one: what
`insitu predict --export objects,csv,roi,geojson,coco,overlay,probability` wrote of a folder of images.
"""

import json
import sys
import zipfile
from pathlib import Path

import geojson
import numpy as np
import pandas
import roifile
import shapely
import shapely.geometry
import tifffile
from PIL import Image
from pycocotools.coco import COCO

HERE = Path(__file__).parent / "objects"


def inside(shape, size):
    """The pixels whose middles lie in a shape."""
    rows, columns = np.mgrid[: size[0], : size[1]]
    return shapely.contains_xy(shape, columns + 0.5, rows + 0.5)


def even_odd(rings, size):
    mask = np.zeros(size, bool)
    for ring in rings:
        mask ^= inside(shapely.geometry.Polygon(ring), size)
    return mask


def check(folder, stem, table, coco, image):
    tif = tifffile.TiffFile(folder / f"{stem}.objects.tif")
    numbers = tif.asarray()
    assert numbers.dtype == np.uint32
    size, found = numbers.shape, np.unique(numbers[numbers > 0])
    counts = {"objects": len(found)}

    rows = table
    assert list(rows["object"]) == list(found)
    assert all(int(row.area_px) == (numbers == row.object).sum() for row in rows.itertuples())

    features = geojson.loads((folder / f"{stem}.geojson").read_text(encoding="utf-8"))
    assert features.is_valid and len(features.features) == len(found)
    counts["polygons with holes"] = 0
    for number, feature in zip(found, features.features, strict=True):
        shape = shapely.geometry.shape(feature.geometry)
        assert shape.is_valid and int(feature.properties["name"]) == number
        assert (inside(shape, size) == (numbers == number)).all(), number
        assert feature.properties["objectType"] == "detection"
        assert set(feature.properties["classification"]) == {"name", "color"}
        parts = getattr(shape, "geoms", [shape])
        counts["polygons with holes"] += any(len(part.interiors) > 0 for part in parts)
        # QuPath and JTS want rings that are closed.
        for part in feature.geometry.coordinates if feature.geometry.type == "MultiPolygon" else [feature.geometry.coordinates]:
            assert all(ring[0] == ring[-1] for ring in part)

    rois = roifile.roiread(folder / f"{stem}.roi.zip")
    assert len(rois) == len(found) and zipfile.ZipFile(folder / f"{stem}.roi.zip").testzip() is None
    counts["compound regions"] = 0
    for number, roi in zip(found, rois, strict=True):
        assert int(roi.name.split()[-1]) == number
        if roi.composite:
            counts["compound regions"] += 1
            rings = [np.asarray(ring) for ring in roi.coordinates(multi=True)]
        else:
            rings = [roi.coordinates()]
        assert (even_odd(rings, size) == (numbers == number)).all(), number
        assert (roi.left, roi.top, roi.right, roi.bottom) == (
            *np.argwhere(numbers == number).min(0)[::-1],
            *(np.argwhere(numbers == number).max(0)[::-1] + 1),
        )

    annotations = coco.loadAnns(coco.getAnnIds(imgIds=[image]))
    assert len(annotations) == len(found)
    counts["run lengths"] = 0
    for number, annotation in zip(found, annotations, strict=True):
        mask = coco.annToMask(annotation).astype(bool)
        assert (mask == (numbers == number)).all(), (number, np.argwhere(mask != (numbers == number)))
        assert annotation["area"] == mask.sum() and annotation["object"] == number
        counts["run lengths"] += isinstance(annotation["segmentation"], dict)
    if (folder / f"{stem}.png").exists():
        classes = np.asarray(Image.open(folder / f"{stem}.png"))
        assert classes.shape == size and (classes[numbers > 0] > 0).all()
        if (folder / f"{stem}.overlay.png").exists():
            picture = np.asarray(Image.open(folder / f"{stem}.overlay.png"))
            assert picture.shape[:2] == size and picture.shape[2] >= 3
        if (folder / f"{stem}.prob.tif").exists():
            probability = tifffile.imread(folder / f"{stem}.prob.tif")
            assert probability.dtype == np.float32 and probability.shape[-2:] == size
            assert probability.min() >= 0 and probability.max() <= 1
            counts["mask pixels that probabilities say"] = int(((probability.reshape(-1, *size).max(0) >= 0.5) == (classes > 0)).sum())
    return counts, tif


def main():
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    table = pandas.read_csv(folder / "objects.csv", dtype={"file": str})
    coco = COCO(folder / "coco.json")
    checked = {}
    for image in coco.dataset["images"]:
        name = image["file_name"]
        stem = Path(name).stem
        if not (folder / f"{stem}.objects.tif").exists():
            stem += f"_s{image['slice']:04d}"
        rows = table[(table["file"] == name) & (table["slice"] == image["slice"])]
        checked[stem], tif = check(folder, stem, rows, coco, image["id"])
        if folder == HERE:
            page = tif.pages[0]
            assert page.tags["XResolution"].value == (2000, 1) and tif.is_imagej
            assert rows["class"][rows["object"] == 3].item() == "'=2+3, \"odd\""
            np.testing.assert_allclose(rows["area_um2"], rows["area_px"] / 4)
            np.testing.assert_allclose(rows["perimeter_um"], rows["perimeter_px"] / 2)
    print(json.dumps(checked, indent=1))
    if folder == HERE:
        (HERE / "checked.json").write_text(json.dumps(checked, indent=1) + "\n")


main()

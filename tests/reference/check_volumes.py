"""Opens the label volumes that tests/volumes.rs writes with other programs' readers, and says whether every voxel is where it was.

    INSITU_VOLUMES=FOLDER cargo test --test volumes
    python tests/reference/check_volumes.py FOLDER      # numpy, nibabel 5.4, SimpleITK 2.5, pynrrd 1.1, slicerio 1.4, pydicom 3.0, highdicom 0.28,
                                                        # tifffile 2026.3, ome-types 0.7
    OLD_PYTHON=.../python                               # optional: one with rt-utils 1.2, dcmrtstruct2nii 5 and pydicom-seg 0.4 (they need numpy 1)

dciodvfy (dicom3tools) and dcmqi's segimage2itkimage are run where they are installed. Without OLD_PYTHON the readers of contours are
left out, and nothing is noted. FOLDER/cases.json tells where each voxel lies; that is worked out here, without Insitu. What was found
right is noted in volumes_checked.json, by its checksum.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import highdicom as hd
import nibabel
import nrrd
import numpy as np
import ome_types
import pydicom
import SimpleITK as sitk
import slicerio
import tifffile
from pydicom.sr._concepts_dict import concepts

HERE = Path(__file__).parent
warnings.simplefilter("ignore")


class Case:
    def __init__(self, name, told):
        self.name, self.source = name, told["source"]
        width, height, depth = self.size = told["size"]
        # [slice][row][column], as displayed.
        self.labels = np.zeros((depth, height, width), np.uint8)
        self.probability = np.array(told["probability"] if any(told["probability"]) else 0, np.float32) if not any(len(p) == 0 for p in told["probability"]) else None
        for slice, labels in enumerate(told["labels"]):
            if labels:
                self.labels[slice] = np.array(labels, np.uint8).reshape(height, width)
        self.labels[self.labels == 255] = 0
        geometry = told["geometry"]
        self.placed = geometry is not None
        if self.placed:
            self.origin, self.steps = np.array(geometry["origin"]), np.array(geometry["steps"])
        else:
            self.origin, self.steps = np.zeros(3), np.diag([0.5, 0.75, 1.0])
        self.transposed, *self.reversed = told["turn"]
        self.chances = {}
        for slice, values in enumerate(told["probability"]):
            if values:
                for i in np.flatnonzero(np.array(values)):
                    self.chances[self.place(slice, i // width, i % width)] = values[i]

    def place(self, slice, row, column):
        at = self.origin + np.array([column, row, slice]) @ self.steps
        return tuple(float(v) for v in np.round(at, 3) + 0.0)

    def places(self, label):
        return {self.place(*at) for at in np.argwhere(self.labels == label).tolist()}

    def file(self):
        """Affine (RAS) and shape of the file that the case came from: the display's axes, read from their other end, then exchanged."""
        origin, steps, size = self.origin.copy(), self.steps.copy(), list(self.size)
        for axis in range(3):
            if self.reversed[axis]:
                origin += steps[axis] * (size[axis] - 1)
                steps[axis] *= -1
        if self.transposed:
            steps[[0, 1]], size[0], size[1] = steps[[1, 0]], size[1], size[0]
        affine = np.eye(4)
        affine[:3, :3], affine[:3, 3] = steps.T, origin
        return np.diag([-1, -1, 1, 1]) @ affine, tuple(size)


def places(array, label, affine):
    """Of an array [i][j][k] and an affine to LPS."""
    at = np.argwhere(array == label) @ affine[:3, :3].T + affine[:3, 3]
    return {tuple(float(v) for v in np.round(p, 3) + 0.0) for p in at}


def close(a, b, what):
    """Two sets of places, to a hundredth of a millimetre."""
    assert len(a) == len(b), (what, len(a), len(b))
    if a:
        a, b = np.array(sorted(a)), np.array(sorted(b))
        distances = np.abs(a[:, None] - b[None]).max(2)
        assert distances.min(1).max() < 0.01 and distances.min(0).max() < 0.01, (what, distances.min(1).max())


LPS = np.diag([-1.0, -1, 1, 1])


def check_nifti(case, folder):
    affine, shape = case.file()
    image = nibabel.load(folder / f"{case.name}.nii.gz")
    assert image.shape == shape and image.get_data_dtype() == np.uint8, case.name
    assert (image.affine == affine.astype(np.float32)).all(), (case.name, image.affine, affine)
    assert image.header["intent_code"] == 1002 and (image.header.get_xyzt_units()[0] == "mm")
    if image.header["qform_code"] > 0:
        assert np.allclose(image.get_qform(), affine, atol=1e-5), (case.name, image.get_qform(), affine)
    else:
        assert case.name == "tilted"
    array = np.asarray(image.dataobj)
    for label in (1, 2):
        close(places(array, label, LPS @ image.affine), case.places(label), f"{case.name} nifti {label}")
    chances = nibabel.load(folder / f"{case.name}.prob.nii.gz")
    # The classes are the fourth dimension, in steps of 1 / 255.
    assert chances.shape == (*shape, 2) and chances.get_data_dtype() == np.uint8
    assert (chances.affine == image.affine).all() and 1 - 1e-6 < chances.dataobj.slope * 255 <= 1
    check_chances(case, np.asarray(chances.dataobj)[..., 0], LPS @ chances.affine, 0.51 / 255)
    if case.name != "tilted":
        # ITK takes no volumes whose slices are sheared.
        check_itk(case, folder / f"{case.name}.nii.gz")


def check_times(folder):
    """Two classes at three times, two depths: voxel (x, y, z) of class c at time t is x + 4 y + 12 z + 24 t + 72 c steps."""
    image = nibabel.load(folder / "times.prob.nii.gz")
    assert image.shape == (4, 3, 2, 3, 2)
    x, y, z, t, c = np.indices(image.shape)
    steps = np.round(np.asarray(image.dataobj) * 255)
    assert (steps == x + 4 * y + 12 * z + 24 * t + 72 * c).all()
    with tifffile.TiffFile(folder / "times.ome.tif") as file:
        assert file.series[0].axes == "TZCYX" and file.series[0].shape == (3, 2, 2, 3, 4)
        t, z, c, y, x = np.indices(file.series[0].shape)
        assert (file.asarray() == (x + y + 2 * z + 3 * t + 5 * c) % 3).all()
    ome = ome_types.from_tiff(folder / "times.ome.tif", validate=True)
    pixels = ome.images[0].pixels
    assert [channel.name for channel in pixels.channels] == ["DAPI & <GFP>", None]
    sizes = (pixels.physical_size_x, pixels.physical_size_y, pixels.physical_size_z)
    assert sizes == (0.65, 0.65, 2) and pixels.physical_size_z_unit.value == "µm"


def check_chances(case, array, affine, tolerance):
    compare_chances(case, {tuple(affine[:3, :3] @ at + affine[:3, 3]): array[tuple(at)] for at in np.argwhere(array > 0)}, tolerance)


def compare_chances(case, found, tolerance):
    close(set(found), set(case.chances), f"{case.name} chances")
    if found:
        wanted = np.array(list(case.chances))
        values = list(case.chances.values())
        for at, v in found.items():
            assert abs(v - values[np.abs(wanted - at).max(1).argmin()]) <= tolerance, case.name


def check_itk(case, path):
    image = sitk.ReadImage(str(path))
    array = sitk.GetArrayFromImage(image)
    for label in (1, 2):
        found = {tuple(float(v) for v in image.TransformIndexToPhysicalPoint(at[::-1].tolist())) for at in np.argwhere(array == label)}
        close(found, case.places(label), f"{case.name} itk {path.name} {label}")


def check_nrrd(case, folder):
    path = folder / f"{case.name}.seg.nrrd"
    array, header = nrrd.read(str(path))
    affine = np.eye(4)
    affine[:3, :3], affine[:3, 3] = header["space directions"].T, header["space origin"]
    assert header["space"] == "left-posterior-superior" and array.dtype == np.uint8
    for label in (1, 2):
        close(places(array, label, affine), case.places(label), f"{case.name} nrrd {label}")
    segmentation = slicerio.read_segmentation(str(path))
    # pynrrd leaves out what is not ASCII; 3D Slicer writes and reads UTF-8.
    assert [s["name"] for s in segmentation["segments"]] == ["Niere, linke", "nave lsion"]
    assert "Segment1_Name:=naïve läsion\n".encode() in path.read_bytes()
    assert [s["labelValue"] for s in segmentation["segments"]] == [1, 2]
    assert segmentation["segments"][0]["terminology"]["type"] == ["SCT", "64033007", "Kidney"]
    assert np.allclose(segmentation["segments"][0]["color"], np.array([230, 159, 0]) / 255, atol=1e-5)
    assert segmentation["containedRepresentationNames"] == ["Binary labelmap"]
    # slicerio gives indices to LPS.
    for label in (1, 2):
        close(places(segmentation["voxels"], label, segmentation["ijkToLPS"]), case.places(label), f"{case.name} slicerio {label}")
    if case.name != "tilted":
        check_itk(case, path)


def check_ome(case, folder):
    """As displayed, with the distances of columns, rows and slices; ome-types holds the XML against the schema."""
    path = folder / f"{case.name}.ome.tif"
    with tifffile.TiffFile(path) as file:
        assert file.is_ome and len(file.series) == 1 and not file.is_bigtiff
        series = file.series[0]
        array = file.asarray()
        # Axes of length 1 are left out.
        assert series.axes == ("ZYX" if case.size[2] > 1 else "YX") and series.dtype == np.uint8
        assert (array.reshape(case.labels.shape) == case.labels).all(), case.name
        per = [file.pages[0].tags[name].value for name in ("XResolution", "YResolution")]
        assert file.pages[0].tags["ResolutionUnit"].value == 3
        assert np.allclose([10 * d / n for n, d in per], [0.5, 0.75])
    ome = ome_types.from_tiff(path, validate=True)
    pixels = ome.images[0].pixels
    assert (pixels.size_x, pixels.size_y, pixels.size_z, pixels.size_c, pixels.size_t) == (*case.size, 1, 1)
    assert pixels.dimension_order.value == "XYCZT" and pixels.type.value == "uint8"
    # The file's own words of the distances; here they tell none of slices.
    assert (pixels.physical_size_x, pixels.physical_size_y, pixels.physical_size_z) == (0.5, 0.75, None)
    assert pixels.physical_size_x_unit.value == "mm"
    assert ome.images[0].description == "0 background, 1 Niere, linke, 2 naïve läsion"


def check_codes(codes):
    """What classes can be, against the dictionaries of DICOM's context groups; two are of SNOMED CT alone."""
    for value, meaning in codes:
        if value in ("54527006", "41329004"):
            continue
        names = {m.lower() for keys in concepts["SCT"].values() for v, (m, *_) in keys.items() if v == value}
        assert meaning.lower() in names, (value, meaning, names)


def frames_of(seg, value):
    """Places of what a segmentation's frames hold, by their functional groups alone."""
    shared = seg.SharedFunctionalGroupsSequence[0]
    row, column = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float).reshape(2, 3)
    dy, dx = [float(v) for v in shared.PixelMeasuresSequence[0].PixelSpacing]
    pixels = seg.pixel_array.reshape(-1, seg.Rows, seg.Columns)
    found = {}
    for pixel, group in zip(pixels, seg.PerFrameFunctionalGroupsSequence, strict=True):
        at = np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
        number = group.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        here = found.setdefault(number, {})
        for y, x in np.argwhere(pixel > 0):
            place = at + row * dx * x + column * dy * y
            here[tuple(float(v) for v in np.round(place, 3) + 0.0)] = value(pixel[y, x])
    return found


def check_seg(case, folder):
    path = folder / f"{case.name}.seg.dcm"
    seg = hd.seg.segread(path)
    assert seg.number_of_segments == 2 and seg.segmentation_type == hd.seg.SegmentationTypeValues.BINARY
    assert [seg.get_segment_description(n).segment_label for n in (1, 2)] == ["Niere, linke", "naïve läsion"]
    assert seg.get_segment_description(1).segmented_property_type == pydicom.sr.codedict.codes.SCT.Kidney
    lab = seg.SegmentSequence[0].RecommendedDisplayCIELabValue
    # highdicom leaves the white of D65 as it is.
    assert np.abs(np.subtract(lab, hd.color.CIELabColor.from_rgb(230, 159, 0).value)).max() < 1500
    uids = set()
    if case.source:
        assert str(seg.PatientName) == "Müller^Änne" and seg.PatientID == "42" and seg.StudyInstanceUID == case.source["study"]
        uids = {frame["instance"] for frame in case.source["frames"]}
        told = {i.ReferencedSOPInstanceUID for i in seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence}
        assert told == uids and seg.ReferencedSeriesSequence[0].SeriesInstanceUID == case.source["series"]
        for group in seg.PerFrameFunctionalGroupsSequence:
            image = group.DerivationImageSequence[0].SourceImageSequence[0]
            frames = [f for f in case.source["frames"] if f["instance"] == image.ReferencedSOPInstanceUID and f["number"] in (None, getattr(image, "ReferencedFrameNumber", None))]
            assert len(frames) == 1
            if case.placed:
                assert np.allclose(frames[0]["position"], group.PlanePositionSequence[0].ImagePositionPatient, atol=1e-6)
    by_source = case.source is not None
    if case.placed or not by_source:
        found = frames_of(seg, bool)
        for label in (1, 2):
            close(set(found.get(label, {})), case.places(label), f"{case.name} frames {label}")
    if case.name == "flat":
        assert "FrameOfReferenceUID" not in seg and "PlanePositionSequence" not in seg.PerFrameFunctionalGroupsSequence[0]
    elif case.source:
        assert seg.FrameOfReferenceUID == case.source["frame_of_reference"]
    if by_source and case.name != "coronal":
        pixels = seg.get_pixels_by_source_instance([f["instance"] for f in case.source["frames"]], combine_segments=True, assert_missing_frames_are_empty=True, ignore_spatial_locations=True)
        assert (pixels == case.labels).all(), case.name
    elif by_source:
        numbers = [f["number"] for f in case.source["frames"]]
        pixels = seg.get_pixels_by_source_frame(case.source["frames"][0]["instance"], numbers, combine_segments=True, assert_missing_frames_are_empty=True, ignore_spatial_locations=True)
        assert (pixels == case.labels).all(), case.name
    if case.placed and case.name not in ("tilted", "empty"):
        # highdicom's volumes have no shear.
        volume = seg.get_volume(combine_segments=True, allow_missing_positions=True)
        # Its arrays are [slice][row][column], its affine is for these indices.
        for label in (1, 2):
            close(places(volume.array, label, volume.affine), case.places(label), f"{case.name} volume {label}")
    part = hd.seg.segread(folder / f"{case.name}.prob.dcm")
    assert part.segmentation_type == hd.seg.SegmentationTypeValues.FRACTIONAL
    if case.placed:
        found = frames_of(part, lambda v: v / 255).get(1, {})
        compare_chances(case, found, 0.51 / 255)
    if shutil.which("dciodvfy"):
        for ending in ("seg", "prob", "rtstruct"):
            file = folder / f"{case.name}.{ending}.dcm"
            if file.exists():
                said = subprocess.run(["dciodvfy", str(file)], capture_output=True, text=True, errors="replace")
                errors = [line for line in (said.stdout + said.stderr).splitlines() if line.startswith("Error")]
                assert not errors, (file.name, errors)


def check_dcmqi(case, folder):
    """dcmqi wants equidistant slices at right angles, and more than one of them."""
    program = Path(sys.executable).parent / "segimage2itkimage"
    if not program.exists() or not case.placed or case.name in ("tilted", "empty"):
        return False
    with tempfile.TemporaryDirectory() as out:
        said = subprocess.run([program, "--inputDICOM", folder / f"{case.name}.seg.dcm", "--outputDirectory", out, "--outputType", "nrrd"], capture_output=True, text=True)
        assert said.returncode == 0, (case.name, said.stdout[-500:], said.stderr[-500:])
        for label in (1, 2):
            image = sitk.ReadImage(str(Path(out) / f"{label}.nrrd"))
            array = sitk.GetArrayFromImage(image)
            found = {tuple(image.TransformIndexToPhysicalPoint(at[::-1].tolist())) for at in np.argwhere(array > 0)}
            close(found, case.places(label), f"{case.name} dcmqi {label}")
    return True


def series(case, folder):
    """The images that the case was drawn on."""
    folder.mkdir()
    width, height, depth = case.size
    spacing = np.linalg.norm(case.steps, axis=1)
    for n, frame in enumerate(case.source["frames"]):
        d = pydicom.Dataset()
        d.file_meta = pydicom.dataset.FileMetaDataset()
        d.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
        d.SOPClassUID = d.file_meta.MediaStorageSOPClassUID = case.source["class"]
        d.SOPInstanceUID = d.file_meta.MediaStorageSOPInstanceUID = frame["instance"]
        d.StudyInstanceUID, d.SeriesInstanceUID, d.FrameOfReferenceUID = case.source["study"], case.source["series"], case.source["frame_of_reference"]
        d.Modality, d.PatientID, d.PatientName, d.InstanceNumber = "CT", "42", "A", n + 1
        d.StudyDate = d.StudyTime = d.StudyID = d.PatientBirthDate = d.PatientSex = d.AccessionNumber = ""
        d.Rows, d.Columns, d.SamplesPerPixel, d.PhotometricInterpretation = height, width, 1, "MONOCHROME2"
        d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 0
        d.PixelSpacing = [float(spacing[1]), float(spacing[0])]
        normal = np.cross(case.steps[0], case.steps[1])
        d.SliceThickness = float(abs(np.dot(normal / np.linalg.norm(normal), case.steps[2])))
        d.ImagePositionPatient = [pydicom.valuerep.format_number_as_ds(float(v)) for v in frame["position"]]
        d.ImageOrientationPatient = [pydicom.valuerep.format_number_as_ds(float(v)) for v in np.ravel(frame["orientation"])]
        d.RescaleSlope, d.RescaleIntercept = 1, 0
        d.PixelData = np.zeros((height, width), np.uint16).tobytes()
        d.save_as(folder / f"{n:03}.dcm", enforce_file_format=True)


OLD = r'''
import json, sys, tempfile
from pathlib import Path
import numpy as np, pydicom, SimpleITK as sitk
from rt_utils import RTStructBuilder
from dcmrtstruct2nii import dcmrtstruct2nii
import pydicom_seg
images, contours, segmentation = sys.argv[1:4]
rt = RTStructBuilder.create_from(dicom_series_path=images, rt_struct_path=contours)
out = {"rt-utils": {}, "dcmrtstruct2nii": {}, "pydicom-seg": {}, "series": [str(d.SOPInstanceUID) for d in rt.series_data]}
for n, name in enumerate(["Niere, linke", "naïve läsion"], 1):
    # [column?][row?][slice]: as rt-utils has it.
    out["rt-utils"][n] = rt.get_roi_mask_by_name(name).astype(int).tolist()
folder = tempfile.mkdtemp()
dcmrtstruct2nii(contours, images, folder, gzip=True, convert_original_dicom=False)
def places(image):
    array = sitk.GetArrayFromImage(image)
    return [list(image.TransformIndexToPhysicalPoint(at[::-1].tolist())) for at in np.argwhere(array > 0)]
for path in Path(folder).glob("*.nii.gz"):
    out["dcmrtstruct2nii"][1 if "Niere" in path.name else 2] = places(sitk.ReadImage(str(path)))
result = pydicom_seg.SegmentReader().read(pydicom.dcmread(segmentation))
for n in result.available_segments:
    out["pydicom-seg"][int(n)] = places(result.segment_image(n))
print("JSON" + json.dumps(out))
'''


def check_rt_utils(case, mask, order, label):
    wanted = np.moveaxis(case.labels[order] == label, 0, -1)
    assert mask.shape == wanted.shape and (mask.astype(bool) == wanted).all(), (case.name, "rt-utils", label, mask.sum(), wanted.sum())


def check_old(case, folder, python):
    """rt-utils and dcmrtstruct2nii read the contours, pydicom-seg the segmentation."""
    with tempfile.TemporaryDirectory() as out:
        images = Path(out) / "images"
        series(case, images)
        arguments = [images, folder / f"{case.name}.rtstruct.dcm", folder / f"{case.name}.seg.dcm"]
        said = subprocess.run([python, "-c", OLD, *map(str, arguments)], capture_output=True, text=True)
        assert "JSON" in said.stdout, (case.name, said.stdout[-900:], said.stderr[-1500:])
        found = json.loads(said.stdout.split("JSON")[-1])
    order = [[f["instance"] for f in case.source["frames"]].index(uid) for uid in found["series"]]
    for label in (1, 2):
        # rt-utils takes columns for rows, and the distances of either for the other's.
        if case.name == "square":
            check_rt_utils(case, np.array(found["rt-utils"][str(label)]), order, label)
        close({tuple(p) for p in found["dcmrtstruct2nii"][str(label)]}, case.places(label), f"{case.name} dcmrtstruct2nii {label}")
        close({tuple(p) for p in found["pydicom-seg"][str(label)]}, case.places(label), f"{case.name} pydicom-seg {label}")


def main():
    folder = Path(sys.argv[1])
    told = json.loads((folder / "cases.json").read_text())
    old = os.environ.get("OLD_PYTHON")
    counts = {"nifti": 0, "nrrd": 0, "ome": 0, "seg": 0, "dcmqi": 0, "contours": 0}
    check_codes(told["codes"])
    check_times(folder)
    for name, about in told["cases"].items():
        case = Case(name, about)
        check_nifti(case, folder)
        check_nrrd(case, folder)
        check_ome(case, folder)
        check_seg(case, folder)
        counts["nifti"] += 1
        counts["ome"] += 1
        counts["nrrd"] += 1
        counts["seg"] += 1
        counts["dcmqi"] += check_dcmqi(case, folder)
        # Series of single images at right angles.
        if old and case.source and case.placed and name not in ("coronal", "tilted", "empty"):
            check_old(case, folder, old)
            counts["contours"] += 1
    print(counts)
    if old:
        (HERE / "volumes").mkdir(exist_ok=True)
        (HERE / "volumes_checked.json").write_text(json.dumps(told["marks"], indent=0) + "\n")


if __name__ == "__main__":
    main()

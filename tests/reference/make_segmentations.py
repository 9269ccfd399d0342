"""Writes the small files of tests/reference/segmentations and index.json: labels as other programs write them.

    INSITU_VOLUMES=FOLDER cargo test --test volumes     # the images that they are drawn on follow from cases.json
    OLD_PYTHON=.../python python tests/reference/make_segmentations.py FOLDER     # highdicom 0.28, dcmqi 1.5; rt-utils 1.2 in OLD_PYTHON

Each file has the labels of the case that index.json tells, as tests/volumes.rs knows them.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import SimpleITK as sitk
from pydicom.sr.codedict import codes


FOLDER, HERE = Path(sys.argv[1]), Path(__file__).parent / "segmentations"
sys.path.insert(0, str(Path(__file__).parent))
from check_volumes import Case, series  # noqa: E402


def describe(number, label):
    return hd.seg.SegmentDescription(number, label, codes.SCT.Organ, codes.SCT.Kidney, hd.seg.SegmentAlgorithmTypeValues.MANUAL,
                                     display_color=hd.color.CIELabColor.from_rgb(230, 159, 0))


def main():
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    told = json.loads((FOLDER / "cases.json").read_text())["cases"]
    index = {}
    for name in ("axial", "oblique", "tilted", "downwards", "square"):
        case = Case(name, told[name])
        with tempfile.TemporaryDirectory() as out:
            images = Path(out) / "images"
            series(case, images)
            sources = [pydicom.dcmread(path) for path in sorted(images.iterdir())]
            common = dict(source_images=sources, segment_descriptions=[describe(1, "Kidney"), describe(2, "Lesion")],
                          series_instance_uid="2.25.7", series_number=7, sop_instance_uid="2.25.8", instance_number=1, manufacturer="M",
                          manufacturer_model_name="M", software_versions="1", device_serial_number="1")
            kinds = {"binary": ("BINARY", None), "fractional": ("FRACTIONAL", None), "labelmap": ("LABELMAP", None),
                     "fractional-rle": ("FRACTIONAL", pydicom.uid.RLELossless), "labelmap-jls": ("LABELMAP", pydicom.uid.JPEGLSLossless)}
            for kind, (value, syntax) in kinds.items():
                if name not in ("axial", "oblique") and kind != "binary":
                    continue
                more = {} if syntax is None else {"transfer_syntax_uid": syntax}
                pixels = case.labels
                if value == "FRACTIONAL":
                    pixels = np.stack([(case.labels == n) * 0.75 for n in (1, 2)], -1).astype(np.float32)
                seg = hd.seg.Segmentation(pixel_array=pixels, segmentation_type=value, **common, **more)
                seg.save_as(HERE / f"{name}-{kind}.dcm")
                index[f"{name}-{kind}.dcm"] = name
            program = Path(sys.executable).parent / "itkimage2segimage"
            if name == "oblique":
                reader = sitk.ImageSeriesReader()
                reader.SetFileNames([str(path) for path in sorted(images.iterdir())])
                image = reader.Execute()
                label = sitk.GetImageFromArray(case.labels)
                label.CopyInformation(image)
                sitk.WriteImage(label, str(Path(out) / "label.nrrd"))
                about = lambda n, text: {"labelID": n, "SegmentDescription": text, "SegmentLabel": text, "SegmentAlgorithmType": "MANUAL",
                                         "SegmentedPropertyCategoryCodeSequence": {"CodeValue": "85756007", "CodingSchemeDesignator": "SCT", "CodeMeaning": "Tissue"},
                                         "SegmentedPropertyTypeCodeSequence": {"CodeValue": "85756007", "CodingSchemeDesignator": "SCT", "CodeMeaning": "Tissue"}}
                meta = {"ContentCreatorName": "A", "ClinicalTrialSeriesID": "1", "ClinicalTrialTimePointID": "1", "SeriesDescription": "S", "SeriesNumber": "7",
                        "InstanceNumber": "1", "segmentAttributes": [[about(1, "Kidney"), about(2, "Lesion")]]}
                (Path(out) / "meta.json").write_text(json.dumps(meta))
                said = subprocess.run([program, "--inputImageList", Path(out) / "label.nrrd", "--inputDICOMDirectory", images, "--outputDICOM",
                                       HERE / "oblique-dcmqi.dcm", "--inputMetadata", Path(out) / "meta.json"], capture_output=True, text=True)
                assert said.returncode == 0, said.stdout[-600:] + said.stderr[-600:]
                index["oblique-dcmqi.dcm"] = name
            if name == "square":
                write = ("import sys,numpy as np\nfrom rt_utils import RTStructBuilder\nr=RTStructBuilder.create_new(dicom_series_path=sys.argv[1])\n"
                         "l=np.load(sys.argv[2])\n[r.add_roi(mask=np.moveaxis(l==n,0,-1),name=t,color=[230,159,0]) for n,t in ((1,'Kidney'),(2,'Lesion'))]\nr.save(sys.argv[3])")
                np.save(Path(out) / "labels.npy", case.labels)
                subprocess.run([os.environ["OLD_PYTHON"], "-c", write, str(images), str(Path(out) / "labels.npy"), str(HERE / "square-rt-utils.dcm")], check=True)
                index["square-rt-utils.dcm"] = name
    (HERE / "index.json").write_text(json.dumps(index, indent=0) + "\n")
    print(len(index), "files,", sum(path.stat().st_size for path in HERE.iterdir()), "bytes")


main()

"""Writes cases.json: what each file of ../shared/cases holds, for tests/with_shared/cases.rs and `cargo xtask formats`.

    KERAS_BACKEND=jax python tests/reference/make_cases.py     # keras 3.15, torch 2.9, onnxruntime, from tests/reference

The values of images are those that the README there gives, with the program that reads them; what Keras, PyTorch and onnxruntime compute is computed here, for
the input that `image` makes. A row:
    is            what is special
    by            whose values these are
    refused       the error's code, `says`: words of its sentence
    shape         [slices, height, width, channels]
    ramp          [factor, offset, a, b]: every value of slice z is (factor + a z) (64 y + x) + offset + b z
    points        [[slice, y, x, value, ...], ...]; `within`: how far values may be from these, 1e-4 if it is not told
    range         smallest and largest value of the first slice
    missing       pixels without a value in the first slice
    spacing       [x, y, z] in mm, z may be missing; null: none
    windows       [[centre, width], ...] of the slices
    noted         words of a note
    same          another file with the same pixels; `flipped`: the rows in the opposite order
    foreground    part of the pixels from column 80 on that the nuclei model finds, in percent
    probability   [mean, then 16 values] of the first output for the input
    labels        classes or objects found in labels/
"""

import json
import os
import sys
from pathlib import Path

import numpy as np

CASES = Path(__file__).resolve().parents[3] / "shared/cases"
rows = {}


def row(name, what, by, **right):
    rows[name] = {"is": what, "by": by, **right}


def ramp(name, what, by, *, factor=1.0, offset=0.0, step=(0.0, 0.0), slices=1, height=48, **more):
    row(name, what, by, shape=[slices, height, 64, 1], ramp=[factor, offset, *step], **more)


# DICOM
ramp("dicom_decimal_comma.dcm", "decimal strings with a comma", "fo-dicom", factor=2.5, offset=-1024.5, spacing=[0.25, 0.5, 1.5], windows=[[40.5, 400.5]])
ramp("dicom_enhanced_window_per_frame.dcm", "a window for each frame", "pydicom", slices=3, step=(1, -100), windows=[[100, 50], [200, 100], [300, 150]])
row("dicom_htj2k.dcm", "High-Throughput JPEG 2000", "the standard", refused="dicom.unsupported.transfer-syntax", says="High-Throughput JPEG 2000")
ramp("dicom_j2k_psot0.dcm", "JPEG 2000, a last tile part of length 0", "pydicom, OpenJPEG")
red = dict(shape=[1, 48, 64, 3], points=[[0, 11, 15, 255, 0, 0]], within=4)
row("dicom_j2k_ybr_full.dcm", "JPEG 2000 in YBR_FULL without component transform", "pydicom, GDCM", **red)
ramp("dicom_jp2_odd_length.dcm", "a JP2 file with a pad byte as frame", "pydicom, OpenJPEG", height=46)
row("dicom_jpeg_420_says_rgb.dcm", "4:2:0 JPEG that the header calls RGB", "3D Slicer", **red)
for name, what in [("dicom_jpeg_cut", "a JPEG frame, cut off"), ("dicom_jpeg_cut_eoi", "a JPEG frame, cut off, with an end marker")]:
    row(f"{name}.dcm", what, "the promise of docs/formats.md", refused="jpeg.invalid", says="rows can be read")
row("dicom_jpeg_jfif_says_rgb.dcm", "JFIF that the header calls RGB", "pydicom, dcm4che", **red)
ramp("dicom_jpegls.dcm", "JPEG-LS", "pydicom")
row("dicom_modality_lut.dcm", "a Modality LUT, inverting", "pydicom", shape=[1, 48, 64, 1], range=[0, 25500])
row("dicom_padding_window.dcm", "a disc of CT in padding, no window in the file", "the standard", shape=[1, 96, 96, 1], range=[0, 59], missing=2595)
row("dicom_palette_8bit_odd.dcm", "101 entries of 8 bits with a pad byte", "the standard, PS3.3 C.7.6.3.1.5", shape=[1, 48, 64, 3])
row("dicom_palette_negative_first.dcm", "signed indices, first one -32", "pydicom", shape=[1, 48, 64, 3], points=[[0, 5, x, 4 * x] for x in (0, 8, 31, 63)])
row("dicom_pixel_padding.dcm", "48 columns of Pixel Padding Value", "the same image without it", shape=[1, 256, 256, 1], missing=48 * 256, foreground=25.3)
row("dicom_without_padding.dcm", "the same without padding", "control", shape=[1, 256, 256, 1], missing=0, foreground=25.3)
ramp("dicom_pixelspacing_one_value.dcm", "one value in Pixel Spacing", "ITK, GDCM", spacing=[0.5, 0.5])
ramp("dicom_unknown_vr.dcm", "an unknown VR with a long length", "GDCM")
row("dicom_us_regions.dcm", "ultrasound regions in cm", "the standard", shape=[1, 48, 64, 1], spacing=[0.2, 0.3])
row("dicom_wsi_tiled.dcm", "a whole slide of 2 x 2 tiles", "the standard", shape=[1, 64, 64, 3])

# Floats without values
for name, offset in [("float_nan_offset", 20000), ("float_nan_negative", -30000)]:
    row(f"{name}.tif", "48 columns of NaN", "the same image without them", shape=[1, 256, 256, 1], range=[offset, offset + 2550], missing=48 * 256, foreground=25.3)
row("float_without_nan.tif", "the same without NaN", "control", shape=[1, 256, 256, 1], range=[20000, 22550], missing=0, foreground=25.3)

# NIfTI: the first file row is shown on top
for name, what in [("lps", "axes to the left and the back (ITK)"), ("lps_qform_only", "the same, qform alone"), ("lia", "axes of FreeSurfer"), ("pir", "axes to the back, below and right")]:
    row(f"nifti_{name}.nii", what, "nibabel", shape=[4, 16, 20, 1], points=[[0, 0, 0, 0], [0, 0, 1, 1], [0, 1, 0, 20], [3, 15, 19, 1519]])
row("nifti_simpleitk_nuclei.nii.gz", "a picture written by SimpleITK", "SimpleITK", same="nifti_simpleitk_nuclei_same_picture.png")
row("nifti_simpleitk_nuclei_same_picture.png", "the same picture", "control", shape=[1, 128, 160, 1])
row("nifti2.nii", "NIfTI-2", "nibabel", shape=[4, 16, 20, 1], range=[0, 319])
for name in ("zeros", "garbage"):
    row(f"gz_trailing_{name}.nii.gz", f"gzip followed by {name}", "nibabel, ITK", shape=[4, 16, 20, 1], range=[0, 319])

# JPEG, JPEG 2000
row("htj2k.jph", "High-Throughput JPEG 2000", "OpenJPH", refused="jpeg2000.unsupported", says="HTJ2K")
row("jp2_trailing_zero.jp2", "a byte behind the boxes", "OpenJPEG", shape=[1, 96, 128, 3])
row("jpeg12_colour.jpg", "12-bit colour", "libjpeg", shape=[1, 48, 64, 3])
for name, what in [("jpeg_cut_with_thumbnail", "cut off, with a thumbnail"), ("jpeg_progressive_cut_eoi", "progressive, cut off"), ("jpeg_sector_lost", "a sector of zeros")]:
    row(f"{name}.jpg", what, "Pillow", refused="jpeg.invalid", says="rows")

# TIFF
for name, what, by in [
    ("tiles_in_strip_tags", "tiles under the tags of strips", "tifffile, libtiff"),
    ("tiles_in_strip_tags_lzw", "the same with LZW", "tifffile, libtiff"),
    ("predictor_uncompressed", "Predictor 2 without compression", "libtiff, ImageJ"),
    ("signed_tag_types", "signed tag types", "libtiff, tifffile"),
    ("zstd", "Zstandard", "tifffile"),
    ("jpeg2000", "JPEG 2000", "tifffile"),
]:
    ramp(f"tiff_{name}.tif", what, by)
ramp("tiff_jpeg12.tif", "12-bit JPEG", "tifffile", within=40)
row("tiff_predictor_packbits.tif", "Predictor 2 with PackBits", "libtiff, ImageJ", shape=[1, 48, 64, 1], points=[[0, y, x, 4 * x] for y in (0, 47) for x in (0, 1, 63)])
row("tiff_jpeg_tile_damaged.tif", "a damaged JPEG tile", "the promise of docs/formats.md", refused="tiff.invalid", says="JPEG")
ramp("tiff_imagej_one_ifd.tif", "ten planes behind one directory (ImageJ)", "tifffile", slices=10, step=(0, 1000), spacing=[0.0005, 0.0005, 0.002])
ramp("tiff_tifffile_one_ifd.tif", "ten planes behind one directory (tifffile)", "tifffile", slices=10, step=(0, 1000))
ramp("tiff_metamorph_stk.tif", "MetaMorph STK of four planes", "tifffile", slices=4, step=(0, 1000))
row("tiff_label_page_first.tif", "a label before the image, a level behind", "the issue", shape=[1, 192, 256, 3], noted="page")
row("tiff_ccitt_g3.tif", "CCITT G3", "libtiff, tifffile", shape=[1, 48, 64, 1], range=[0, 1])
row("tiff_ccitt_g3_circle.tif", "CCITT G3", "libtiff, tifffile", shape=[1, 96, 200, 1], range=[0, 1])
for name, what, spacing in [
    ("1_per_inch", "1 pixel per inch: nothing known", None),
    ("imagej_latin1_mu", "µm in Latin-1 (ImageJ)", [0.00025, 0.00025]),
    ("imagej_micrometers", "unit \"micrometers\"", [0.00025, 0.00025]),
    ("imagej_yunit", "unit um, yunit mm", [0.00025, 0.25]),
    ("lsm_voxel", "Zeiss LSM", [0.00013, 0.00013]),
    ("ome_angstrom", "OME in Å", [4.3e-7, 4.3e-7]),
    ("ome_charref", "OME in &#181;m", [0.00065, 0.00065]),
    ("ome_latin1", "OME in Latin-1", [0.00065, 0.00065]),
    ("ome_single_quotes", "OME with single quotes", [0.00065, 0.00065]),
    ("ome_size_of_second_image", "the size of another OME image", None),
]:
    ramp(f"tiff_{name}.tif", what, "the file itself", spacing=spacing)
row("tiff_svs_mpp.tif", "Aperio MPP", "the file itself", shape=[1, 96, 128, 3], spacing=[0.000499, 0.000499])

# Labels
row("labels_palette", "labels as PNG with a palette", "Pillow, mode P", labels=True)
row("labels_tif", "labels as TIFF", "tifffile", labels=True)


def image(count, scale=1.0):
    """Values from 0 to 1, the same in Rust."""
    i = np.arange(count, dtype=np.uint64)
    return ((i * 2654435761 % 2**32) >> np.uint64(8)).astype(np.float32) / np.float32(2**24) * np.float32(scale)


def probability(values):
    values = np.asarray(values, np.float64).ravel()
    return [float(values.mean())] + [float(v) for v in values[:: len(values) // 16][:16]]


def keras_cases():
    import keras

    custom = {}
    for name, what, code in [
        ("keras_control_relu.h5", "ReLU", None),
        ("keras_elu.h5", "ELU", None),
        ("keras_elu.keras", "ELU", None),
        ("keras_selu.h5", "SELU", None),
        ("keras_leakyrelu_layer.h5", "a layer LeakyReLU", None),
        ("keras_rescaling_minus1_1.h5", "Rescaling to -1..1", None),
        ("keras_bn_after_relu.h5", "normalisation behind ReLU", None),
        ("keras_relu_after_transpose.h5", "ReLU after a transposed convolution", None),
        ("keras_bilinear_up.h5", "bilinear upsampling", None),
        ("keras_avgpool.h5", "average pooling", "AveragePooling2D"),
        ("keras_dilated.h5", "dilation", "dilations"),
        ("keras_residual_add.h5", "residual Add", "(Add)"),
    ]:
        if code:
            row(name, what, "Keras", refused="model.unsupported.network", says=code)
            continue
        net = keras.models.load_model(CASES / name, compile=False, custom_objects=custom)
        height, width, channels = 64, 64, net.input_shape[-1]
        x = image(height * width * channels, 255.0 if "rescaling" in name else 1.0).reshape(1, channels, height, width)
        y = np.asarray(net(x.transpose(0, 2, 3, 1)))
        row(name, what, "Keras", probability=probability(y[..., 0]))


def torch_cases():
    import onnxruntime
    import torch
    from make_public import Usual, UsualBilinear
    from safetensors.torch import load_file

    def bare(state):
        state = state.get("state_dict", state)
        wrappers = ("module.", "_orig_mod.", "model.", "net.")
        out = {}
        for key, value in state.items():
            while key.startswith(wrappers):
                key = key.split(".", 1)[1]
            out[key] = value
        return out

    for name, what, by, make in [
        ("weights_bilinear.pth", "Pytorch-UNet with bilinear upsampling", "PyTorch", lambda w, i, o: UsualBilinear(w, i, o, levels=5)),
        ("weights_lightning_pos_weight.ckpt", "a Lightning checkpoint with weights of a loss", "PyTorch, strict=False", Usual),
        ("weights_module_prefix.safetensors", "names that begin with module.", "PyTorch", Usual),
        ("weights_module_prefix_same.pth", "the same as .pth", "PyTorch", Usual),
    ]:
        path = CASES / name
        state = bare(load_file(path) if name.endswith(".safetensors") else torch.load(path, weights_only=False, map_location="cpu"))
        first, last = state["inc.double_conv.0.weight"], state["outc.conv.weight"]
        net = make(first.shape[0], first.shape[1], last.shape[0])
        print(name, net.load_state_dict(state, strict=False))
        x = torch.from_numpy(image(first.shape[1] * 64 * 64).reshape(1, first.shape[1], 64, 64))
        with torch.no_grad():
            y = net.eval()(x)
        y = torch.sigmoid(y) if y.shape[1] == 1 else torch.softmax(y, 1)
        row(name, what, by, probability=probability(y[0, 0]))
    session = onnxruntime.InferenceSession(CASES / "onnx_default_torch29.onnx")
    given = session.get_inputs()[0]
    x = image(given.shape[1] * 64 * 64).reshape(1, given.shape[1], 64, 64)
    y = torch.from_numpy(session.run(None, {given.name: x})[0])
    y = torch.sigmoid(y) if y.shape[1] == 1 else torch.softmax(y, 1)
    row("onnx_default_torch29.onnx", "ONNX with its weights in a file beside it", "onnxruntime", probability=probability(y[0, 0]), beside="onnx_default_torch29.onnx.data")


if __name__ == "__main__":
    os.environ.setdefault("KERAS_BACKEND", "jax")
    keras_cases()
    torch_cases()
    for right in rows.values():
        for key in [k for k, v in right.items() if v is None and k != "spacing"]:
            del right[key]
    there = {p.name for p in CASES.iterdir()} - {"README.md", "onnx_default_torch29.onnx.data"}
    print("without a row:", sorted(there - set(rows)), "not there:", sorted(set(rows) - there), file=sys.stderr)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(right, ensure_ascii=False)}" for name, right in sorted(rows.items()))
    Path(__file__).with_name("cases.json").write_text("{\n" + lines + "\n}\n")

"""Writes the ONNX files of tests/weights_onnx.rs: tests/reference/onnx/.

    python tests/reference/make_onnx.py        # torch 2.9, onnx 1.23, safetensors, numpy

    unet_folded.onnx    the network of public/unet.pth as torch.onnx.export writes it: batch normalisation is folded into the
                        convolutions, whose weights get numbers for names
    unet_training.onnx  the same with the weights as they were trained: batch normalisation and names stay
    kinds.onnx          by hand: weights of every type, stored in every way, and a padding of each kind; values in kinds.json
    external.onnx       by hand: weights in a file beside it
    beside.onnx, beside.onnx.data    the network of public/unet_bilinear.pth as torch.onnx.export writes it by default: weights in a
                        file of their own
    tanh.onnx           by hand: an operation that no U-Net here has
"""

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from make_public import Usual, UsualBilinear

HERE = Path(__file__).parent


def exported(name, **options):
    net = Usual(1, 3, 2)
    net.load_state_dict(torch.load(HERE / "public" / "unet.pth"))
    x = torch.zeros(1, 3, 32, 32)
    axes = {"x": {0: "batch", 2: "height", 3: "width"}}
    path = HERE / "onnx" / name
    torch.onnx.export(net.eval(), (x,), path, input_names=["x"], dynamic_axes=axes, opset_version=17, dynamo=False, **options)
    model = onnx.load(path)
    print(name, path.stat().st_size, sorted({n.op_type for n in model.graph.node}), model.graph.initializer[0].name)


def beside():
    net = UsualBilinear(2, 1, 2)
    state = torch.load(HERE / "public" / "unet_bilinear.pth")["state_dict"]
    net.load_state_dict({k.removeprefix("model.net."): v for k, v in state.items() if k.startswith("model.")})
    path = HERE / "onnx" / "beside.onnx"
    torch.onnx.export(net.eval(), (torch.zeros(1, 1, 32, 32),), path, dynamo=True, external_data=True)
    model = onnx.load(path, load_external_data=False)
    # Where each layer was in Python's code, with the paths of the machine.
    for node in list(model.graph.node) + list(model.graph.initializer) + list(model.graph.value_info) + [model.graph, model]:
        del node.metadata_props[:]
        node.doc_string = ""
    path.write_bytes(model.SerializeToString())
    print(path.name, path.stat().st_size, sorted({n.op_type for n in model.graph.node}))


def saved(name, nodes, initialisers, check=True):
    image = helper.make_tensor_value_info("x", TensorProto.FLOAT, ["n", 1, "h", "w"])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, ["n", 1, "h", "w"])
    graph = helper.make_graph(nodes, "by hand", [image], [result], initialisers)
    model = helper.make_model(graph, producer_name="hand", opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    if check:
        onnx.checker.check_model(model)
    (HERE / "onnx" / name).write_bytes(model.SerializeToString())


def bfloat(values):
    """The upper halves of 32-bit floats, as numbers."""
    return [int(v) for v in np.asarray(values, np.float32).view(np.uint32).ravel() >> 16]


def kinds():
    rng = np.random.default_rng(7)
    # Values that 16 bits hold exactly.
    draw = lambda *shape: (rng.integers(-64, 64, shape) / 32).astype(np.float32)
    shape = [1, 1, 3, 3]
    stored = {
        "float_raw": lambda n, v: numpy_helper.from_array(v, n),
        "float_typed": lambda n, v: helper.make_tensor(n, TensorProto.FLOAT, v.shape, v.ravel()),
        "double_raw": lambda n, v: numpy_helper.from_array(v.astype(np.float64), n),
        "double_typed": lambda n, v: helper.make_tensor(n, TensorProto.DOUBLE, v.shape, v.astype(np.float64).ravel()),
        "half_raw": lambda n, v: numpy_helper.from_array(v.astype(np.float16), n),
        "half_typed": lambda n, v: helper.make_tensor(n, TensorProto.FLOAT16, v.shape, v.astype(np.float16).ravel()),
        "bfloat_raw": lambda n, v: helper.make_tensor(n, TensorProto.BFLOAT16, v.shape, np.array(bfloat(v), "<u2").tobytes(), raw=True),
    }
    windows = [
        {"pads": [1, 1, 1, 1]}, {"auto_pad": "SAME_UPPER"}, {"auto_pad": "SAME_LOWER"}, {"auto_pad": "VALID"},
        {}, {"pads": [0, 1, 2, 3], "strides": [2, 3], "dilations": [2, 1]}, {"group": 1, "kernel_shape": [3, 3]},
    ]
    nodes, initialisers, expected, x = [], [], {}, "x"
    for (name, store), window in zip(stored.items(), windows):
        value = draw(*shape)
        tensor = store(name, value)
        taken = name
        if name == "float_typed":  # a constant in the graph
            nodes.append(helper.make_node("Constant", [], [name], value=tensor))
        else:
            initialisers.append(tensor)
        if tensor.data_type != TensorProto.FLOAT:
            taken = name + "_cast"
            nodes.append(helper.make_node("Cast", [name], [taken], to=TensorProto.FLOAT))
        expected[taken] = [shape, value.ravel().tolist()]
        nodes.append(helper.make_node("Conv", [x, taken], [x := "after_" + name], name="conv_" + name, **window))
    value = draw(1, 1, 2, 2)
    initialisers.append(numpy_helper.from_array(value, "up"))
    initialisers.append(numpy_helper.from_array(draw(1), "first_bias"))
    nodes.append(helper.make_node("Identity", ["first_bias"], ["up_bias"]))  # as PyTorch shares equal weights
    nodes.append(helper.make_node("ConvTranspose", [x, "up", "up_bias"], ["large"], strides=[2, 2]))  # without a name
    expected["up"] = [[1, 1, 2, 2], value.ravel().tolist()]
    expected["up_bias"] = [[1], numpy_helper.to_array(initialisers[-1]).tolist()]
    for name in ("gamma", "beta", "mean", "variance"):
        value = np.abs(draw(1)) + 1
        initialisers.append(numpy_helper.from_array(value.astype(np.float32), name))
        expected[name] = [[1], value.tolist()]
    nodes.append(helper.make_node("BatchNormalization", ["large", "gamma", "beta", "mean", "variance"], ["y"], name="norm", epsilon=0.25))
    saved("kinds.onnx", nodes, initialisers)
    (HERE / "onnx" / "kinds.json").write_text(json.dumps(expected) + "\n")


def refused():
    weight = numpy_helper.from_array(np.ones((1, 1, 3, 3), np.float32), "w")
    conv = helper.make_node("Conv", ["x", "w"], ["y"], name="conv", pads=[1, 1, 1, 1])
    outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1, 1, 3, 3], data_location=TensorProto.EXTERNAL)
    outside.external_data.add(key="location", value="weights.data")
    saved("external.onnx", [conv], [outside], check=False)
    layers = [
        helper.make_node("Conv", ["x", "w"], ["a"], name="conv", pads=[1, 1, 1, 1]),
        helper.make_node("Tanh", ["a"], ["b"]),
        helper.make_node("Conv", ["b", "w"], ["y"], name="conv2", pads=[1, 1, 1, 1]),
    ]
    saved("tanh.onnx", layers, [weight])


if __name__ == "__main__":
    torch.set_num_threads(1)
    (HERE / "onnx").mkdir(exist_ok=True)
    exported("unet_folded.onnx")
    exported("unet_training.onnx", training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
    beside()
    kinds()
    refused()

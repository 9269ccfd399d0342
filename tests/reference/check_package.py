"""Lets bioimageio.core test bioimage.io packages: description, files, and the test output through onnxruntime. Run by hand, not in CI.

    insitu export --model nuclei --out nuclei.zip
    python tests/reference/check_package.py nuclei.zip ...   # bioimageio.core 0.11, onnxruntime 1.32, pydantic before 2.12
"""

import sys

from bioimageio.core import test_description

for path in sys.argv[1:]:
    summary = test_description(path)
    print(path, summary.status)
    if summary.status != "passed":
        print(summary.format())
        sys.exit(1)

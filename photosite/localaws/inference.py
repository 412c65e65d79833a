"""onnxruntime, kept quiet: it neither phones home nor fills the machine.

Since 1.29 its wheels for Linux write a device id below ~/.cache and send events to Microsoft as soon as they are
imported, unless this variable is set before; nothing that is called later takes that back (its Privacy.md).
"""

import os
from pathlib import Path
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime


def quiet_session(path: Path) -> Any:
    """An onnxruntime session that uses the calling thread only and keeps no arena between calls."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

"""A real server and Python stubs made from the published .proto files, for the
tests of the public API from Python. Not a test itself.

Environment: LIKENESS_PROGRAM (the program), LIKENESS_SOURCE_DIR (the clone),
LIKENESS_MODEL or LIKENESS_DEPS_DIR (the model). Exit code 77: skipped, because
one of them, or a Python package, is not there.
"""

import io
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest

SKIPPED = 77


def skip(reason):
    print(f"skipped: {reason}", file=sys.stderr)
    sys.exit(SKIPPED)


try:
    import grpc
    from google.rpc import error_details_pb2, status_pb2
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_tools import protoc
    from PIL import Image
except ImportError as error:
    skip(f"a Python package is missing: {error}")

SOURCE = pathlib.Path(os.environ.get("LIKENESS_SOURCE_DIR", "."))
PROGRAM = os.environ.get("LIKENESS_PROGRAM", "")
SERVICES = [
    f"likeness.v1.{name}Service"
    for name in ("Admin", "Collection", "Item", "Model", "Search")
]


def find_model():
    given = os.environ.get("LIKENESS_MODEL")
    if given:
        return pathlib.Path(given)
    cache = pathlib.Path(
        os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    )
    deps = os.environ.get("LIKENESS_DEPS_DIR") or cache / "likeness"
    return pathlib.Path(deps) / "models" / "imagenet-lite0"


def make_stubs(folder):
    """Generates the Python stubs of likeness.v1 into `folder`."""
    protos = sorted(str(p) for p in (SOURCE / "proto/likeness/v1").glob("*.proto"))
    well_known = pathlib.Path(protoc.__file__).parent / "_proto"
    arguments = [
        "protoc",
        f"-I{SOURCE / 'proto'}",
        f"-I{well_known}",
        f"--python_out={folder}",
        f"--grpc_python_out={folder}",
        *protos,
    ]
    if protoc.main(arguments) != 0:
        raise RuntimeError("protoc failed")
    sys.path.insert(0, str(folder))


def picture(seed, quality=90):
    """A JPEG of eight by eight coloured fields, chosen by `seed`."""
    fields = Image.new("RGB", (8, 8))
    fields.putdata(
        [
            tuple((seed * 7919 + i * 104729 + c * 1299709) % 256 for c in range(3))
            for i in range(64)
        ]
    )
    out = io.BytesIO()
    fields.resize((160, 160), Image.NEAREST).save(out, "JPEG", quality=quality)
    return out.getvalue()


def details_of(error):
    """The google.rpc details of a failed call, by type."""
    found = {}
    for key, value in error.trailing_metadata():
        if key == "grpc-status-details-bin":
            for detail in status_pb2.Status.FromString(value).details:
                for kind in (error_details_pb2.ErrorInfo, error_details_pb2.BadRequest):
                    message = kind()
                    if detail.Unpack(message):
                        found[kind.__name__] = message
    return found


class ApiTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="likeness-python-")
        root = pathlib.Path(cls.folder.name)
        (root / "stubs").mkdir()
        make_stubs(root / "stubs")
        port_file = root / "port"
        cls.server = subprocess.Popen(
            [
                PROGRAM,
                "serve",
                f"--data={root / 'data'}",
                f"--model={find_model()}",
                "--listen=127.0.0.1:0",
                f"--port-file={port_file}",
            ],
            stderr=subprocess.PIPE,
            text=True,
        )
        # The port file is there before this line is.
        log = ""
        for line in cls.server.stderr:
            log += line
            if "ready after" in line:
                break
        else:
            raise RuntimeError(f"the server ended: {log}")
        cls.address = f"127.0.0.1:{port_file.read_text().strip()}"
        cls.channel = grpc.insecure_channel(
            cls.address,
            options=[
                ("grpc.keepalive_time_ms", 1000),
                ("grpc.keepalive_permit_without_calls", 1),
            ],
        )
        health = health_pb2_grpc.HealthStub(cls.channel)
        for state in health.Watch(health_pb2.HealthCheckRequest(), timeout=60):
            if state.status == health_pb2.HealthCheckResponse.SERVING:
                break

        from likeness.v1 import collection_service_pb2 as collections
        from likeness.v1 import collection_service_pb2_grpc as collections_grpc
        from likeness.v1 import item_service_pb2 as items
        from likeness.v1 import item_service_pb2_grpc as items_grpc
        from likeness.v1 import search_service_pb2 as search
        from likeness.v1 import search_service_pb2_grpc as search_grpc
        from likeness.v1 import types_pb2 as types

        cls.pb = {
            "collections": collections,
            "items": items,
            "search": search,
            "types": types,
        }
        cls.collections = collections_grpc.CollectionServiceStub(cls.channel)
        cls.items = items_grpc.ItemServiceStub(cls.channel)
        cls.search = search_grpc.SearchServiceStub(cls.channel)

    @classmethod
    def tearDownClass(cls):
        cls.channel.close()
        cls.server.send_signal(signal.SIGTERM)
        cls.server.stderr.read()
        code = cls.server.wait(timeout=60)
        cls.folder.cleanup()
        if code != 0:
            raise RuntimeError(f"the server ended with {code}")

    def make_collection(self, name):
        return self.collections.CreateCollection(
            self.pb["collections"].CreateCollectionRequest(name=name)
        ).collection

    def upsert(self, collection, item_id, data, **metadata):
        item = self.pb["types"].Item(id=item_id)
        for key, value in metadata.items():
            item.metadata[key].string_value = value
        return self.items.UpsertItem(
            self.pb["items"].UpsertItemRequest(
                collection=collection, item=item, picture=data
            )
        )

    def ask_with_the_program(self, *arguments):
        command = [PROGRAM, *arguments, "--server", self.address]
        return subprocess.run(command, capture_output=True, text=True, check=False)


def main():
    if not PROGRAM:
        skip("LIKENESS_PROGRAM names no program; run through ctest")
    if not find_model().is_dir():
        skip(f"no model bundle in {find_model()}")
    unittest.main(verbosity=2)

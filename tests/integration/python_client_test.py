"""The public API from Python: stubs made from the published .proto files, the
errors decoded with Google's own classes, health and reflection as other tools
use them.

Environment: LIKENESS_PROGRAM (the program), LIKENESS_SOURCE_DIR (the clone),
LIKENESS_MODEL or LIKENESS_DEPS_DIR (the model). Exit code 77: skipped, because
one of them, or a Python package, is not there.
"""

import io
import json
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
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
    from grpc_tools import protoc
    from PIL import Image
except ImportError as error:
    skip(f"a Python package is missing: {error}")

SOURCE = pathlib.Path(os.environ.get("LIKENESS_SOURCE_DIR", "."))
PROGRAM = os.environ.get("LIKENESS_PROGRAM", "")
SERVICES = [
    f"likeness.v1.{name}Service" for name in ("Collection", "Item", "Search")
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


class PythonClientTest(unittest.TestCase):
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

    def test_put_find_list_delete(self):
        collection = self.make_collection("life")
        self.assertEqual(len(collection.model_id), 64)
        for seed in range(6):
            last = self.upsert("life", f"item{seed}", picture(seed), colour="any")
        found = self.search.Search(
            self.pb["search"].SearchRequest(
                collection="life",
                picture=picture(4, quality=60),
                k=3,
                min_op_id=last.op_id,
            )
        )
        self.assertEqual(found.hits[0].item.id, "item4")
        self.assertGreater(found.hits[0].similarity, 0.95)
        self.assertEqual(found.hits[0].item.metadata["colour"].string_value, "any")
        self.assertTrue(found.exact)

        listed, token = [], ""
        while True:
            page = self.items.ListItems(
                self.pb["items"].ListItemsRequest(
                    collection="life", page_size=4, page_token=token
                )
            )
            listed += [item.id for item in page.items]
            token = page.next_page_token
            if not token:
                break
        self.assertEqual(listed, [f"item{seed}" for seed in range(6)])

        self.items.DeleteItem(
            self.pb["items"].DeleteItemRequest(collection="life", id="item4")
        )
        with self.assertRaises(grpc.RpcError) as failure:
            self.items.GetItem(
                self.pb["items"].GetItemRequest(collection="life", id="item4")
            )
        self.assertEqual(failure.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_compare(self):
        answer = self.search.Compare(
            self.pb["search"].CompareRequest(
                picture_a=picture(1), picture_b=picture(1, quality=70)
            )
        )
        self.assertFalse(answer.identical_bytes)
        self.assertLessEqual(answer.pdq_distance, 31)
        self.assertEqual(len(answer.comparisons), 2)

    def test_errors_carry_googles_details(self):
        self.make_collection("errors")
        with self.assertRaises(grpc.RpcError) as failure:
            self.upsert("errors", "a", b"no picture at all")
        error = failure.exception
        self.assertEqual(error.code(), grpc.StatusCode.INVALID_ARGUMENT)
        details = details_of(error)
        self.assertEqual(details["ErrorInfo"].reason, "NOT_A_PICTURE")
        self.assertEqual(details["ErrorInfo"].domain, "likeness")
        violations = details["BadRequest"].field_violations
        self.assertEqual([v.field for v in violations], ["picture"])

    def ask_with_the_program(self, *arguments):
        command = [PROGRAM, *arguments, "--server", self.address]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_the_program_tells_what_is_the_servers_and_what_its_own(self):
        self.make_collection("told")
        result = self.ask_with_the_program("info", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        info = json.loads(result.stdout)
        self.assertIn("told", [c["name"] for c in info["collections"]])
        self.assertIn("likeness", info["client_versions"])
        self.assertNotIn("versions", info)
        self.assertNotIn("model", info)

    def test_the_program_names_the_file_of_a_bad_picture_once(self):
        self.make_collection("named")
        note = pathlib.Path(self.folder.name) / "note.jpg"
        note.write_text("no picture at all")
        result = self.ask_with_the_program("search", note, "--collection", "named")
        self.assertEqual(result.returncode, 4)
        self.assertIn(f"{note}: the bytes are not", result.stderr)

    def test_health_of_each_service(self):
        health = health_pb2_grpc.HealthStub(self.channel)
        for service in ["", *SERVICES]:
            answer = health.Check(health_pb2.HealthCheckRequest(service=service))
            self.assertEqual(answer.status, health_pb2.HealthCheckResponse.SERVING)

    def test_reflection_lists_the_services_and_their_files(self):
        stub = reflection_pb2_grpc.ServerReflectionStub(self.channel)
        request = reflection_pb2.ServerReflectionRequest
        answers = list(
            stub.ServerReflectionInfo(
                iter(
                    [
                        request(list_services=""),
                        request(file_containing_symbol="likeness.v1.SearchRequest"),
                    ]
                )
            )
        )
        names = [s.name for s in answers[0].list_services_response.service]
        for service in [*SERVICES, "grpc.health.v1.Health"]:
            self.assertIn(service, names)
        files = answers[1].file_descriptor_response.file_descriptor_proto
        self.assertTrue(files)


if __name__ == "__main__":
    if not PROGRAM:
        skip("LIKENESS_PROGRAM names no program; run through ctest")
    if not find_model().is_dir():
        skip(f"no model bundle in {find_model()}")
    unittest.main(verbosity=2)

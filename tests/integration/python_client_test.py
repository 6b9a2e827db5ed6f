"""The public API from Python: stubs made from the published .proto files, the
errors decoded with Google's own classes, health and reflection as other tools
use them. See python_api.py for what it needs.
"""

import json
import pathlib

from python_api import SERVICES, ApiTest, details_of, main, picture, skip

try:
    import grpc
    from grpc_health.v1 import health_pb2, health_pb2_grpc
    from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
except ImportError as error:
    skip(f"a Python package is missing: {error}")


class PythonClientTest(ApiTest):
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
    main()

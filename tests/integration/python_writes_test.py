"""Writes from Python: repeated safely, under conditions, in batches, and by the
`likeness item` command. See python_api.py for what it needs.
"""

import json

from python_api import ApiTest, details_of, main, picture, skip

try:
    import grpc
except ImportError as error:
    skip(f"a Python package is missing: {error}")


class PythonWritesTest(ApiTest):
    def test_writes_that_are_safe_to_repeat(self):
        items, types = self.pb["items"], self.pb["types"]
        self.make_collection("safe")
        put = items.UpsertItemRequest(
            collection="safe",
            item=types.Item(id="a"),
            picture=picture(1),
            if_absent=True,
            request_id="first",
        )
        first = self.items.UpsertItem(put)
        self.assertEqual(first.outcome, items.WRITE_OUTCOME_CREATED)
        self.assertEqual(self.items.UpsertItem(put), first)
        put.request_id = "second"
        with self.assertRaises(grpc.RpcError) as failure:
            self.items.UpsertItem(put)
        self.assertEqual(failure.exception.code(), grpc.StatusCode.ALREADY_EXISTS)
        self.assertEqual(
            details_of(failure.exception)["ErrorInfo"].reason, "ITEM_EXISTS"
        )

        update = items.UpdateItemMetadataRequest(
            collection="safe", id="a", if_op_id=first.op_id
        )
        update.set["colour"].string_value = "green"
        update.ttl.FromSeconds(3600)
        done = self.items.UpdateItemMetadata(update)
        with self.assertRaises(grpc.RpcError) as failure:
            self.items.UpdateItemMetadata(update)
        self.assertEqual(failure.exception.code(), grpc.StatusCode.ABORTED)
        item = self.items.GetItem(
            items.GetItemRequest(collection="safe", id="a")
        ).item
        self.assertEqual(item.op_id, done.op_id)
        self.assertEqual(item.metadata["colour"].string_value, "green")
        self.assertEqual(
            item.expire_time.ToNanoseconds() - item.update_time.ToNanoseconds(),
            3600 * 10**9,
        )

    def test_batches_answer_for_each_item(self):
        items, types = self.pb["items"], self.pb["types"]
        self.make_collection("batches")
        answer = self.items.UpsertItems(
            items.UpsertItemsRequest(
                collection="batches",
                requests=[
                    items.UpsertItemRequest(item=types.Item(id=name), picture=data)
                    for name, data in [
                        ("a", picture(1)), ("b", b"no picture"), ("c", picture(2))
                    ]
                ],
            )
        )
        kinds = [result.WhichOneof("result") for result in answer.results]
        self.assertEqual(kinds, ["done", "error", "done"])
        self.assertEqual(answer.results[1].error.reason, "NOT_A_PICTURE")
        got = self.items.GetItems(
            items.GetItemsRequest(collection="batches", ids=["c", "b", "a"])
        )
        self.assertEqual([item.id for item in got.items], ["c", "a"])
        self.assertEqual(got.missing_ids, ["b"])
        gone = self.items.DeleteItems(
            items.DeleteItemsRequest(collection="batches", ids=["a", "b", "c"])
        )
        self.assertEqual([op > 0 for op in gone.op_ids], [True, False, True])

    def test_the_program_shows_changes_and_deletes_items(self):
        self.make_collection("single")
        self.upsert("single", "a", picture(1), colour="red")
        at = ["--collection", "single", "--json"]
        set_ = self.ask_with_the_program("item", "set", "a", "size=3", *at)
        self.assertEqual(set_.returncode, 0, set_.stderr)
        self.assertTrue(json.loads(set_.stdout)["changed"])
        got = self.ask_with_the_program("item", "get", "a", *at)
        item = json.loads(got.stdout)["items"][0]
        self.assertEqual(item["metadata"], {"colour": "red", "size": 3})
        gone = self.ask_with_the_program("item", "delete", "a", "b", *at)
        self.assertEqual(json.loads(gone.stdout)["absent"], ["b"])
        got = self.ask_with_the_program("item", "get", "a", *at)
        self.assertEqual(got.returncode, 3)


if __name__ == "__main__":
    main()

"""Searches from Python: pages, groups, examples and items left out, held
against angles in a plane. See python_api.py for what it needs.
"""

import json
import math
import pathlib

from python_api import ApiTest, details_of, main, picture, skip

try:
    import grpc
except ImportError as error:
    skip(f"a Python package is missing: {error}")


class PythonSearchTest(ApiTest):
    def make_plane(self, name):
        space = self.pb["types"].SPACE_SIMILAR
        self.collections.CreateCollection(
            self.pb["collections"].CreateCollectionRequest(
                name=name, vector_spaces=[{"space": space, "dimensions": 2}]
            )
        )

    def vector(self, angle):
        radians = math.radians(angle)
        return self.pb["types"].Vector(
            space=self.pb["types"].SPACE_SIMILAR,
            values=[math.cos(radians), math.sin(radians)],
        )

    def put(self, name, angles, tens=False):
        """Items that are called by the angles of their vectors."""
        items = self.pb["items"]
        requests = []
        for angle in angles:
            item = self.pb["types"].Item(id=str(angle))
            if tens:
                item.metadata["tens"].int_value = angle // 10
            vectors = items.Vectors(vectors=[self.vector(angle)])
            requests.append(items.UpsertItemRequest(item=item, vectors=vectors))
        self.items.UpsertItems(
            items.UpsertItemsRequest(collection=name, requests=requests)
        )

    def delete(self, name, *ids):
        self.items.DeleteItems(
            self.pb["items"].DeleteItemsRequest(collection=name, ids=ids)
        )

    def ask(self, **fields):
        return self.search.Search(self.pb["search"].SearchRequest(**fields))

    def ids(self, **fields):
        return [hit.item.id for hit in self.ask(**fields).hits]

    def refusal(self, **fields):
        """The code, reason and field of a search that fails."""
        with self.assertRaises(grpc.RpcError) as failure:
            self.ask(**fields)
        details = details_of(failure.exception)
        (violation,) = details["BadRequest"].field_violations
        reason = details["ErrorInfo"].reason
        return failure.exception.code(), reason, violation.field

    def test_pages_are_the_range_while_items_come_and_go(self):
        self.make_plane("pages")
        self.put("pages", range(0, 100, 2))
        request = {
            "collection": "pages",
            "vector": self.vector(0),
            "min_similarity": math.cos(math.radians(60.5)),
            "paged": True,
            "k": 7,
        }
        found, token, pages = [], "", 0
        while True:
            page = self.ask(page_token=token, **request)
            self.assertTrue(page.exact)
            found += [hit.item.id for hit in page.hits]
            token = page.next_page_token
            if not token:
                break
            pages += 1
            # One was given, one is yet to come; and one is new.
            self.delete("pages", str(2 * pages), str(40 + 2 * pages))
            self.put("pages", [50 + pages / 16])
        gone = ("42", "44", "46")
        expected = [str(a) for a in range(0, 62, 2) if str(a) not in gone]
        self.assertEqual(found, expected)
        self.assertEqual(pages, 3)

    def test_a_token_is_of_one_request(self):
        self.make_plane("tokens")
        self.put("tokens", range(20))
        request = {"collection": "tokens", "vector": self.vector(0), "paged": True}
        token = self.ask(k=5, **request).next_page_token
        self.assertEqual(
            self.ids(k=3, page_token=token, **request), ["5", "6", "7"]
        )
        self.assertEqual(
            self.refusal(page_token=token, filter='item.id = "1"', **request),
            (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", "page_token"),
        )

    def test_groups_and_exclusions(self):
        self.make_plane("groups")
        self.put("groups", range(0, 90, 3), tens=True)
        self.put("groups", [25.5])
        request = {"collection": "groups", "vector": self.vector(25)}
        answer = self.ask(group_by="tens", k=5, **request)
        self.assertEqual(
            [hit.item.id for hit in answer.hits], ["25.5", "24", "30", "18", "9"]
        )
        self.assertTrue(answer.groups_complete)
        answer = self.ask(group_by="tens", group_size=2, k=3, **request)
        self.assertEqual(
            [hit.item.id for hit in answer.hits], ["25.5", "24", "27", "30", "33"]
        )
        answer = self.ask(group_by="tens", k=100, **request)
        self.assertEqual(len(answer.hits), 10)
        self.assertTrue(answer.groups_complete)
        self.assertEqual(
            self.ids(exclude_item_ids=["25.5", "24", "nobody"], k=2, **request),
            ["27", "21"],
        )
        self.assertEqual(
            self.refusal(group_by="ten", **request),
            (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", "group_by"),
        )
        self.assertEqual(
            self.refusal(min_precision=0.9, **request),
            (grpc.StatusCode.FAILED_PRECONDITION, "NOT_CALIBRATED", "min_precision"),
        )

    def test_examples(self):
        self.make_plane("examples")
        self.put("examples", range(0, 90, 3))
        search = self.pb["search"]

        def ask(k, positives, negatives=(), **fields):
            def examples(given):
                return [
                    search.Example(item_id=one)
                    if isinstance(one, str)
                    else search.Example(vector=self.vector(one))
                    for one in given
                ]

            return self.ids(
                collection="examples",
                k=k,
                examples=search.Examples(
                    positives=examples(positives),
                    negatives=examples(negatives),
                    **fields,
                ),
            )

        between = ask(100, ["30", "60"])
        self.assertEqual(between[0], "45")
        self.assertEqual(len(between), 28)
        # Away from 0 degrees: what is left of 45 points to 112.5.
        self.assertEqual(ask(1, [45], [0], negative_weight=1), ["87"])
        best = search.EXAMPLE_RULE_BEST
        self.assertEqual(
            set(ask(4, [0, 87], rule=best)), {"0", "87", "3", "84"}
        )
        cancelled = search.Examples(
            positives=[search.Example(vector=self.vector(10))],
            negatives=[search.Example(vector=self.vector(10))],
            negative_weight=1,
        )
        self.assertEqual(
            self.refusal(collection="examples", examples=cancelled),
            (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD", "examples"),
        )

    def test_the_program_asks_for_all_of_it(self):
        self.make_collection("album")
        folder = pathlib.Path(self.folder.name)
        for seed in range(8):
            colour = "green" if seed % 2 else "red"
            self.upsert("album", f"item{seed}", picture(seed), colour=colour)
            (folder / f"{seed}.jpg").write_bytes(picture(seed))

        def answer(*arguments):
            result = self.ask_with_the_program(
                "search", *arguments, "--collection", "album", "--json"
            )
            self.assertEqual(result.returncode, 0, result.stderr)
            return json.loads(result.stdout)

        several = answer(
            folder / "1.jpg", folder / "2.jpg", "--rule", "best", "--all",
            "--exclude", "item5", "--exclude", "item6",
        )
        ids = [hit["id"] for hit in several["hits"]]
        self.assertEqual(set(ids[:2]), {"item1", "item2"})
        self.assertEqual(len(ids), 6)
        grouped = answer(folder / "1.jpg", "--group-by", "colour")
        self.assertTrue(grouped["groups_complete"])
        self.assertEqual([hit["group"] for hit in grouped["hits"]], ["green", "red"])
        several = answer(
            folder / "1.jpg", "--group-by", "colour", "--group-size", "2"
        )
        self.assertEqual(
            [hit["group"] for hit in several["hits"]],
            ["green", "green", "red", "red"],
        )
        away = answer("--item", "item1", "--not-item", "item3", "-k", "1000")
        self.assertNotIn("item3", [hit["id"] for hit in away["hits"]])
        self.assertEqual(len(away["hits"]), 6)


if __name__ == "__main__":
    main()

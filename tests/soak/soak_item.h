// The items of the soak: everything about one follows from its id, the number
// of its version, and that of the version whose vectors it has, so that whoever
// reads it can tell what it must be.
#ifndef LIKENESS_TESTS_SOAK_SOAK_ITEM_H_
#define LIKENESS_TESTS_SOAK_SOAK_ITEM_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "likeness/v1/collection_service.pb.h"
#include "likeness/v1/item_service.pb.h"
#include "likeness/v1/search_service.pb.h"

namespace likeness::testing {

inline constexpr char kSoakCollection[] = "soak";
inline constexpr std::array kSoakSpaces = {v1::SPACE_SIMILAR, v1::SPACE_COPY};

// Which version of which item. Versions start at 1 and are never given twice; 0
// stands for no item.
struct SoakVersion {
  int id = 0;
  int64_t version = 0;
  // The version that was put; those after it changed its metadata.
  int64_t vectors = 0;
};

v1::CreateCollectionRequest SoakCollectionRequest();

std::string SoakId(int id);
v1::Item SoakItem(SoakVersion of);
// Mostly one, sometimes up to four.
std::vector<v1::Vector> SoakVectors(v1::Space space, SoakVersion of);
v1::UpsertItemRequest SoakUpsert(SoakVersion of);
// Makes `of` of a version with the same vectors.
v1::UpdateItemMetadataRequest SoakPatch(SoakVersion of);
v1::DeleteItemRequest SoakDelete(int id);

// The `k` nearest to the last vector of `of`, found exactly.
v1::SearchRequest SoakSearch(v1::Space space, SoakVersion of, int k);

// Which version `item` says it is; nullopt when it says none, or something of
// it is not as that version was put.
std::optional<SoakVersion> WhichSoakVersion(const v1::Item& item);

// Which of `vectors` (not empty) is nearest to `query`, and its cosine.
struct SoakNearest {
  int index = 0;
  double cosine = -2;
};
SoakNearest Nearest(const v1::Vector& query,
                    const std::vector<v1::Vector>& vectors);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_SOAK_SOAK_ITEM_H_

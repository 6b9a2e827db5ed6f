// Changes of model: types of the engine and the indexer to messages of the
// public API and back; for the service, and for commands that work on a data
// directory themselves.
#ifndef LIKENESS_SERVER_CONVERT_MODEL_H_
#define LIKENESS_SERVER_CONVERT_MODEL_H_

#include <cstddef>
#include <vector>

#include "absl/time/time.h"
#include "engine/collection/collection_set.h"
#include "engine/collection/overlap.h"
#include "engine/store/item.h"
#include "indexer/reembed.h"
#include "likeness/v1/model_service.pb.h"

namespace likeness {

// Everything but what was done for it.
void ToWire(const Generations& generations, v1::ModelChange& wire);

// Everything but the pace.
void ToWire(const ReembedCounts& counts, absl::Duration work_time,
            v1::ReembedProgress& wire);

// `item` has Item::unembedded.
void ToWire(const Item& item, v1::UnembeddedItem& wire);

// What is 0 in `wire` is as by default, except `worst`.
OverlapOptions FromWire(const v1::CompareModelsRequest& wire);

void ToWire(const std::vector<SpaceOverlap>& overlaps,
            v1::CompareModelsResponse& wire);

// Takes examples away, those that differ least first, until `wire` has at most
// `max_bytes`, or none.
void CutExamples(size_t max_bytes, v1::CompareModelsResponse& wire);

}  // namespace likeness

#endif  // LIKENESS_SERVER_CONVERT_MODEL_H_

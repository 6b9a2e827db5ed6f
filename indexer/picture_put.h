#ifndef LIKENESS_INDEXER_PICTURE_PUT_H_
#define LIKENESS_INDEXER_PICTURE_PUT_H_

#include <string>

#include "engine/embed/picture_encoder.h"
#include "engine/store/item.h"
#include "engine/store/metadata_store.h"

namespace likeness {

// The write that stores `picture` as the item `id`: one place for everybody who
// puts pictures into a collection, so that an item looks the same however it
// came. `source` says where the picture came from, `model_id` which bundle made
// its vectors.
Mutation MakePut(std::string id, EncodedPicture picture, Metadata metadata,
                 std::string source, const std::string& model_id);

}  // namespace likeness

#endif  // LIKENESS_INDEXER_PICTURE_PUT_H_

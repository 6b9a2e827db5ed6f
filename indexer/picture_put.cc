#include "indexer/picture_put.h"

#include <utility>

namespace likeness {

Mutation MakePut(std::string id, EncodedPicture picture, Metadata metadata,
                 std::string source, const std::string& model_id) {
  Mutation put;
  put.kind = Mutation::Kind::kPut;
  put.item.id = std::move(id);
  put.item.metadata = std::move(metadata);
  put.item.source = std::move(source);
  put.item.picture = picture.facts;
  put.item.hash = picture.embedding.hash;
  put.item.thumbnail_jpeg = std::move(picture.thumbnail_jpeg);
  put.item.model_id = model_id;
  put.vectors = std::move(picture.embedding.vectors);
  return put;
}

}  // namespace likeness

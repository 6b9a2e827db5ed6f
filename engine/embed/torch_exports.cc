// What the module gives engine/embed/load_embedder.cc.
#include "engine/embed/torch_embedder.h"

extern "C" {
extern decltype(likeness::MakeTorchEmbedder)* const kLikenessMakeTorchEmbedder;
decltype(likeness::MakeTorchEmbedder)* const kLikenessMakeTorchEmbedder =
    &likeness::MakeTorchEmbedder;
}

// What the module gives engine/train/load_train.cc.
#include "engine/train/trainer.h"

extern "C" {
extern decltype(likeness::Train)* const kLikenessTrain;
decltype(likeness::Train)* const kLikenessTrain = &likeness::Train;
}

// Network inputs made on the spot.
#ifndef LIKENESS_TESTS_UNIT_EMBED_TEST_INPUTS_H_
#define LIKENESS_TESTS_UNIT_EMBED_TEST_INPUTS_H_

#include <vector>

#include "engine/image/prepare.h"

namespace likeness::testing {

// Blobs of colour over a gradient, others for each `seed`: unlike noise, it
// drives the network through its usual range.
NetworkInput Picture(int seed, int side = 224);

// Picture(0), Picture(1), ...
std::vector<NetworkInput> Pictures(int count);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_EMBED_TEST_INPUTS_H_

// Data sets without files, for what never opens a picture.
#ifndef LIKENESS_TESTS_UNIT_TRAIN_TEST_SETS_H_
#define LIKENESS_TESTS_UNIT_TRAIN_TEST_SETS_H_

#include <vector>

#include "engine/dataset/dataset.h"

namespace likeness::testing {

// Class i has sizes[i] pictures, the first of which is of the group "iconic",
// the others "natural". `unlabelled` pictures without a class come last.
DataSet MakeClasses(const std::vector<int>& sizes, int unlabelled = 0);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_TRAIN_TEST_SETS_H_

// Random metadata and random filters over it, for tests against Matches.
#ifndef LIKENESS_TESTS_UNIT_FILTER_RANDOM_FILTERS_H_
#define LIKENESS_TESTS_UNIT_FILTER_RANDOM_FILTERS_H_

#include <string>
#include <vector>

#include "engine/core/bitmap.h"
#include "engine/core/metadata.h"
#include "engine/core/random.h"
#include "engine/filter/field_index.h"
#include "engine/filter/filter.h"

namespace likeness::testing {

// A few fields of each type, common and rare values, fields of several types
// and absent ones, numbers next to where doubles round, long texts.
Metadata RandomMetadata(Random& random);

// An expression over the same fields and values, and some that no item has.
// At most `depth` operations above a comparison.
std::string RandomFilter(Random& random, int depth);

// The index of `rows`, row i being rows[i].
FieldIndex IndexOf(const std::vector<Metadata>& rows);

// Expects that `index` says of each row what Matches says. `trace` goes before
// the message.
void ExpectSameAsMatches(const FieldIndex& index,
                         const std::vector<Metadata>& rows,
                         const std::string& filter, const std::string& trace);

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_FILTER_RANDOM_FILTERS_H_

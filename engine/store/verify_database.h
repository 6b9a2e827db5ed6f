#ifndef LIKENESS_ENGINE_STORE_VERIFY_DATABASE_H_
#define LIKENESS_ENGINE_STORE_VERIFY_DATABASE_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "engine/store/database.h"
#include "engine/store/metadata_store.h"
#include "engine/store/verify_report.h"

namespace likeness {

// What was derived from a collection, or from one of its generations.
struct DerivedPart {
  GenerationName name;
  CollectionSpec spec;
  std::shared_ptr<const StoreReader> store;  // What it was derived from.
  std::string folder;                        // Where it lies.
};

// Compares it with the store, and tells with VerifyReport::AddDerived what is
// wrong.
using DerivedVerifier =
    std::function<void(const DerivedPart& part, VerifyReport& report)>;

// Reads every byte of the database in the data directory or snapshot `folder`,
// checks every checksum, and compares the records with each other: a log
// without gaps; for each item that it leaves an id, an item record and vectors
// that agree with it, and no others; the counts of each collection. While the
// model of one is being changed, that is so for both generations. Then calls
// `derived`, if any, for each that is sound. Changes nothing.
//
// Damage is in the report, OK or not; an error means that there was nothing to
// verify: NOT_FOUND, or FAILED_PRECONDITION as Database::Open.
absl::StatusOr<VerifyReport> VerifyDatabase(
    const std::string& folder, const DerivedVerifier& derived = nullptr);

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_VERIFY_DATABASE_H_

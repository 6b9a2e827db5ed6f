// A program that does not link LibTorch, and has no module beside it.
#include "engine/embed/load_embedder.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using testing::BlamesField;
using testing::Fails;

TEST(LoadEmbedderTest, AMissingModuleIsNamedWithWhatToDo) {
  for (const char* words :
       {"/liblikeness_torch.so: ", "install or build likeness anew"}) {
    EXPECT_THAT(MakeUnbatchedEmbedder(ModelBundle(), {}),
                Fails(absl::StatusCode::kFailedPrecondition, words));
    EXPECT_THAT(MakeEmbedder(ModelBundle(), {}),
                Fails(absl::StatusCode::kFailedPrecondition, words));
  }
}

TEST(LoadEmbedderTest, OptionsAndBundleAreReadBeforeTheModuleIsLookedFor) {
  EXPECT_THAT(LoadEmbedder("/no/such/folder", {}),
              Fails(absl::StatusCode::kNotFound, "/no/such/folder"));
  EXPECT_THAT(LoadEmbedder("/no/such/folder",
                           {.torch = {}, .batching = {.workers = -1}}),
              BlamesField("workers"));
}

}  // namespace
}  // namespace likeness

#ifndef LIKENESS_TESTS_UNIT_EMBED_IMAGENET_BUNDLE_H_
#define LIKENESS_TESTS_UNIT_EMBED_IMAGENET_BUNDLE_H_

#include <string>

namespace likeness::testing {

// The bundle of ImageNet weights that the set-up leaves in its cache
// (LIKENESS_DEPS_DIR, by default under the XDG cache); empty when it is not
// there: skip the test then.
std::string ImageNetBundleFolder();

}  // namespace likeness::testing

#endif  // LIKENESS_TESTS_UNIT_EMBED_IMAGENET_BUNDLE_H_

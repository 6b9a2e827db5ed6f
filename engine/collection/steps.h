// Rising numbers as the steps between them, which protobuf writes in few bytes.
#ifndef LIKENESS_ENGINE_COLLECTION_STEPS_H_
#define LIKENESS_ENGINE_COLLECTION_STEPS_H_

#include <vector>

#include "google/protobuf/repeated_field.h"

namespace likeness {

// `numbers` rise strictly.
template <typename T>
void EncodeSteps(const std::vector<T>& numbers,
                 google::protobuf::RepeatedField<T>& steps) {
  steps.Reserve(static_cast<int>(numbers.size()));
  T last = 0;
  for (const T number : numbers) {
    steps.Add(number - last);
    last = number;
  }
}

// The numbers; empty, and false, when they don't rise strictly.
template <typename T>
bool DecodeSteps(const google::protobuf::RepeatedField<T>& steps,
                 std::vector<T>& numbers) {
  numbers.clear();
  numbers.reserve(static_cast<size_t>(steps.size()));
  T last = 0;
  for (const T step : steps) {
    const T next = static_cast<T>(last + step);
    if (!numbers.empty() && next <= last) {
      numbers.clear();
      return false;
    }
    numbers.push_back(next);
    last = next;
  }
  return true;
}

}  // namespace likeness

#endif  // LIKENESS_ENGINE_COLLECTION_STEPS_H_

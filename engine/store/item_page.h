// Items as they are read.
#ifndef LIKENESS_ENGINE_STORE_ITEM_PAGE_H_
#define LIKENESS_ENGINE_STORE_ITEM_PAGE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "engine/store/item.h"

namespace likeness {

// An item as one operation wrote it.
struct ItemVersion {
  std::string id;
  uint64_t op_id = 0;
};

// Which part of an item a read needs; what is not asked for stays empty.
struct ReadParts {
  bool thumbnail = false;
};

struct ItemPage {
  std::vector<Item> items;
  std::string next_id;  // Where the next page starts; empty on the last.
};

}  // namespace likeness

#endif  // LIKENESS_ENGINE_STORE_ITEM_PAGE_H_

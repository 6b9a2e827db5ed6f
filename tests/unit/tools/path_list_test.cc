#include "tools/path_list.h"

#include <fstream>

#include "tests/support/status_matchers.h"
#include "tests/support/test_files.h"

namespace likeness {
namespace {

TEST(PathListTest, LinesEndAsUnixOrWindowsEndsThem) {
  const testing::TempDir dir;
  const std::string list = dir.File("list");
  std::ofstream(list, std::ios::binary)
      << "a b.jpg\r\n\r\n\n/c\rd.jpg\n e.jpg \r\nlast.jpg\r";
  std::vector<std::string> paths = {"first.jpg"};
  ASSERT_OK(AppendPathList(list, paths));
  EXPECT_EQ(paths,
            (std::vector<std::string>{"first.jpg", "a b.jpg", "/c\rd.jpg",
                                      " e.jpg ", "last.jpg"}));
}

TEST(PathListTest, AMissingListIsNamed) {
  std::vector<std::string> paths;
  EXPECT_THAT(AppendPathList("/no/such/list", paths),
              testing::Fails(absl::StatusCode::kNotFound, "/no/such/list"));
}

}  // namespace
}  // namespace likeness

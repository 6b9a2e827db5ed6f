#include "engine/report/report.h"

#include "engine/report/escape.h"
#include "tests/support/status_matchers.h"

namespace likeness {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ReportPage PageWith(ReportPicture query) {
  ReportPage page;
  page.title = "Title";
  page.sections.push_back({.heading = "Heading",
                           .text = "",
                           .rows = {{std::move(query), {}}},
                           .table = {},
                           .charts = {}});
  return page;
}

TEST(ReportTest, TextsOfStrangersStayTexts) {
  ReportPicture picture;
  picture.caption = "<script>alert(1)</script>";
  picture.detail = "\" onload='x' & \xFF.jpg";
  picture.badge = "<b>";
  ASSERT_OK_AND_ASSIGN(const std::string html, RenderReport(PageWith(picture)));
  EXPECT_THAT(html, Not(HasSubstr("<script")));
  EXPECT_THAT(html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_THAT(html,
              HasSubstr("&quot; onload=&#39;x&#39; &amp; \xEF\xBF\xBD.jpg"));
}

TEST(ReportTest, EscapingKeepsOtherScripts) {
  EXPECT_EQ(EscapeHtml("größe 靴 👟"), "größe 靴 👟");
  EXPECT_EQ(EscapeHtml(""), "");
}

TEST(ReportTest, LoadsNothingFromElsewhere) {
  ReportPicture picture;
  picture.jpeg = "\xFF\xD8jpeg";
  ASSERT_OK_AND_ASSIGN(const std::string html, RenderReport(PageWith(picture)));
  EXPECT_THAT(html, HasSubstr("src=\"data:image/jpeg;base64,/9hqcGVn\""));
  EXPECT_THAT(html, Not(HasSubstr("http")));
  EXPECT_THAT(html, Not(HasSubstr("url(")));
}

TEST(ReportTest, RefusesAPageThatABrowserWouldChokeOn) {
  ReportPicture picture;
  picture.jpeg = std::string(kMaxReportBytes, 'x');
  EXPECT_THAT(
      RenderReport(PageWith(picture)),
      testing::Fails(absl::StatusCode::kResourceExhausted, "fewer pictures"));
}

TEST(ReportTest, ARowWithoutAnswersSaysSo) {
  ASSERT_OK_AND_ASSIGN(const std::string html, RenderReport(PageWith({})));
  EXPECT_THAT(html, HasSubstr("Nothing was found"));
}

}  // namespace
}  // namespace likeness

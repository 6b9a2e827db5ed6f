#include "engine/evaluate/principal_components.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "engine/core/error.h"
#include "engine/core/parallel.h"
#include "engine/core/random.h"

namespace likeness {
namespace {

constexpr int kSpare = 16;  // Vectors beyond those asked for.
constexpr int kIterations = 12;
constexpr uint64_t kSeed = 1;

std::vector<float> MeanRow(const UnitRows& rows) {
  std::vector<double> sum(static_cast<size_t>(rows.dimensions), 0.0);
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j < sum.size(); ++j) sum[j] += rows[i][j];
  }
  std::vector<float> mean(sum.size());
  for (size_t j = 0; j < sum.size(); ++j) {
    mean[j] = static_cast<float>(sum[j] / static_cast<double>(rows.size()));
  }
  return mean;
}

UnitRows Centred(const UnitRows& rows, const std::vector<float>& mean) {
  UnitRows centred = rows;
  for (size_t i = 0; i < centred.values.size(); ++i) {
    centred.values[i] -= mean[i % mean.size()];
  }
  return centred;
}

UnitRows Transposed(const UnitRows& rows) {
  const auto width = static_cast<size_t>(rows.dimensions);
  UnitRows columns{.dimensions = static_cast<int>(rows.size()),
                   .values = std::vector<float>(rows.values.size())};
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t j = 0; j < width; ++j) {
      columns.values[j * rows.size() + i] = rows[i][j];
    }
  }
  return columns;
}

// [a.size(), b.size()]: the inner product of each row of `a` with each of `b`.
UnitRows Products(const UnitRows& a, const UnitRows& b) {
  UnitRows products{.dimensions = static_cast<int>(b.size()),
                    .values = std::vector<float>(a.size() * b.size())};
  ParallelFor(a.size(), /*threads=*/0, [&](size_t i) {
    Similarities(
        b, a[i],
        absl::MakeSpan(products.values).subspan(i * b.size(), b.size()));
  });
  return products;
}

// Makes the rows orthonormal, each with respect to those before it (modified
// Gram and Schmidt, twice, since once leaves float32's rounding).
void Orthonormalize(UnitRows& rows) {
  const auto width = static_cast<size_t>(rows.dimensions);
  const auto row = [&](size_t i) {
    return absl::MakeSpan(rows.values).subspan(i * width, width);
  };
  for (size_t i = 0; i < rows.size(); ++i) {
    for (int pass = 0; pass < 2; ++pass) {
      for (size_t j = 0; j < i; ++j) {
        const float part = InnerProduct(rows[i], rows[j]);
        for (size_t k = 0; k < width; ++k) row(i)[k] -= part * rows[j][k];
      }
      NormalizeLength(row(i));
    }
  }
}

double SumOfSquares(const std::vector<float>& values) {
  double sum = 0;
  for (const float value : values) sum += double{value} * double{value};
  return sum;
}

}  // namespace

absl::StatusOr<PrincipalComponents> PrincipalComponents::Fit(
    const UnitRows& rows, int dimensions) {
  if (dimensions <= 0 || dimensions > rows.dimensions ||
      rows.size() <= static_cast<size_t>(dimensions)) {
    return InvalidField("dimensions",
                        absl::StrCat("is ", dimensions, " for ", rows.size(),
                                     " rows of ", rows.dimensions,
                                     ": it takes 1 or more, at most the rows' "
                                     "own, and more rows than that"));
  }
  PrincipalComponents fitted;
  fitted.mean_ = MeanRow(rows);
  const UnitRows centred = Centred(rows, fitted.mean_);
  const UnitRows columns = Transposed(centred);
  // Times the number of rows, which changes no direction; symmetric.
  const UnitRows covariance = Products(columns, columns);
  UnitRows& basis = fitted.basis_;
  basis.dimensions = rows.dimensions;
  Random random(kSeed);
  const int wanted = std::min(dimensions + kSpare, rows.dimensions);
  for (int i = 0; i < wanted * rows.dimensions; ++i) {
    basis.values.push_back(static_cast<float>(random.Normal()));
  }
  Orthonormalize(basis);
  // The rows come out by falling variance, the spare ones last.
  for (int i = 0; i < kIterations; ++i) {
    basis = Products(basis, covariance);
    Orthonormalize(basis);
  }
  basis.values.resize(static_cast<size_t>(dimensions) *
                      static_cast<size_t>(rows.dimensions));
  const double total = SumOfSquares(centred.values);
  fitted.kept_variance_ =
      total > 0 ? SumOfSquares(Products(centred, basis).values) / total : 0;
  return fitted;
}

UnitRows PrincipalComponents::Apply(const UnitRows& rows) const {
  UnitRows projected = Products(Centred(rows, mean_), basis_);
  const auto width = static_cast<size_t>(projected.dimensions);
  for (size_t i = 0; i < projected.size(); ++i) {
    NormalizeLength(absl::MakeSpan(projected.values).subspan(i * width, width));
  }
  return projected;
}

}  // namespace likeness

// Log-linear bucket arithmetic.
#include "measure/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace load {

std::size_t Histogram::bucketOf(std::uint64_t value) {
  constexpr std::uint64_t kLinear = 1U << kBucketBits;
  if (value < kLinear) return value;
  const auto shift = static_cast<unsigned>(std::bit_width(value)) - 1 - kBucketBits;
  return (static_cast<std::size_t>(shift) << kBucketBits) + (value >> shift);
}

std::uint64_t Histogram::middleOf(std::size_t bucket) {
  constexpr std::size_t kLinear = 1U << kBucketBits;
  if (bucket < 2 * kLinear) return bucket;
  const std::size_t shift = (bucket >> kBucketBits) - 1;
  const std::uint64_t low = (kLinear + (bucket & (kLinear - 1))) << shift;
  return low + (std::uint64_t{1} << (shift - 1));
}

void Histogram::record(std::chrono::nanoseconds value) {
  const auto clamped = static_cast<std::uint64_t>(std::max<std::int64_t>(value.count(), 0));
  ++buckets_[bucketOf(clamped)];
  ++count_;
}

std::chrono::nanoseconds Histogram::percentile(double quantile) const {
  if (count_ == 0) return {};
  const auto wanted = static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  std::size_t bucket = 0;
  for (; bucket < kBuckets; ++bucket) {
    seen += buckets_[bucket];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) break;
  }
  return std::chrono::nanoseconds(middleOf(bucket));
}

}  // namespace load

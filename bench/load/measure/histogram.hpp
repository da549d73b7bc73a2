// Latencies in constant memory: log-linear buckets, so that a percentile is right to 1.6 % over
// the whole range from a nanosecond to minutes. Recording is an index and an increment.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace load {

class Histogram {
 public:
  void record(std::chrono::nanoseconds value);

  std::uint64_t count() const { return count_; }
  /// The value below which the share `quantile` (0 to 1) of all recorded values lies; zero when
  /// nothing was recorded.
  std::chrono::nanoseconds percentile(double quantile) const;

 private:
  // Values below 64 have a bucket each; above, every power of two is cut into 64 buckets.
  static constexpr unsigned kBucketBits = 6;
  static constexpr std::size_t kBuckets = (64 - kBucketBits + 1) << kBucketBits;

  static std::size_t bucketOf(std::uint64_t value);
  static std::uint64_t middleOf(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace load

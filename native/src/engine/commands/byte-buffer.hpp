// Bytes that grow at the end, in memory that is not cleared first: a batch's texts are written
// once. Owner: a Batch::Block.
#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace beastio {

class ByteBuffer {
 public:
  std::size_t size() const { return size_; }
  std::size_t capacity() const { return capacity_; }
  std::string_view view() const { return {data_.get(), size_}; }

  /// Room for `length` more bytes, whose contents are the caller's to write.
  char* extend(std::size_t length) {
    if (length > capacity_ - size_) grow(size_ + length);
    return data_.get() + std::exchange(size_, size_ + length);
  }

  /// `bytes` may not be of this buffer.
  void append(std::string_view bytes) {
    if (!bytes.empty()) std::memcpy(extend(bytes.size()), bytes.data(), bytes.size());
  }

  /// Appends what stands at `offset`.
  void appendOwn(std::size_t offset, std::size_t length) {
    char* const target = extend(length);
    std::copy_n(data_.get() + offset, length, target);
  }

  void shrink(std::size_t size) {
    assert(size <= size_);
    size_ = size;
  }

 private:
  static constexpr std::size_t kLeastBytes = 256;

  void grow(std::size_t needed) {
    const auto capacity = std::max({needed, 2 * capacity_, kLeastBytes});
    auto data = std::make_unique_for_overwrite<char[]>(capacity);
    std::copy_n(data_.get(), size_, data.get());
    data_ = std::move(data);
    capacity_ = capacity;
  }

  std::unique_ptr<char[]> data_{};
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace beastio

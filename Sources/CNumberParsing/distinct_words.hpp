// The distinct texts of a column of a table, in a hash table.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "slope_table_parsing.h"

namespace slope {

inline uint64_t mixed(uint64_t a, uint64_t b) {
  const __uint128_t product = static_cast<__uint128_t>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

template <typename Integer>
inline Integer loaded(const char *bytes) {
  Integer integer;
  std::memcpy(&integer, bytes, sizeof integer);
  return integer;
}

// A hash of bytes, multiplied and folded eight at a time (as wyhash does). The seed differs from
// process to process, so that no file can be made of words that collide.
inline const uint64_t hash_seed =
    mixed(reinterpret_cast<uint64_t>(&hash_seed) ^ 0x9E3779B97F4A7C15, 0xA0761D6478BD642F) | 1;

inline uint64_t hash_of(const char *text, size_t count) {
  uint64_t hash = hash_seed ^ count;
  if (count >= 8) {
    const char *const last = text + count - 8;  // may overlap the eight before
    for (; text < last; text += 8) hash = mixed(hash ^ loaded<uint64_t>(text), 0xE7037ED1A0B428DB);
    return mixed(hash ^ loaded<uint64_t>(last), 0x8EBC6AF09C88C6E3);
  }
  uint64_t word = 0;
  if (count >= 4) {
    word = loaded<uint32_t>(text) | uint64_t(loaded<uint32_t>(text + count - 4)) << 32;
  } else {
    for (size_t index = 0; index < count; ++index) word = word << 8 | uint8_t(text[index]);
  }
  return mixed(hash ^ word, 0x8EBC6AF09C88C6E3);
}

// Whether two texts of `count` bytes are equal. Most are short: no call.
inline bool are_equal(const char *a, const char *b, size_t count) {
  if (count < 8) {
    for (size_t index = 0; index < count; ++index) {
      if (a[index] != b[index]) return false;
    }
    return true;
  }
  const size_t last = count - 8;  // may overlap the eight before
  for (size_t index = 0; index < last; index += 8) {
    if (loaded<uint64_t>(a + index) != loaded<uint64_t>(b + index)) return false;
  }
  return loaded<uint64_t>(a + last) == loaded<uint64_t>(b + last);
}

// Copies of texts, which stay where they are.
class Texts {
 public:
  const char *keep(const char *text, size_t count) {
    if (count > free_) {
      free_ = std::max(count, std::min(size_t(4096) << blocks_.size(), size_t(1) << 20));
      blocks_.push_back(std::make_unique<char[]>(free_));
      next_ = blocks_.back().get();
    }
    char *const kept = next_;
    std::memcpy(kept, text, count);
    next_ += count;
    free_ -= count;
    return kept;
  }

 private:
  std::vector<std::unique_ptr<char[]>> blocks_;
  char *next_ = nullptr;
  size_t free_ = 0;
};

// The distinct words of a column, numbered in the order of their first cells.
class Words {
 public:
  size_t count() const { return words_.size(); }
  const slope_word &operator[](size_t index) const { return words_[index]; }

  uint64_t hash(size_t index) const { return hashes_[index]; }
  // Whether a word has a byte that is NUL or not ASCII.
  bool has_other_bytes() const { return has_other_bytes_; }

  // The number of a word, whose bytes are copied to `texts` if it is new.
  uint64_t number_of(const char *text, size_t count, size_t line, Texts &texts) {
    if (slots_.empty()) slots_.resize(16);
    const uint64_t hash = hash_of(text, count);
    size_t place = hash & (slots_.size() - 1);
    for (; slots_[place].number != 0; place = (place + 1) & (slots_.size() - 1)) {
      if (slots_[place].hash != static_cast<uint32_t>(hash >> 32)) continue;
      const size_t index = slots_[place].number - 1;
      if (words_[index].count == count && are_equal(words_[index].text, text, count)) return index;
    }
    words_.push_back({texts.keep(text, count), count, line});
    for (size_t index = 0; index < count; ++index) {
      has_other_bytes_ |= static_cast<signed char>(text[index]) <= 0;
    }
    hashes_.push_back(hash);
    put(words_.size() - 1, place);
    if (words_.size() * 2 > slots_.size()) grow();
    return words_.size() - 1;
  }

 private:
  // At or after the place of its hash, a word's number plus 1 (0 is free) and half of its hash, so
  // that other words are rarely looked at.
  struct Slot {
    uint32_t number = 0;
    uint32_t hash = 0;
  };

  bool has_other_bytes_ = false;
  std::vector<slope_word> words_;
  std::vector<uint64_t> hashes_;
  std::vector<Slot> slots_;

  void put(size_t index, size_t place) {
    slots_[place] = {
        static_cast<uint32_t>(index + 1), static_cast<uint32_t>(hashes_[index] >> 32)};
  }

  void grow() {
    slots_ = std::vector<Slot>(slots_.size() * 4);
    for (size_t index = 0; index < hashes_.size(); ++index) {
      size_t place = hashes_[index] & (slots_.size() - 1);
      while (slots_[place].number != 0) place = (place + 1) & (slots_.size() - 1);
      put(index, place);
    }
  }
};

// Words with numbers that are chosen.
class NumberedWords {
 public:
  // The number of a word; -1 if it has none.
  int32_t number_of(uint64_t hash, const slope_word &word) const {
    if (slots_.empty()) return -1;
    for (size_t slot = hash & (slots_.size() - 1); slots_[slot] != 0;
         slot = (slot + 1) & (slots_.size() - 1)) {
      const Entry &entry = entries_[slots_[slot] - 1];
      if (entry.hash == hash && entry.count == word.count &&
          are_equal(entry.text, word.text, word.count)) {
        return entry.number;
      }
    }
    return -1;
  }

  // Adds a word that has no number.
  void add(uint64_t hash, const slope_word &word, int32_t number) {
    if ((entries_.size() + 1) * 2 > slots_.size()) grow();
    entries_.push_back({texts_.keep(word.text, word.count), word.count, hash, number});
    place(entries_.size() - 1);
  }

 private:
  struct Entry {
    const char *text;
    size_t count;
    uint64_t hash;
    int32_t number;
  };
  Texts texts_;
  std::vector<Entry> entries_;
  // The index of an entry plus 1, at or after the place of its hash; 0 is free.
  std::vector<uint32_t> slots_;

  void grow() {
    slots_ = std::vector<uint32_t>(slots_.empty() ? 16 : slots_.size() * 4);
    for (size_t index = 0; index < entries_.size(); ++index) place(index);
  }

  void place(size_t index) {
    size_t slot = entries_[index].hash & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<uint32_t>(index + 1);
  }
};

}  // namespace slope

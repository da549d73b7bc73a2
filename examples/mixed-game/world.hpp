// The rules of the game: players that run, coins that they pick up. No sockets and no threads: who
// calls it says what time it is by steps.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <random>
#include <utility>
#include <vector>

namespace game {

/// Where somebody or something is, in units of the arena.
struct Place {
  float x = 0;
  float y = 0;
};

class World {
 public:
  static constexpr float kSize = 1000;
  static constexpr float kSpeed = 180;  ///< units a second
  static constexpr float kReach = 18;   ///< within which a coin is picked up
  static constexpr std::size_t kCoins = 40;

  struct Player {
    bool isHere = false;
    bool hasChanged = false;
    Place place{};
    Place heading{};  ///< of length 1 or 0
    std::uint32_t score = 0;
  };

  explicit World(std::uint32_t seed) : random_(seed) {
    for (std::size_t i = 0; i < kCoins; ++i) coins_.push_back(somewhere());
  }

  /// Lets a player in. Returns the slot.
  std::uint16_t enter() {
    std::size_t slot = 0;
    while (slot < players_.size() && players_[slot].isHere) ++slot;
    if (slot == players_.size()) players_.emplace_back();
    players_[slot] = {.isHere = true, .hasChanged = true, .place = somewhere()};
    return static_cast<std::uint16_t>(slot);
  }
  void leave(std::uint16_t slot) { players_[slot] = {.hasChanged = true}; }
  void head(std::uint16_t slot, float x, float y) {
    const float length = std::hypot(x, y);
    players_[slot].heading = length > 0.01F ? Place{x / length, y / length} : Place{};
  }

  /// Lets time pass. Calls `scored(slot, score)` for each coin that somebody has picked up.
  template <class Scored>
  void step(float seconds, Scored scored) {
    for (std::size_t slot = 0; slot < players_.size(); ++slot) {
      auto& player = players_[slot];
      if (!player.isHere || (player.heading.x == 0 && player.heading.y == 0)) continue;
      player.place.x = std::clamp(player.place.x + player.heading.x * kSpeed * seconds, 0.F, kSize);
      player.place.y = std::clamp(player.place.y + player.heading.y * kSpeed * seconds, 0.F, kSize);
      player.hasChanged = true;
      for (auto& coin : coins_) {
        if (std::hypot(coin.x - player.place.x, coin.y - player.place.y) > kReach) continue;
        coin = somewhere();
        haveCoinsChanged_ = true;
        scored(static_cast<std::uint16_t>(slot), ++player.score);
      }
    }
  }

  /// What has changed since the last call, or all. Little-endian: the count of players, for each
  /// the slot, x and y (65,535: gone), then x and y of all coins, if one has changed.
  std::vector<std::byte> changes(bool all) {
    std::vector<std::byte> bytes;
    std::uint16_t count = 0;
    put(bytes, count);
    for (std::size_t slot = 0; slot < players_.size(); ++slot) {
      auto& player = players_[slot];
      if (!std::exchange(player.hasChanged, false) && !(all && player.isHere)) continue;
      ++count;
      put(bytes, static_cast<std::uint16_t>(slot));
      put(bytes, player.isHere ? scaled(player.place.x) : kGone);
      put(bytes, player.isHere ? scaled(player.place.y) : kGone);
    }
    std::memcpy(bytes.data(), &count, sizeof(count));
    if (std::exchange(haveCoinsChanged_, false) || all) {
      for (const auto coin : coins_) {
        put(bytes, scaled(coin.x));
        put(bytes, scaled(coin.y));
      }
    }
    return bytes;
  }

 private:
  static constexpr std::uint16_t kGone = 65'535;

  static std::uint16_t scaled(float value) {
    return static_cast<std::uint16_t>(std::lround(value * 60));
  }
  static void put(std::vector<std::byte>& bytes, std::uint16_t value) {
    const auto at = bytes.size();
    bytes.resize(at + sizeof(value));
    std::memcpy(bytes.data() + at, &value, sizeof(value));
  }
  Place somewhere() { return {position_(random_), position_(random_)}; }

  std::minstd_rand random_;
  std::uniform_real_distribution<float> position_{0, kSize};
  std::vector<Player> players_;
  std::vector<Place> coins_;
  bool haveCoinsChanged_ = true;
};

}  // namespace game

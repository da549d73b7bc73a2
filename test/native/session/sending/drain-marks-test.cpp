// Marks that come true when what was sent before has been taken.
#include "session/sending/drain-marks.hpp"

#include <catch2/catch.hpp>

using beastio::session::DrainMarks;

TEST_CASE("Marks come true in order", "[drain-marks]") {
  DrainMarks marks;
  marks.add(10);
  marks.add(20);
  marks.add(20);
  CHECK(marks.take(9) == 0);
  CHECK(marks.take(10) == 1);
  CHECK(marks.take(15) == 0);
  CHECK(marks.take(20) == 2);
  CHECK(marks.empty());
}

TEST_CASE("Marks move to another channel", "[drain-marks]") {
  DrainMarks marks;
  marks.add(10);
  marks.add(20);
  marks.move(3);
  CHECK(marks.take(2) == 0);
  CHECK(marks.take(3) == 2);
}

TEST_CASE("Marks may come true together", "[drain-marks]") {
  DrainMarks marks;
  CHECK(marks.takeAll() == 0);
  marks.add(1);
  marks.add(2);
  CHECK(marks.takeAll() == 2);
  CHECK(marks.empty());
}

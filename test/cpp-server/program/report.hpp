// What the program says to the test that has started it: JSON on its standard output, one value a
// line. Runs on: any thread. Order: that of the calls.
#pragma once

#include <beastio/socketio.hpp>
#include <cstdint>
#include <string>
#include <string_view>

namespace beastio::test {

/// Writes { key: value }.
template <class T>
std::string lineOf(std::string_view key, const T& value) {
  socketio::Writer writer;
  writer.beginObject();
  writer.key(key);
  socketio::Codec<T>::write(value, writer);
  writer.endObject();
  return std::string(writer.text());
}

/// Writes a line out, and waits until the system has it.
void writeLine(std::string line);

/// What the application was told. The genuine package's application must say the same.
inline void tell(const std::string& what) { writeLine(lineOf("told", what)); }
/// What only this server reports.
inline void report(const std::string& what) { writeLine(lineOf("report", what)); }

/// Reads a line of the standard input. Returns false at its end. Runs on: the main thread.
bool readLine(std::string& line);

}  // namespace beastio::test

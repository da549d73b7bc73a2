'use strict';

/** The look at a library's symbols (scripts/checks/symbols.js), on lines as nm writes them. */

const { clashingSymbols, strayExports } = require('../../../scripts/checks/symbols');

const OURS = [
  '0000000000000000 T beastio::Engine::stop()',
  '0000000000000010 V vtable for beastio::EngineHandler',
  '0000000000000020 V typeinfo name for beastio::EngineHandler',
  '0000000000000030 T non-virtual thunk to beastio::EngineHandler::onConnection(int)',
].join('\n');

/** Symbols that a static library may have, and a shared one must not show. */
const COPIES = [
  '0000000000000040 W std::vector<int, std::allocator<int> >::~vector()',
  '0000000000000050 u std::_Sp_make_shared_tag::_S_ti()::__tag',
  '0000000000000060 W beastio_boost::beast::http::basic_parser<true>::parse(char const*)',
  '0000000000000070 W std::unique_ptr<beastio_boost::system::error_code>::~unique_ptr()',
].join('\n');

test('what is ours clashes with nothing and is shown', () => {
  const local = '0000000000000000 t boost::asio::local_to_its_file()';
  expect(clashingSymbols(`${OURS}\n${COPIES}\n${local}\n`)).toEqual([]);
  expect(strayExports(`${OURS}\n`)).toEqual([]);
});

test.each([
  'T boost::asio::detail::posix_thread::join()',
  'W boost::asio::detail::posix_thread::join()',
  'V vtable for boost::system::error_category',
  'W std::unique_ptr<boost::asio::io_context>::~unique_ptr()',
  'W void f<::boost::asio::io_context>()',
  'T asio_detail_posix_thread_function',
  'B std::somebody',
  'D beastio_boost::beast::strong',
])('a static library may not have %s', (line) => {
  expect(clashingSymbols(`${OURS}\n0000000000000000 ${line}\n`)).toEqual([line.slice(2)]);
});

test.each(COPIES.split('\n').map((line) => line.slice(17)))(
  'a shared library may not show %s',
  (line) => {
    expect(strayExports(`${OURS}\n0000000000000000 ${line}\n`)).toEqual([line.slice(2)]);
  },
);

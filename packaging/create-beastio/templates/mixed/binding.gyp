{
  'targets': [{
    'target_name': 'counter',
    'sources': ['native/counter.cc'],
    'include_dirs': ['<!(node -p "path.relative(\'.\', require(\'beast.io/native\').include)")'],
    'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': ['-std=c++20'],
  }],
}

{
  'targets': [
    {
      'target_name': 'game',
      'sources': ['game.cc'],
      # In an application of yours: require('beast.io/native').
      'include_dirs': ['<!(node -p "require(\'../../lib/native\').include")'],
      'cflags_cc!': ['-std=gnu++17', '-std=gnu++20'],
      'cflags_cc': ['-std=c++20'],
    },
  ],
}

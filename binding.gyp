# How Node developers build the addon: the engine as a static library, and the thin Node-API layer over it.
# The engine does not see Node's headers and the layer does not see the engine's, so a wrong include cannot compile.
# TLS is a second file, loaded when it is asked for: only that one has symbols of OpenSSL in it, which the executable
# must offer. Bun's and Deno's do not.
{
  'target_defaults': {
    'default_configuration': 'Release',
    # node-gyp's own defaults that do not fit: Boost needs exceptions and typeid, and unused parameters are errors.
    'cflags!': ['-Wno-unused-parameter', '-O3', '-fno-omit-frame-pointer'],
    'cflags_cc!': ['-fno-exceptions', '-fno-rtti', '-std=gnu++17', '-std=gnu++20'],
    'cflags_cc': [
      '-std=c++20',
      '-O2',
      '-fPIC',
      '-fno-plt',
      '-fvisibility=hidden',
      '-fvisibility-inlines-hidden',
      '-ffunction-sections',
      '-fdata-sections',
      '-Wall',
      '-Wextra',
      '-Wconversion',
      '-Werror',
    ],
    # The same for the compiler of macOS, which reads none of the above. Late, as node-gyp's defaults come before.
    'target_conditions': [
      [
        'OS=="mac"',
        {
          'xcode_settings': {
            'MACOSX_DEPLOYMENT_TARGET': '13.3',
            'CLANG_CXX_LANGUAGE_STANDARD': 'c++20',
            'CLANG_CXX_LIBRARY': 'libc++',
            'GCC_ENABLE_CPP_EXCEPTIONS': 'YES',
            'GCC_ENABLE_CPP_RTTI': 'YES',
            'GCC_OPTIMIZATION_LEVEL': '2',
            'GCC_SYMBOLS_PRIVATE_EXTERN': 'YES',
            'DEAD_CODE_STRIPPING': 'YES',
            'WARNING_CFLAGS': ['-Wall', '-Wextra', '-Wconversion', '-Wno-sign-conversion'],
          },
        },
      ],
    ],
    'configurations': {
      'Release': {
        'cflags!': ['-O3', '-fno-omit-frame-pointer'],
        'defines': ['NDEBUG'],
      },
      # For debuggers, with asserts: `npm run setup -- --debug`. A checkout loads it with BEASTIO_ADDON=debug.
      'Debug': {
        'cflags_cc!': ['-O2'],
        'cflags_cc': ['-Og', '-fno-omit-frame-pointer'],
        'defines': ['_GLIBCXX_ASSERTIONS'],
      },
      # For perf: what users get, with frame pointers. `npm run profile` builds and loads it.
      'Profile': {
        'inherit_from': ['Release'],
        'cflags_cc': ['-fno-omit-frame-pointer'],
      },
    },
  },
  'variables': {
    'addon_defines': [
      'NAPI_VERSION=8',
      'NODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
      'NODE_ADDON_API_DISABLE_DEPRECATED',
      # An environment that is being torn down fails every call; that must not abort the process.
      'NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
    ],
    'addon_cflags': [
      # Also as system headers, which exempts them from our warnings.
      '-isystem<(node_root_dir)/include/node',
      '-isystem<(module_root_dir)/node_modules/node-addon-api',
    ],
    'addon_ldflags': [
      # Node unloads an addon with its last worker; live I/O threads would then run unmapped code.
      '-Wl,-z,nodelete',
      '-Wl,--exclude-libs,ALL',
      # A prebuilt binary must not ask for the newest libstdc++: RHEL 9 and Amazon Linux 2023 have an older one.
      '-static-libstdc++',
      # What Beast and libstdc++ bring along unused, with the glibc 2.36 that its random_device asks for.
      '-Wl,--gc-sections',
    ],
  },
  'targets': [
    {
      'target_name': 'core',
      'type': 'static_library',
      'sources': ['<!@(node scripts/native-sources.js core)'],
      'include_dirs/': [['exclude', '.'], ['include', '^native/']],
      'include_dirs': ['native/include', 'native/src'],
    },
    {
      'target_name': 'beastio',
      'dependencies': ['core'],
      'sources': ['<!@(node scripts/native-sources.js addon)'],
      'include_dirs': ['native/include'],
      'defines': ['<@(addon_defines)'],
      'cflags_cc': ['<@(addon_cflags)'],
      'ldflags': ['<@(addon_ldflags)'],
      'conditions': [
        [
          'OS=="mac"',
          {
            'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['<@(addon_cflags)']},
            'libraries': ['-lz'],  # the system's
          },
          # The static zlib, hidden: the node executable exports another one, and Bun and Deno none.
          {'libraries': ['-l:libz.a']},
        ],
      ],
    },
    {
      'target_name': 'beastio-tls',
      'sources': ['<!@(node scripts/native-sources.js tls)'],
      'include_dirs': ['native/include', 'native'],
      'defines': ['<@(addon_defines)', 'OPENSSL_NO_DEPRECATED'],
      # OpenSSL's headers stand beside Node's own: they are those of the library in the executable.
      'cflags_cc': ['<@(addon_cflags)'],
      # Where a symbol is missing, loading must fail, not the first call.
      'ldflags': ['<@(addon_ldflags)', '-Wl,-z,now'],
      'conditions': [
        ['OS=="mac"', {'xcode_settings': {'OTHER_CPLUSPLUSFLAGS': ['<@(addon_cflags)']}}],
      ],
    },
  ],
}

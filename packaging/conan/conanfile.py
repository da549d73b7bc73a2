"""beastio for Conan 2, from the checkout that this file lies in: `conan create packaging/conan`.

It lists what is compiled, what that needs, and what programs link. npm test runs it with a stand-in for Conan
(test/package/recipes.test.js).
"""

import json
import os

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout
from conan.tools.files import copy, load, rmdir

SOURCES = (
    "CMakeLists.txt",
    "LICENSE",
    "package.json",
    "cmake/*",
    "native/sources.txt",
    "native/include/*",
    "native/src/*",
    "native/tls/*",
)


class BeastioConan(ConanFile):
    name = "beastio"
    description = "An Engine.IO and Socket.IO server in C++"
    license = "MIT"
    topics = ("socket.io", "engine.io", "websocket", "server")
    package_type = "library"
    settings = "os", "arch", "compiler", "build_type"
    options = {"shared": [True, False], "fPIC": [True, False], "tls": [True, False]}
    # Of Boost only headers are compiled, and none is left in what is installed.
    default_options = {"shared": False, "fPIC": True, "tls": True, "boost/*:header_only": True}
    implements = ["auto_shared_fpic"]

    @property
    def _top(self):
        return os.path.join(self.recipe_folder, os.pardir, os.pardir)

    def set_version(self):
        manifest = load(self, os.path.join(self._top, "package.json"))
        self.version = json.loads(manifest)["version"]

    def export_sources(self):
        for pattern in SOURCES:
            copy(self, pattern, self._top, self.export_sources_folder)

    def validate(self):
        if self.settings.os != "Linux":
            raise ConanInvalidConfiguration("beastio runs on Linux")
        check_min_cppstd(self, 20)

    def requirements(self):
        self.requires("boost/[>=1.81 <2]", visible=False, libs=False)
        self.requires("zlib/[>=1.2.11 <2]")
        if self.options.tls:
            self.requires("openssl/[>=3 <4]")

    def layout(self):
        cmake_layout(self)

    def generate(self):
        CMakeDeps(self).generate()
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["BEASTIO_TESTS"] = "OFF"
        toolchain.cache_variables["BEASTIO_TLS"] = "ON" if self.options.tls else "OFF"
        toolchain.generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure()
        cmake.build()

    def package(self):
        CMake(self).install()
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        # Conan writes its own from package_info().
        rmdir(self, os.path.join(self.package_folder, "lib", "cmake"))
        rmdir(self, os.path.join(self.package_folder, "lib", "pkgconfig"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "beastio")
        core = self.cpp_info.components["core"]
        core.set_property("cmake_target_name", "beastio::core")
        core.set_property("pkg_config_name", "beastio")
        core.libs = ["beastio"]
        core.requires = ["zlib::zlib"]
        core.system_libs = ["pthread"]
        if self.options.shared:
            core.defines = ["BEASTIO_SHARED"]
        if self.options.tls:
            tls = self.cpp_info.components["tls"]
            tls.set_property("cmake_target_name", "beastio::tls")
            tls.set_property("pkg_config_name", "beastio-tls")
            tls.libs = ["beastio-tls"]
            tls.requires = ["core", "openssl::ssl"]

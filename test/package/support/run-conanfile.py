"""Runs the Conan recipe with a stand-in for Conan, and prints as JSON what it asked for.

run-conanfile.py RECIPE SOURCES OPTION=VALUE…: what the recipe exports is copied to the folder SOURCES.
"""

import fnmatch
import importlib.util
import json
import os
import pathlib
import shutil
import sys
import types

recipe, sources, *settings = sys.argv[1:]
options = dict(setting.split("=") for setting in settings)
told = {"requires": [], "cache": {}, "removed": []}


class Values:
    """Settings and options, as attributes."""

    def __init__(self, values):
        self.__dict__.update(values)


class Component:
    def __init__(self):
        self.properties = {}

    def set_property(self, name, value):
        self.properties[name] = value


class CppInfo(Component):
    def __init__(self):
        super().__init__()
        self.components = Components()


class Components(dict):
    def __missing__(self, name):
        self[name] = Component()
        return self[name]


class ConanFile:
    def __init__(self):
        self.recipe_folder = os.path.dirname(os.path.abspath(recipe))
        self.export_sources_folder = self.source_folder = sources
        self.package_folder = "/package"
        self.settings = Values({"os": "Linux"})
        self.options = Values({name: value == "True" for name, value in options.items()})
        self.cpp_info = CppInfo()

    def requires(self, reference, **traits):
        told["requires"].append({"reference": reference, **traits})


def copy(_conanfile, pattern, source, target):
    """As Conan's: the star of a pattern stands for folders too."""
    top = pathlib.Path(source).resolve()
    fixed = pattern.split("*")[0]
    found = sorted((top / fixed).rglob("*")) if pattern.endswith("*") else [top / fixed]
    files = [file for file in found if file.is_file()]
    told.setdefault("patterns", {})[pattern] = len(files)
    for file in files:
        name = file.relative_to(top)
        assert fnmatch.fnmatch(str(name), pattern), (name, pattern)
        if not str(target).startswith("/package"):
            (pathlib.Path(target) / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, pathlib.Path(target) / name)


class Toolchain:
    def __init__(self, _conanfile):
        self.cache_variables = told["cache"]

    def generate(self):
        pass


class CMake(Toolchain):
    configure = build = install = Toolchain.generate


def module(name, **members):
    made = types.ModuleType(name)
    made.__dict__.update(members)
    sys.modules[name] = made


module("conan", ConanFile=ConanFile)
module("conan.errors", ConanInvalidConfiguration=ValueError)
module("conan.tools")
module("conan.tools.build", check_min_cppstd=lambda _, version: told.update(cppstd=version))
module(
    "conan.tools.cmake",
    CMake=CMake,
    CMakeDeps=Toolchain,
    CMakeToolchain=Toolchain,
    cmake_layout=lambda _: None,
)
module(
    "conan.tools.files",
    copy=copy,
    load=lambda _, path: pathlib.Path(path).read_text(encoding="utf-8"),
    rmdir=lambda _, path: told["removed"].append(path),
)

sys.dont_write_bytecode = True
spec = importlib.util.spec_from_file_location("conanfile", recipe)
loaded = importlib.util.module_from_spec(spec)
spec.loader.exec_module(loaded)
kinds = [kind for kind in vars(loaded).values() if isinstance(kind, type)]
(kind,) = [kind for kind in kinds if issubclass(kind, ConanFile) and kind is not ConanFile]
conanfile = kind()
for step in "set_version export_sources validate requirements layout generate build".split():
    getattr(conanfile, step)()
conanfile.package()
conanfile.package_info()
told["version"] = conanfile.version
told["options"] = {name: kind.default_options[name] for name in kind.options}
told["components"] = {name: vars(info) for name, info in conanfile.cpp_info.components.items()}
print(json.dumps(told))

"""Finding scenario files by name or path, and stacking them: base, extends, mix, set, command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scenarios.loader import Layer, read_file
from scenarios.merge import Merged, command_line, expand, settings_of
from scenarios.problems import Problem, ProblemsError, Spot, did_you_mean, path_text

LIBRARY: Final = Path(__file__).resolve().parent / "library"
FOLDERS: Final = (LIBRARY, LIBRARY / "mixes", LIBRARY / "futures")
BASE: Final = "current_practice"
OWN_KEYS: Final = ("schema", "name", "title", "extends", "mix")
MIX_KEYS: Final = ("schema", "name", "title", "set")


@dataclass(frozen=True, slots=True)
class Stack:
    """What was read for one scenario. `top` is its own file, `mixes` the names of all fragments laid in."""

    name: str
    top: Layer
    mixes: tuple[str, ...]
    merged: Merged


def names(folder: str = "") -> list[str]:
    """The names in a folder of the library ("", "mixes" or "futures"), in order."""
    return sorted(path.stem for path in (LIBRARY / folder).glob("*.yaml"))


def files() -> list[Path]:
    """Every scenario file of the library."""
    return [path for folder in FOLDERS for path in sorted(folder.glob("*.yaml"))]


def shown(path: Path) -> str:
    """How a file is called in messages: from the library, else from the working folder, else in full."""
    for root in (LIBRARY, Path.cwd()):
        if path.resolve().is_relative_to(root):
            return path.resolve().relative_to(root).as_posix()
    return str(path)


def find(name: str, near: Path | None = None, at: Spot | None = None, path: str = "") -> Path:
    """The file of a name, or of a path as seen from the file `near`. Raises ProblemsError at the given spot."""

    def missing(text: str) -> ProblemsError:
        return ProblemsError([Problem.asked(name, text) if at is None else Problem.at(at, path, text)])

    if "/" in name or "\\" in name or name.endswith((".yaml", ".yml")):
        asked = Path(name) if near is None else near.parent / name
        for candidate in (asked, LIBRARY / name):
            if candidate.is_file():
                return candidate
        raise missing("there is no such file" if at is None else f"there is no file {name}")
    for folder in FOLDERS:
        if (folder / f"{name}.yaml").is_file():
            return folder / f"{name}.yaml"
    known = names() + names("mixes") + names("futures")
    what = "unknown scenario" if at is None else f"unknown scenario {name}"
    raise missing(what + did_you_mean(name, known, f"; there are {', '.join(known)}"))


def stack(name: str, overrides: tuple[str, ...] = ()) -> Stack:
    """Read a scenario and everything under it, merged. Raises ProblemsError for what cannot be read."""
    path = find(name)
    reading = _Reading()
    chain = reading.chain(path)
    merged = reading.merged
    base = LIBRARY / f"{BASE}.yaml"
    if chain[0][0].resolve() != base.resolve():
        chain.insert(0, (base, reading.read(base)))
    for link, layer in chain:
        is_base = link.resolve() == base.resolve()
        reading.lay(link, layer, "base" if is_base else "set" if layer is chain[-1][1] else "extends")
    layers, problems = command_line(overrides)
    merged.problems += problems
    for layer in layers:
        _refuse(merged, layer, OWN_KEYS, "cannot be given on the command line")
        merged.lay(layer, "command line")
    return Stack(path.stem, chain[-1][1], tuple(reading.mixes), merged)


class _Reading:
    def __init__(self) -> None:
        self.merged = Merged()
        self.mixes: list[str] = []

    def read(self, path: Path) -> Layer:
        layer, problems = expand(read_file(path, shown(path)))
        self.merged.problems += problems
        if layer.tree.get("set", {}) is None:  # every line below `set:` is commented out
            layer.tree["set"] = {}
        return layer

    def chain(self, path: Path) -> list[tuple[Path, Layer]]:
        """The file and all it extends, weakest first. Raises ProblemsError for a circle."""
        chain = [(path, self.read(path))]
        while (wanted := chain[0][1].tree.get("extends")) is not None:
            here, layer = chain[0]
            spot = layer.spot(("extends",))
            if not isinstance(wanted, str):
                self.merged.problems.append(Problem.at(spot, "extends", "one name or path is meant"))
                break
            parent = find(wanted, here, spot, "extends")
            seen = [link.resolve() for link, _ in chain]
            if parent.resolve() in seen:
                back = seen.index(parent.resolve())
                circle = [link.stem for link, _ in chain[: back + 1]][::-1] + [chain[back][0].stem]
                text = f"extends goes in a circle: {' -> '.join(circle)}"
                raise ProblemsError([Problem.at(spot, "extends", text)])
            chain.insert(0, (parent, self.read(parent)))
        return chain

    def lay(self, path: Path, layer: Layer, name: str) -> None:
        """Lay a file: first the mixes it asks for, then what it sets itself."""
        if layer.tree.get("schema", 1) != 1:
            spot = layer.spot(("schema",))
            self.merged.problems.append(Problem.at(spot, "schema", "only schema 1 is known"))
        for mix in self.fragments(path, layer):
            self.merged.lay(mix, "mix")
        own = {key: value for key, value in layer.tree.items() if key not in OWN_KEYS}
        self.merged.lay(Layer(layer.file, own, layer.keys, layer.values), name)

    def fragments(self, path: Path, layer: Layer) -> list[Layer]:
        """The mixes of one file. Two that set one key are an error: neither is stronger."""
        wanted = layer.tree.get("mix", [])
        spot = layer.spot(("mix",))
        if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
            self.merged.problems.append(Problem.at(spot, "mix", "a list of names is meant, like [rent_settlement]"))
            return []
        layers: list[Layer] = []
        setters: dict[tuple[str, str], tuple[str, Spot]] = {}
        for index, name in enumerate(wanted):
            at = layer.spot(("mix", index))
            mix = self.read(find(name, path, at, path_text(("mix", index))))
            _refuse(self.merged, mix, tuple(set(mix.tree) - set(MIX_KEYS)), "a mix holds only name, title and set")
            for key, spot in settings_of(mix).items():
                if key in setters:
                    other, before = setters[key]
                    text = f"{other} and {name} both set {'.'.join(key)} ({before} and {spot})"
                    self.merged.problems.append(Problem.at(at, path_text(("mix", index)), text))
                setters.setdefault(key, (name, spot))
            layers.append(mix)
            self.mixes.append(name)
        return [Layer(mix.file, {"set": mix.tree["set"]}, mix.keys, mix.values) for mix in layers if "set" in mix.tree]


def _refuse(merged: Merged, layer: Layer, keys: tuple[str, ...], text: str) -> None:
    for key in sorted(set(keys) & set(layer.tree)):
        merged.problems.append(Problem.at(layer.spot((key,), of_key=True), key, text))
        layer.tree.pop(key)


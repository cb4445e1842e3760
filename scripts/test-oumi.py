"""Validates datasets by Oumi's own classes, and their configs by Oumi's own parser: `test-oumi.py <folder>`.

Run by test-oumi.ts. Oumi with all that it asks for takes gigabytes, most of them torch. What is used of it here computes
nothing, so packages that are not installed are replaced by empty stand-ins, for Oumi's own imports alone; nothing of
Oumi itself is replaced.
"""

import abc
import enum
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
import types
from pathlib import Path

# Names in small letters that are classes; all others are modules.
CLASSES = {"dtype", "device"}


# Oumi's own classes have an abstract base beside a stand-in: both need one metaclass.
class Anything(abc.ABCMeta):
    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return stand_in_class(name, cls.__module__)


def stand_in_class(name, module):
    return Anything(name, (), {"__module__": module, "__init__": lambda self, *args, **kwargs: None})


class StandIn(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        is_class = name[0].isupper() or name in CLASSES
        value = (
            stand_in_class(name, self.__name__)
            if is_class
            else importlib.import_module(f"{self.__name__}.{name}")
        )
        setattr(self, name, value)
        return value

    def __call__(self, *args, **kwargs):
        """As a decorator, or as what makes one."""
        return args[0] if len(args) == 1 and callable(args[0]) else lambda function: function


class StandInFinder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Asked last: for what is not installed."""

    def find_spec(self, name, path, target=None):
        root = name.split(".")[0]
        is_known = isinstance(sys.modules.get(root), StandIn)
        if root != "oumi" and (is_known or asks_oumi()):
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec):
        return StandIn(spec.name)

    def exec_module(self, module):
        pass


def asks_oumi():
    """True when the import is one of Oumi's. The others can tell by its failure what they have to do without."""
    frame = sys._getframe(2)
    while frame is not None and "importlib" in frame.f_code.co_filename:
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == "oumi"


sys.meta_path.append(StandInFinder())
if importlib.util.find_spec("peft") is None:
    # An enumeration among the types of Oumi's config; the values are peft's.
    peft_types = StandIn("peft.utils.peft_types")
    peft_types.TaskType = enum.Enum("TaskType", {"CAUSAL_LM": "CAUSAL_LM", "SEQ_CLS": "SEQ_CLS"}, type=str)
    sys.modules["peft.utils.peft_types"] = peft_types
if importlib.util.find_spec("torch") is None:
    # This part of transformers cannot be imported without torch.
    sys.modules["transformers.optimization"] = StandIn("transformers.optimization")

import oumi.datasets  # noqa: E402, F401  (first: Oumi's modules import each other in a circle)
import pandas  # noqa: E402
import pyarrow.parquet  # noqa: E402
from oumi.core.configs import TrainingConfig  # noqa: E402
from oumi.core.configs.params.training_params import TrainerType  # noqa: E402
from oumi.core.datasets.base_dpo_dataset import BaseDpoDataset  # noqa: E402
from oumi.core.datasets.base_kto_dataset import BaseExperimentalKtoDataset  # noqa: E402
from oumi.core.types.conversation import Conversation  # noqa: E402

TRAINERS = {"sft": TrainerType.TRL_SFT, "dpo": TrainerType.TRL_DPO, "kto": TrainerType.TRL_KTO}


def texts(turns):
    return [(turn["role"], turn["content"]) for turn in turns]


def check_sft(row):
    conversation = Conversation.model_validate(row)
    read = [(message.role.value, message.content) for message in conversation.messages]
    assert read == texts(row["messages"]), "Oumi reads other messages"
    assert read[-1][0] == "assistant"


def check_dpo(row):
    dataset = object.__new__(BaseDpoDataset)
    read = dataset.transform_preference(row)
    for name in ("prompt", "chosen", "rejected"):
        assert texts(read[name]) == texts(row[name]), f"Oumi reads another {name}"
        Conversation.model_validate({"messages": read[name]})


def check_kto(row):
    dataset = object.__new__(BaseExperimentalKtoDataset)
    read = dataset.transform(row)
    assert read == {name: row[name] for name in ("prompt", "completion", "label")}
    assert isinstance(read["prompt"], str) and isinstance(read["completion"], str)
    assert type(read["label"]) is bool


CHECKS = {"sft": check_sft, "dpo": check_dpo, "kto": check_kto}


def check_rows(path, kind):
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    for number, row in enumerate(rows, 1):
        try:
            CHECKS[kind](row)
        except Exception as error:
            sys.exit(f"{path.name}, line {number}: {error}")
    # This is how Oumi's preference datasets load a file.
    loaded = pandas.read_json(path, lines=True)
    assert len(loaded) == len(rows), f"{path.name}: pandas sees {len(loaded)} of {len(rows)} rows"
    if kind != "sft":
        for row, (_, read) in zip(rows, loaded.iterrows(), strict=True):
            assert row == {name: plain(value) for name, value in read.items()}, f"{path.name}: {row}"
    return rows


def plain(value):
    return value.item() if hasattr(value, "item") else value


def check_parquet(path, rows):
    """The same rows, by a reader that has nothing to do with the writer."""
    read = pyarrow.parquet.read_table(path).to_pylist()
    for row in read:
        if "metadata" in row:
            row["metadata"] = json.loads(row["metadata"])
    assert read == rows, f"{path.name}: differs from the JSON lines"


def check_config(path, kind):
    config = TrainingConfig.from_yaml(str(path))
    config.finalize_and_validate()
    assert config.training.trainer_type == TRAINERS[kind]
    for split in (config.data.train, config.data.validation):
        for dataset in split.datasets:
            assert Path(dataset.dataset_path).is_file()


def check_refusals(config):
    """What is checked here can fail: the parser and the classes are the real ones."""
    text = config.read_text(encoding="utf-8")
    for bad in (
        text.replace("use_peft: true", "use_pefts: true"),
        text.replace("TRL_", "TRL_X"),
        text.replace("num_train_epochs: 3", "num_train_epochs: many"),
        text.replace(".train.jsonl", ".missing.jsonl"),
    ):
        assert bad != text
        Path("bad.yaml").write_text(bad, encoding="utf-8")
        must_fail(lambda: TrainingConfig.from_yaml("bad.yaml").finalize_and_validate())
    must_fail(lambda: Conversation.model_validate({"messages": [{"role": "teacher", "content": "x"}]}))
    must_fail(lambda: check_kto({"prompt": "a", "completion": "b"}))


def must_fail(call):
    try:
        call()
    except Exception:
        return
    sys.exit("Oumi took what it should refuse: this check proves nothing.")


def main(folder):
    os.chdir(folder)
    manifests = sorted(Path(".").glob("*.manifest.json"))
    assert manifests, "there is no dataset"
    passed = 0
    for path in manifests:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        name, kind = path.name.removesuffix(".manifest.json"), manifest["kind"]
        for side in ("train", "validation"):
            rows = check_rows(Path(f"{name}.{side}.jsonl"), kind)
            assert len(rows) == manifest["rows"][side]["rows"] > 0
            check_parquet(Path(f"{name}.{side}.parquet"), rows)
            print(f"{name}.{side}: {len(rows)} rows are valid, as JSON lines and as Parquet")
            passed += 2
        config = Path(f"{name}.oumi.yaml")
        check_config(config, kind)
        check_refusals(config)
        print(f"{config.name}: valid")
        passed += 1
    print(f"{passed} passed, 0 failed")


main(sys.argv[1])

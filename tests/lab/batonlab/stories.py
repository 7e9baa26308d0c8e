"""The lab's stories by name, and the program that plays them.

Run: python3 -m batonlab.stories FOLDER NAME:KIND1,KIND2 ...   (side by side; each leaves FOLDER/NAME.KIND1.KIND2.json)
"""
import json
import os
import sys
import threading
import time
import traceback

from . import ipvs
from .checks_story import ChecksStory
from .cluster_story import ClusterStory, NatStory
from .netns import LabError
from .pair_story import CopiedStory, GuideStory, PairStory
from .persistence_story import PersistenceStory

#: Seconds between the beginnings of two stories, whose first steps are their costliest.
STAGGER = 2.5
#: {name: (class, forwarding mode)}
STORIES = {"dr": (ClusterStory, "dr"), "nat": (NatStory, "nat"), "tun": (ClusterStory, "tun"),
           "pair": (PairStory, "dr"), "copied": (CopiedStory, "dr"), "guide": (GuideStory, "dr"),
           "checks": (ChecksStory, "dr"), "persistence": (PersistenceStory, "dr")}


def tell(job, folder):
    """Plays 'NAME:KIND1,KIND2' and leaves its facts in the folder."""
    name, kinds = job.split(":")
    cls, mode = STORIES[name]
    start = time.time()
    try:
        facts = cls(mode, kinds.split(",")).play()
    except Exception:  # pylint: disable=broad-except - the cluster could not even be built
        facts = {"broken": traceback.format_exc()}
    path = os.path.join(folder, f"{name}.{kinds.replace(',', '.')}.json")
    with open(path + ".part", "w", encoding="utf-8") as file:
        json.dump(facts, file, indent=1)
    os.rename(path + ".part", path)
    print(f"{job}: {'broken off' if 'broken' in facts else 'played'} in {time.time() - start:.0f} s", flush=True)


def main():
    folder, jobs = sys.argv[1], sys.argv[2:]
    if not ipvs.in_kernel():
        raise LabError("this kernel has no IPVS")
    threads = [threading.Thread(target=tell, args=(job, folder)) for job in jobs]
    for thread in threads:
        thread.start()
        time.sleep(STAGGER)
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()

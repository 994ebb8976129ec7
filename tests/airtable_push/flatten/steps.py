"""Runs dbt several times in one process of the job's environment, which reads its modules only once.

Standard input is a JSON list of command lines; standard output is one JSON list, each the statuses by node.
With the argument `parsed`, the first command is `parse`, and the others go on from what it has read of the project.
With the argument `half`, what dbt lists of a landed schema is as it is while another thread still fills the list: its
first table alone.
"""

import json
import sys

from dbt.adapters.cache import RelationsCache
from dbt.cli.main import dbtRunner

if "half" in sys.argv:
    whole = RelationsCache.get_relations
    RelationsCache.get_relations = lambda self, database, schema: whole(self, database, schema)[
        : 1 if database and database.endswith("_landed") else None
    ]

commands = json.load(sys.stdin)
manifest = dbtRunner().invoke(commands.pop(0)).result if "parsed" in sys.argv else None
answers = []
for command in commands:
    result = dbtRunner(manifest).invoke(command)
    if result.result is None:
        answers.append({"": str(result.exception)})
    else:
        answers.append({one.node.unique_id: str(one.status) for one in result.result.results})
json.dump(answers, sys.stdout)
